import { systemClock } from '../../../core/clock.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { threadUrl } from '../../../core/thread-url.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import { type ScanCosts, costOf, glanceCostOf, scanCosts } from './cost.ts';
import type { ScanRequest } from './messages.ts';
import { ScanFailed, glanceAll, scanAll } from './scan-all.ts';
import { ScanLink } from './scan-link.ts';
import type { Scan, Scanner } from './scanner.ts';

/** Work that may take longer than that is not done on the request thread; nanoseconds, in one turn of its loop. */
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

export interface ScanDeskOptions {
  readonly scheduler: Scheduler;
  /** Something for the log. */
  said(level: 'warn' | 'error', text: string): void;
  /** The thread's code, in place of the usual one. */
  readonly thread?: URL;
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
  readonly #ready = new WeakMap<GuardPolicy, Ready>();
  /** What was really spent in this turn of the loop: a request is scanned by several guards at several places. */
  #spent = 0;
  #isCounting = false;

  constructor(options: ScanDeskOptions) {
    const linking = { thread: threadUrl('scan-thread', import.meta.url), ...options };
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
    const { scanners, costs } = this.#readyFor(policy);
    const long = asked.find(({ text }) => text.length > MOST_IN_TEXT);
    if (long) return Promise.reject(new ScanFailed('a text is longer than 8 MB', long.guard));
    const cost = costOf(costs, asked);
    if (this.#spent + cost > AT_ONCE) {
      return (
        this.#glance(scanners, asked) ??
        (cost > LARGE ? this.#large : this.#ordinary).ask({ policy, costs, asked, from })
      );
    }
    const startedAt = systemClock.monotonic();
    try {
      return scanAll(scanners, asked);
    } catch (thrown) {
      return Promise.reject(ScanFailed.of(thrown));
    } finally {
      this.#spend((systemClock.monotonic() - startedAt) * 1e6);
    }
  }

  /** What little work says: undefined where that is not all. It has a room of its own, for longer texts than others. */
  #glance(scanners: ReadonlyMap<string, Scanner>, asked: readonly ScanRequest[]): readonly Scan[] | undefined {
    const cost = glanceCostOf(asked);
    if (cost > MOST_GLANCED || this.#spent + cost > AT_ONCE) return undefined;
    const startedAt = systemClock.monotonic();
    const scans = glanceAll(scanners, asked);
    this.#spend((systemClock.monotonic() - startedAt) * 1e6);
    return scans;
  }

  #spend(nanoseconds: number): void {
    this.#spent += nanoseconds;
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => {
      this.#isCounting = false;
      this.#spent = 0;
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#ordinary.close(), this.#large.close()]);
  }

  #readyFor(policy: GuardPolicy): Ready {
    let ready = this.#ready.get(policy);
    if (!ready) {
      ready = { scanners: scannersOf(policy), costs: scanCosts(policy.settings) };
      this.#ready.set(policy, ready);
    }
    return ready;
  }
}
