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
  save(replica: string, rows: readonly ShadowTallyRow[]): Promise<unknown>;
  /** Of all replicas that there ever were. */
  of(runs: readonly RunName[]): Promise<readonly { readonly arm: string; readonly sums: Json }[]>;
}

type Run = Pick<ShadowDefinition, 'id' | 'run'>;

export interface TallyDeps {
  /** This process, for as long as it lives. */
  readonly replica: string;
  readonly store: TallyStore;
  /** The shadows there are, with the runs that they are in. */
  current(): readonly Run[];
  readonly scheduler: Scheduler;
  readonly log: { warn(facts: object, message: string): void };
}

export type Arms = Record<TallyArm, Sums>;

const FLUSH_MS = 5000;

/** What was seen of one run since it began here. */
interface Seen extends Run {
  /** What is forgotten and then seen again is another's: it would be written in place of what was seen before. */
  readonly replica: string;
  readonly arms: Arms;
}

/** What this process saw of the shadows there are, in memory and soon written down. */
export class Tallies {
  readonly #deps: TallyDeps;
  readonly #runs = new Map<string, Seen>();
  readonly #unwritten = new Set<string>();
  #writing: Promise<void> = Promise.resolve();
  #forgotten = 0;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(deps: TallyDeps) {
    this.#deps = deps;
  }

  /** Of a run that is over, nothing is counted. */
  add({ id, run }: Run, arm: TallyArm, sums: Sums): void {
    const key = keyOf({ id, run });
    const seen = this.#runs.get(key) ?? this.#begin({ id, run });
    if (!seen) return;
    addTo(seen.arms[arm], sums);
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

  #begin({ id, run }: Run): Seen | undefined {
    if (!this.#forgetOthers().has(keyOf({ id, run }))) return undefined;
    const seen = { id, run, replica: this.#replica(), arms: { pairs: {}, live: {}, candidate: {} } };
    this.#runs.set(keyOf(seen), seen);
    return seen;
  }

  /** Of what was deleted, or is compared with something else by now, nothing is kept. @returns what there is */
  #forgetOthers(): ReadonlySet<string> {
    const current = new Set(this.#deps.current().map(keyOf));
    let isAny = false;
    for (const key of this.#runs.keys()) {
      if (current.has(key)) continue;
      this.#runs.delete(key);
      this.#unwritten.delete(key);
      isAny = true;
    }
    if (isAny) this.#forgotten += 1;
    return current;
  }

  #replica(): string {
    const { replica } = this.#deps;
    return this.#forgotten === 0 ? replica : `${replica}.${this.#forgotten}`;
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
    this.#forgetOthers();
    const keys = [...this.#unwritten];
    if (keys.length === 0) return;
    this.#unwritten.clear();
    const unwritten = keys.flatMap((key) => this.#runs.get(key) ?? []);
    // A copy: more is added while it is written.
    const copies = [...Map.groupBy(unwritten, ({ replica }) => replica)].map(
      ([replica, seen]) => [replica, structuredClone(seen.flatMap(rowsOf))] as const,
    );
    try {
      for (const [replica, rows] of copies) await this.#deps.store.save(replica, rows);
    } catch (thrown) {
      for (const key of keys) this.#unwritten.add(key);
      throw thrown;
    }
  }
}

function keyOf({ id, run }: Run): string {
  return `${id} ${run}`;
}

function rowsOf({ id, run, arms }: Seen): ShadowTallyRow[] {
  return TALLY_ARMS.map((arm) => ({ kind: 'shadow', id, run, arm, step: 0, sums: arms[arm] }));
}
