import type { Scheduler } from '../../../core/scheduler.ts';
import type { RunScript } from './redis-sync.ts';
import { SESSION_SCRIPTS } from './redis-session-scripts.ts';
import type { SpendRow } from './spend.ts';

export interface LeaseOptions {
  readonly run: RunScript;
  readonly leaseMs: number;
  readonly scheduler: Scheduler;
  /** Whether the lease of others is looked after: not before those who live have had the time to say so. */
  mayReap(): boolean;
  /** The session is not known any more. */
  onLost(): void;
  /** What a replica that is gone has used in all, of those budgets that this changed. */
  onReaped(replica: string, rows: readonly SpendRow[]): void;
}

/** The signs of life of one replica, three in a lease, and its eye on the leases of the others. */
export class RedisLease {
  readonly #options: LeaseOptions;
  #stop = (): void => {};
  #isRunning = false;
  #replicas = 1;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Replicas that live, as seen last; this one is among them. */
  get replicas(): number {
    return this.#replicas;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#later();
  }

  stop(): void {
    this.#isRunning = false;
    this.#stop();
  }

  /**
   * One sign of life, now.
   * @param reaps false right after joining: the others may be about to
   */
  async beat(reaps = true): Promise<void> {
    const options = this.#options;
    try {
      const told = await options.run(SESSION_SCRIPTS.beat, [`${options.leaseMs}`]);
      const [living, ...over] = told as [number, ...string[]];
      if (living === -1) return options.onLost();
      this.#replicas = Math.max(1, living);
      if (!reaps || !options.mayReap()) return;
      for (const replica of over) await this.#reap(replica);
    } catch {
      // The connection says by itself that it is lost, and the next sign of life comes soon.
    }
  }

  #later(): void {
    this.#stop = this.#options.scheduler.after(this.#options.leaseMs / 3, () => void this.#beatOn());
  }

  async #beatOn(): Promise<void> {
    await this.beat();
    if (this.#isRunning) this.#later();
  }

  async #reap(replica: string): Promise<void> {
    for (;;) {
      const [left, ...sums] = (await this.#options.run(SESSION_SCRIPTS.reap, [], replica)) as [number, ...unknown[]];
      const rows: SpendRow[] = [];
      for (let at = 0; at + 2 < sums.length; at += 3) {
        const [key, endsAt, used] = sums.slice(at, at + 3) as [string, number, number];
        rows.push({ key, endsAt: endsAt === 0 ? undefined : endsAt, used, reserved: 0 });
      }
      if (rows.length > 0) this.#options.onReaped(replica, rows);
      if (left === 0) return;
    }
  }
}
