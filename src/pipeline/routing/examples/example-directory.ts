import type { FollowedState } from '../../../storage/revisions/revision-follower.ts';
import { MOST_EXAMPLES } from '../complexity/embedding/classifier.ts';
import type { Judges } from '../judges/judges.ts';
import type { ExampleStore, KeptExample } from './example-store.ts';

/** Clocks of replicas differ by less. */
const OVERLAP_MS = 60_000;

/** Of one virtual model: when each example was changed, epoch milliseconds by id, the oldest first. */
type Known = Map<string, number>;

/** Brings what any replica has learned to the judges of this one. */
export class ExampleDirectory {
  /** For whoever follows the revisions of the database. */
  readonly state: FollowedState;
  readonly #store: Pick<ExampleStore, 'since' | 'counts'>;
  readonly #judges: Pick<Judges, 'learn' | 'forget'>;
  /** By virtual model, of each as many as are kept. */
  readonly #known = new Map<string, Known>();
  #latestMs = 0;

  constructor(store: Pick<ExampleStore, 'since' | 'counts'>, judges: Pick<Judges, 'learn' | 'forget'>) {
    this.#store = store;
    this.#judges = judges;
    this.state = { subject: 'routing_examples', refresh: () => this.#refresh() };
  }

  async #refresh(): Promise<void> {
    const since = new Date(Math.max(0, this.#latestMs - OVERLAP_MS));
    const changed = (await this.#store.since(since, MOST_EXAMPLES)).filter((kept) => this.#isNew(kept));
    const fresh = Map.groupBy(changed, ({ model }) => model);
    const counts = await this.#counts();
    for (const model of new Set([...this.#known.keys(), ...counts.keys()])) {
      const count = counts.get(model) ?? 0;
      // Some were deleted, whatever came after; or another replica's clock is far behind.
      if (this.#known.get(model)?.size !== count) await this.#relearn(model, count);
      else this.#learn(model, fresh.get(model) ?? []);
    }
  }

  async #counts(): Promise<Map<string, number>> {
    const total = new Map<string, number>();
    for (const { model, count } of await this.#store.counts()) total.set(model, (total.get(model) ?? 0) + count);
    return total;
  }

  /** All that there is of one model, and nothing of what was. */
  async #relearn(model: string, count: number): Promise<void> {
    const all = count === 0 ? [] : await this.#store.since(new Date(0), MOST_EXAMPLES, model);
    if (this.#known.delete(model)) this.#judges.forget(model);
    for (const kept of all) this.#isNew(kept);
    this.#learn(model, all);
  }

  #learn(model: string, kept: readonly KeptExample[]): void {
    if (kept.length === 0) return;
    // They are in force some milliseconds later; nobody waits for that.
    void this.#judges.learn(
      model,
      kept.map(({ example }) => example),
    );
  }

  #isNew({ model, example: { id }, updatedAt }: KeptExample): boolean {
    const at = updatedAt.getTime();
    const known = this.#known.get(model) ?? new Map<string, number>();
    this.#known.set(model, known);
    if (known.get(id) === at) return false;
    known.delete(id);
    known.set(id, at);
    const [oldest] = known.keys();
    if (known.size > MOST_EXAMPLES && oldest !== undefined) known.delete(oldest);
    this.#latestMs = Math.max(this.#latestMs, at);
    return true;
  }
}
