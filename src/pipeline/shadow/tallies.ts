import { type Json, isJsonObject } from '../../core/json.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { ShadowDefinition } from './definition.ts';
import { type Sums, addTo } from './sums.ts';

/** Whose the sums are. */
const TALLY_ARMS = ['pairs', 'live', 'candidate'] as const;
export type TallyArm = (typeof TALLY_ARMS)[number];

/** What is compared by one shadow, as long as that does not change. */
interface RunName {
  readonly kind: 'shadow';
  readonly id: string;
  readonly run: string;
}

/** All that a replica has seen in one run. */
export interface ShadowTallyRow extends RunName {
  readonly arm: string;
  /** Shadows have one. */
  readonly step: 0;
  readonly sums: Sums;
}

/** Where sums are kept that outlive this process, and are added up over all. Every call throws storage_unavailable. */
export interface TallyStore {
  /** In place of what this replica wrote before of the same run and arm. */
  save(replica: string, rows: readonly ShadowTallyRow[]): Promise<void>;
  /** Of all replicas that there ever were. */
  of(runs: readonly RunName[]): Promise<readonly { readonly arm: string; readonly sums: Json }[]>;
}

export interface TallyDeps {
  /** This process, for as long as it lives. */
  readonly replica: string;
  readonly store: TallyStore;
  readonly scheduler: Scheduler;
  readonly log: { warn(facts: object, message: string): void };
}

export type Arms = Record<TallyArm, Sums>;

const FLUSH_MS = 5000;
/** Nobody changes what is compared so often; what comes beyond is not counted. */
const MOST_RUNS = 1000;

/** What this process saw, in memory and soon written down. */
export class Tallies {
  readonly #deps: TallyDeps;
  readonly #runs = new Map<string, { readonly id: string; readonly run: string; readonly arms: Arms }>();
  readonly #unwritten = new Set<string>();
  #writing: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(deps: TallyDeps) {
    this.#deps = deps;
  }

  add({ id, run }: Pick<ShadowDefinition, 'id' | 'run'>, arm: TallyArm, sums: Sums): void {
    const key = `${id} ${run}`;
    let known = this.#runs.get(key);
    if (!known) {
      if (this.#runs.size >= MOST_RUNS) return;
      known = { id, run, arms: { pairs: {}, live: {}, candidate: {} } };
      this.#runs.set(key, known);
    }
    addTo(known.arms[arm], sums);
    this.#unwritten.add(key);
    if (!this.#isClosed) this.#cancel ??= this.#deps.scheduler.after(FLUSH_MS, () => this.#flushNow());
  }

  /** Of all replicas, after this one has written what it has. @throws storage_unavailable */
  async read(id: string, run: string): Promise<Arms> {
    await this.flush();
    const arms: Arms = { pairs: {}, live: {}, candidate: {} };
    for (const { arm, sums } of await this.#deps.store.of([{ kind: 'shadow', id, run }])) {
      const own = TALLY_ARMS.find((name) => name === arm);
      if (own && isJsonObject(sums)) addTo(arms[own], sums);
    }
    return arms;
  }

  /** Writes down what is new. @throws storage_unavailable */
  flush(): Promise<void> {
    const next = this.#writing.catch(() => {}).then(() => this.#write());
    this.#writing = next;
    return next;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.flush().catch((err: unknown) => this.#failed(err));
  }

  #flushNow(): void {
    this.#cancel = undefined;
    this.flush().catch((err: unknown) => {
      this.#failed(err);
      if (!this.#isClosed) this.#cancel ??= this.#deps.scheduler.after(FLUSH_MS, () => this.#flushNow());
    });
  }

  #failed(err: unknown): void {
    this.#deps.log.warn({ err }, 'what shadows saw cannot be written down now; it is kept in memory');
  }

  async #write(): Promise<void> {
    const keys = [...this.#unwritten];
    if (keys.length === 0) return;
    this.#unwritten.clear();
    // A copy: more is added while it is written.
    const rows = keys.flatMap((key) => structuredClone(this.#rowsOf(key)));
    try {
      await this.#deps.store.save(this.#deps.replica, rows);
    } catch (thrown) {
      for (const key of keys) this.#unwritten.add(key);
      throw thrown;
    }
  }

  #rowsOf(key: string): ShadowTallyRow[] {
    const known = this.#runs.get(key);
    if (!known) return [];
    const { id, run, arms } = known;
    return TALLY_ARMS.map((arm) => ({ kind: 'shadow', id, run, arm, step: 0, sums: arms[arm] }));
  }
}
