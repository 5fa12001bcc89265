import { systemClock } from '../../../core/clock.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { threadUrl } from '../../../core/thread-url.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { WordLists } from './scanning.ts';
import { type ScanCosts, costOf, scanCosts } from './cost.ts';
import type { ScanRequest } from './messages.ts';
import { ScanFailed, scanAll } from './scan-all.ts';
import { ScanLink } from './scan-link.ts';
import type { Scan, Scanner } from './scanner.ts';

/** Work that may take longer than that is not done on the request thread; nanoseconds, in one turn of its loop. */
const AT_ONCE = 8_000_000;

/** A longer text is not scanned at all. UTF-16 units. */
const MOST_IN_TEXT = 8 * 1024 * 1024;

export interface ScanDeskOptions {
  readonly scheduler: Scheduler;
  /** The words of the lists of a policy. */
  words(policy: GuardPolicy): WordLists;
  /** Something for the log. */
  said(level: 'warn' | 'error', text: string): void;
  /** The thread's code, in place of the usual one. */
  readonly thread?: URL;
}

/** What scanning a policy needs, made once. */
interface Ready {
  readonly scanners: ReadonlyMap<string, Scanner>;
  readonly costs: ScanCosts;
}

/**
 * Scans texts for guards: small work at once, larger work in a thread, so that no text holds up other requests.
 */
export class ScanDesk {
  readonly #link: ScanLink;
  readonly #ready = new WeakMap<GuardPolicy, Ready>();
  /** What was really spent in this turn of the loop: a request is scanned by several guards at several places. */
  #spent = 0;
  #isCounting = false;

  constructor(options: ScanDeskOptions) {
    this.#link = new ScanLink({ thread: threadUrl('scan-thread', import.meta.url), ...options });
  }

  /** Starts the thread before a request needs it. */
  warm(): void {
    this.#link.warm();
  }

  /**
   * What the policy's guards find in texts, in the order in which they are asked. At once where that is surely short.
   * @returns rejects with ScanFailed where a scanner throws, a text is over 8 MB, or the thread does not answer in time
   */
  scan(policy: GuardPolicy, asked: readonly ScanRequest[]): readonly Scan[] | Promise<readonly Scan[]> {
    const { scanners, costs } = this.#readyFor(policy);
    const long = asked.find(({ text }) => text.length > MOST_IN_TEXT);
    if (long) return Promise.reject(new ScanFailed('a text is longer than 8 MB', long.guard));
    if (this.#spent + costOf(costs, asked) > AT_ONCE) return this.#link.ask(policy, asked);
    const startedAt = systemClock.monotonic();
    try {
      return scanAll(scanners, asked);
    } catch (thrown) {
      return Promise.reject(ScanFailed.of(thrown));
    } finally {
      this.#spend((systemClock.monotonic() - startedAt) * 1e6);
    }
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

  close(): Promise<void> {
    return this.#link.close();
  }

  #readyFor(policy: GuardPolicy): Ready {
    let ready = this.#ready.get(policy);
    if (!ready) {
      const scanners = new Map(policy.scanning.map(({ name, scanner }) => [name, scanner]));
      ready = { scanners, costs: scanCosts(policy.settings) };
      this.#ready.set(policy, ready);
    }
    return ready;
  }
}
