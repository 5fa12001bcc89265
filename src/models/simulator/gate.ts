import type { SimulatedDialect } from './simulated-dialect.ts';
import type { Clock } from '../../core/clock.ts';
import { Refusal } from './refusal.ts';
import type { SimulatedModelSettings } from './settings.ts';

const USUAL_QUEUE = 1000;
const USUAL_WINDOW_MS = 60_000;

/** What a request holds while it is answered, or waits for. */
export interface Pass {
  /** Frees the slot, or leaves the queue; safe to call twice. */
  leave(): void;
}

/** The simulated provider's own limits: a rate over fixed windows, and slots with a queue before them. */
export class Gate {
  readonly #settings: SimulatedModelSettings;
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #taken = 0;
  #windowEnds = Number.NEGATIVE_INFINITY;
  #usedInWindow = 0;

  constructor(settings: SimulatedModelSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * Counts a request against the rate; the result are the headers that tell about it.
   * @throws Refusal 429 where the window is used up
   */
  admit(dialect: SimulatedDialect): Record<string, string> {
    const { rateLimit, rateWindow = USUAL_WINDOW_MS } = this.#settings;
    if (rateLimit === undefined) return {};
    const now = this.#clock.now();
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + rateWindow;
      this.#usedInWindow = 0;
    }
    const isOver = this.#usedInWindow >= rateLimit;
    if (!isOver) this.#usedInWindow += 1;
    const remaining = rateLimit - this.#usedInWindow;
    const headers = rateHeaders(dialect, { limit: rateLimit, remaining, resetsAt: this.#windowEnds, now });
    if (!isOver) return headers;
    const message = `Rate limit reached: ${rateLimit} requests per ${goDuration(rateWindow)}. (simulated)`;
    throw new Refusal(429, message, { headers, retryAfterMs: this.#windowEnds - now });
  }

  /**
   * Calls back with a slot: at once, or when one becomes free. The result gives up the place, wherever the request is.
   * @throws Refusal 429 or 529 where the request may not wait
   */
  enter(dialect: SimulatedDialect, start: (slot: Pass) => void): Pass {
    const { concurrency, whenBusy = 'wait', queueSize = USUAL_QUEUE } = this.#settings;
    if (concurrency !== undefined && this.#taken >= concurrency) {
      if (whenBusy === 'refuse' || this.#waiting.size >= queueSize) throw busy(dialect, concurrency);
      return this.#wait(start);
    }
    this.#taken += 1;
    const slot = this.#slot();
    start(slot);
    return slot;
  }

  #wait(start: (slot: Pass) => void): Pass {
    let slot: Pass | undefined;
    let isGone = false;
    const enter = (): void => {
      slot = this.#slot();
      if (isGone) slot.leave();
      else start(slot);
    };
    this.#waiting.add(enter);
    return {
      leave: () => {
        isGone = true;
        this.#waiting.delete(enter);
        slot?.leave();
      },
    };
  }

  /** A slot that is left goes to the one who waited longest. */
  #slot(): Pass {
    let isHeld = true;
    return {
      leave: () => {
        if (!isHeld) return;
        isHeld = false;
        const [next] = this.#waiting;
        if (!next) {
          this.#taken -= 1;
          return;
        }
        this.#waiting.delete(next);
        // Not from here: answers that end at once would call each other, as deep as the queue is long.
        queueMicrotask(next);
      },
    };
  }
}

function busy(dialect: SimulatedDialect, slots: number): Refusal {
  const message = `All ${slots} slots are taken. (simulated)`;
  return new Refusal(dialect === 'openai' ? 429 : 529, message, { retryAfterMs: 1000 });
}

interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetsAt: number;
  readonly now: number;
}

/** OpenAI says in how long the window ends, Anthropic when. */
function rateHeaders(
  dialect: SimulatedDialect,
  { limit, remaining, resetsAt, now }: RateState,
): Record<string, string> {
  if (dialect === 'openai') {
    return {
      'x-ratelimit-limit-requests': String(limit),
      'x-ratelimit-remaining-requests': String(remaining),
      'x-ratelimit-reset-requests': goDuration(resetsAt - now),
    };
  }
  return {
    'anthropic-ratelimit-requests-limit': String(limit),
    'anthropic-ratelimit-requests-remaining': String(remaining),
    'anthropic-ratelimit-requests-reset': new Date(resetsAt).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

/** As OpenAI writes durations: `250ms`, `1.5s`, `6m0s`, `1h0m0s`. */
function goDuration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${Number(((ms % 60_000) / 1000).toFixed(3))}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}
