import type { FollowedState } from '../../../storage/revisions/revision-follower.ts';
import { MOST_EXAMPLES } from '../complexity/embedding/classifier.ts';
import type { Judges } from '../judges/judges.ts';
import type { ExampleStore, KeptExample } from './example-store.ts';

/** Clocks of replicas differ by less. */
const OVERLAP_MS = 60_000;

/** Brings what any replica has learned to the judges of this one. */
export class ExampleDirectory {
  /** For whoever follows the revisions of the database. */
  readonly state: FollowedState;
  readonly #store: Pick<ExampleStore, 'since' | 'counts'>;
  readonly #judges: Pick<Judges, 'learn' | 'forget' | 'sizeOf'>;
  /** When what is known was changed, by id. */
  #known = new Map<string, number>();
  #latestMs = 0;

  constructor(store: Pick<ExampleStore, 'since' | 'counts'>, judges: Pick<Judges, 'learn' | 'forget' | 'sizeOf'>) {
    this.#store = store;
    this.#judges = judges;
    this.state = { subject: 'routing_examples', refresh: () => this.#refresh() };
  }

  async #refresh(): Promise<void> {
    const counts = await this.#store.counts();
    const total = new Map<string, number>();
    for (const { model, count } of counts) total.set(model, (total.get(model) ?? 0) + count);
    // Whoever deletes deletes all of a model.
    if (this.#models.some((model) => !total.has(model))) this.#forget();
    const since = new Date(Math.max(0, this.#latestMs - OVERLAP_MS));
    const fresh = (await this.#store.since(since, MOST_EXAMPLES)).filter((kept) => this.#isNew(kept));
    const byModel = Map.groupBy(fresh, ({ model }) => model);
    for (const [model, kept] of byModel) {
      // They are in force some milliseconds later; nobody waits for that.
      void this.#judges.learn(
        model,
        kept.map(({ example }) => example),
      );
      this.#learned.add(model);
    }
  }

  readonly #learned = new Set<string>();

  get #models(): string[] {
    return [...this.#learned];
  }

  #forget(): void {
    for (const model of this.#learned) this.#judges.forget(model);
    this.#learned.clear();
    this.#known = new Map();
    this.#latestMs = 0;
  }

  #isNew({ example, updatedAt }: KeptExample): boolean {
    const at = updatedAt.getTime();
    if (this.#known.get(example.id) === at) return false;
    this.#known.set(example.id, at);
    this.#latestMs = Math.max(this.#latestMs, at);
    return true;
  }
}
