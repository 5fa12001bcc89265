import { type Clock, systemClock } from '../../../core/clock.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { threadUrl } from '../../../core/thread-url.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import { type ScanCosts, costOf, glanceCostOf, ordinaryCostOf, scanCosts } from './cost.ts';
import type { ScanRequest } from './messages.ts';
import { ScanFailed, glanceAll, scanAll } from './scan-all.ts';
import { ScanLink } from './scan-link.ts';
import { ScanMemory } from './scan-memory.ts';
import type { Scan, Scanner } from './scanner.ts';

/**
 * Work that may take longer than that is not done on the request thread; nanoseconds, in one turn of its loop. What
 * ordinary texts take is no part of it: after a moment in which the process stood still one turn has hundreds of
 * requests, which are none the faster for a way through a thread.
 */
const AT_ONCE = 8_000_000;

/**
 * A glance that may take longer than that is left to a thread, which takes more time in all and less of the request
 * thread's. About 16,000 characters; nanoseconds.
 */
const MOST_GLANCED = 350_000;

/** Work that may take longer than that has a thread of its own, so that it never keeps ordinary texts waiting. */
const LARGE = 250_000_000;

/** A longer text is not scanned at all. UTF-16 units. */
const MOST_IN_TEXT = 8 * 1024 * 1024;

/** Of texts whose scans are remembered, bytes. */
const MOST_REMEMBERED = 8 * 1024 * 1024;

const NONE: readonly Scan[] = [];

export interface ScanDeskOptions {
  readonly scheduler: Scheduler;
  /** Something for the log. */
  said(level: 'warn' | 'error', text: string): void;
  /** The thread's code, in place of the usual one. */
  readonly thread?: URL;
  readonly clock?: Pick<Clock, 'monotonic'>;
}

/** Those of a policy, by the name of the guard. */
export function scannersOf({ scanning }: GuardPolicy): ReadonlyMap<string, Scanner> {
  return new Map(scanning.map(({ name, scanner }) => [name, scanner]));
}

/** What scanning a policy needs, made once. */
interface Ready {
  readonly scanners: ReadonlyMap<string, Scanner>;
  readonly costs: ScanCosts;
}

/**
 * Scans texts for guards: small work at once, larger work in a thread, and the largest in another one, so that no text
 * holds up other requests.
 */
export class ScanDesk {
  readonly #ordinary: ScanLink;
  readonly #large: ScanLink;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #ready = new WeakMap<GuardPolicy, Ready>();
  readonly #memory = new ScanMemory(MOST_REMEMBERED);
  /** What was really spent in this turn of the loop beyond what is ordinary: several guards scan a request. */
  #spent = 0;
  #isCounting = false;

  constructor(options: ScanDeskOptions) {
    const linking = { thread: threadUrl('scan-thread', import.meta.url), ...options };
    this.#clock = options.clock ?? systemClock;
    this.#ordinary = new ScanLink(linking);
    this.#large = new ScanLink(linking);
  }

  /**
   * What the policy's guards find in texts, in the order in which they are asked. At once where that is surely short.
   * @param from whose texts they are, e.g. a project: nobody may have all of what waits
   * @returns rejects with ScanFailed where a scanner throws, a text is over 8 MB or has too many finds, or the thread does
   *   not answer in time
   */
  scan(policy: GuardPolicy, asked: readonly ScanRequest[], from = ''): readonly Scan[] | Promise<readonly Scan[]> {
    const ready = this.#readyFor(policy);
    const scans: (Scan | undefined)[] = [];
    const left: ScanRequest[] = [];
    for (const one of asked) {
      const { guard, text } = one;
      if (text.length > MOST_IN_TEXT) return Promise.reject(new ScanFailed('a text is longer than 8 MB', guard));
      const scanner = ready.scanners.get(guard);
      const known = scanner && this.#memory.get(scanner, text);
      if (!known) left.push(one);
      scans.push(known);
    }
    const scanned = left.length === 0 ? NONE : this.#scanNow(policy, ready, left, from);
    return scanned instanceof Promise
      ? scanned.then((said) => this.#complete(ready, scans, left, said))
      : this.#complete(ready, scans, left, scanned);
  }

  /** What is remembered and what was scanned just now, in the order in which it was asked for. */
  #complete(
    { scanners }: Ready,
    scans: (Scan | undefined)[],
    left: readonly ScanRequest[],
    said: readonly Scan[],
  ): readonly Scan[] {
    if (said.length !== left.length) throw new ScanFailed('there are not as many scans as texts');
    const all: Scan[] = [];
    let next = 0;
    for (const known of scans) {
      const scan = known ?? said[next];
      if (scan) all.push(scan);
      if (known) continue;
      const one = left[next];
      const scanner = one && scanners.get(one.guard);
      if (scanner && scan) this.#memory.note(scanner, one.text, scan);
      next += 1;
    }
    return all;
  }

  #scanNow(
    policy: GuardPolicy,
    { scanners, costs }: Ready,
    asked: readonly ScanRequest[],
    from: string,
  ): readonly Scan[] | Promise<readonly Scan[]> {
    const cost = costOf(costs, asked);
    if (this.#spent + cost > AT_ONCE) {
      return (
        this.#glance(scanners, asked) ??
        (cost > LARGE ? this.#large : this.#ordinary).ask({ policy, costs, asked, from })
      );
    }
    const startedAt = this.#clock.monotonic();
    try {
      return scanAll(scanners, asked);
    } catch (thrown) {
      return Promise.reject(ScanFailed.of(thrown));
    } finally {
      // What goes beyond its worst is no work of it: the thread had no core, or memory was collected.
      this.#spend(Math.min((this.#clock.monotonic() - startedAt) * 1e6, cost) - ordinaryCostOf(asked));
    }
  }

  /** What little work says, not much more than anything else that is done for a request: undefined where that is not all. */
  #glance(scanners: ReadonlyMap<string, Scanner>, asked: readonly ScanRequest[]): readonly Scan[] | undefined {
    return glanceCostOf(asked) > MOST_GLANCED ? undefined : glanceAll(scanners, asked);
  }

  #spend(nanoseconds: number): void {
    if (nanoseconds <= 0) return;
    this.#spent += nanoseconds;
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => {
      this.#isCounting = false;
      this.#spent = 0;
    });
  }

  /** Other policies may be in force. */
  forget(): void {
    this.#memory.clear();
  }

  async close(): Promise<void> {
    await Promise.all([this.#ordinary.close(), this.#large.close()]);
  }

  #readyFor(policy: GuardPolicy): Ready {
    let ready = this.#ready.get(policy);
    if (!ready) {
      // Other policies have scanners of their own.
      this.forget();
      ready = { scanners: scannersOf(policy), costs: scanCosts(policy.settings) };
      this.#ready.set(policy, ready);
    }
    return ready;
  }
}
