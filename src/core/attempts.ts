import type { BodyPatch } from './body-patch.ts';
import type { ErrorCode } from './errors.ts';
import type { NanoUsd } from './money.ts';
import { type CostSource, type Usage, type UsageSource, addUsage } from './usage.ts';

/** How an attempt ended: like a reply's terminal, with the code where it failed. */
export type AttemptOutcome = 'completed' | 'failed' | 'aborted';

/**
 * Why there was an attempt: the call's first; the same target again; another target, after one failed or in place of
 * one that could not be asked; a second one beside one that is slow; what follows a stream that broke off; a better
 * model after an answer that was not sure enough.
 */
export type AttemptKind = 'first' | 'retry' | 'fallback' | 'hedge' | 'continuation' | 'escalation';

export interface AttemptOpening {
  /** `provider/model` as configured. */
  readonly target: string;
  /** `first` where absent. */
  readonly kind?: AttemptKind;
  /** Which immutable row of the price table settles it; undefined where there is none. */
  readonly priceVersion: string | undefined;
  readonly reservedNanoUsd: NanoUsd | undefined;
  /** Index of the attempt that this one follows or doubles. */
  readonly retryOf: number | undefined;
  readonly simulated: boolean;
}

export interface AttemptClosing {
  readonly outcome: AttemptOutcome;
  readonly errorCode?: ErrorCode | undefined;
  readonly usage?: Usage | undefined;
  readonly usageSource?: UsageSource | undefined;
  /** Undefined where the price is unknown, which is not 0. */
  readonly costNanoUsd?: NanoUsd | undefined;
  readonly costSource?: CostSource | undefined;
}

/** One HTTP call to a target. Times are monotonic milliseconds. */
export class Attempt {
  readonly opening: AttemptOpening;
  readonly index: number;
  patches: readonly BodyPatch[] = [];
  /** How many breakpoints of a prompt cache the gateway placed in the request. */
  breakpoints = 0;
  sentAt: number | undefined;
  firstContentAt: number | undefined;
  closedAt: number | undefined;
  httpStatus: number | undefined;
  responseModel: string | undefined;
  providerRequestId: string | undefined;
  #closing: AttemptClosing | undefined;
  readonly #onClose: ((attempt: Attempt) => void) | undefined;

  constructor(index: number, opening: AttemptOpening, onClose?: (attempt: Attempt) => void) {
    this.index = index;
    this.opening = opening;
    this.#onClose = onClose;
  }

  get closing(): AttemptClosing | undefined {
    return this.#closing;
  }

  /** The first close counts; a later one (an abort after the end, say) changes nothing and returns false. */
  close(at: number, closing: AttemptClosing): boolean {
    if (this.#closing) return false;
    this.closedAt = at;
    this.#closing = closing;
    this.#onClose?.(this);
    return true;
  }
}

/** Who is told of the attempts of a call. Neither of the two ever throws. */
export interface AttemptWatcher {
  opened(attempt: Attempt): void;
  /** It is known how it ended. */
  closed(attempt: Attempt): void;
}

/** Every attempt of a call. Settlement, cost and the trace read it; nothing else computes money. */
export class AttemptLedger {
  readonly #attempts: Attempt[] = [];
  #answering: Attempt | undefined;
  #open = 0;
  #holds = 0;
  readonly #whenClosed: (() => void)[] = [];
  #watcher: AttemptWatcher | undefined;

  /** Tells of every attempt from now on. There is one who is told. */
  watch(watcher: AttemptWatcher): void {
    this.#watcher = watcher;
  }

  /** @param onClose called once, when it is known how it ended */
  open(opening: AttemptOpening, onClose?: (attempt: Attempt) => void): Attempt {
    const attempt = new Attempt(this.#attempts.length, opening, (closed) => {
      onClose?.(closed);
      this.#watcher?.closed(closed);
      this.#closedOne();
    });
    this.#attempts.push(attempt);
    this.#open += 1;
    this.#watcher?.opened(attempt);
    return attempt;
  }

  /**
   * Calls back when no attempt is open and none is to come: now, if that is so, and again each time that it becomes so.
   */
  whenClosed(closed: () => void): void {
    this.#whenClosed.push(closed);
    if (this.#open === 0) closed();
  }

  /**
   * The call may be over for its client, but others read on: its attempts go on, and there may be more of them.
   * @returns says that this is over
   */
  hold(): () => void {
    let isHeld = true;
    this.#open += 1;
    this.#holds += 1;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds -= 1;
      this.#closedOne();
    };
  }

  get isHeld(): boolean {
    return this.#holds > 0;
  }

  #closedOne(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    for (const closed of this.#whenClosed) closed();
  }

  /** The first one that says so is what the client reads; others that ran beside it are given up. */
  answers(attempt: Attempt): void {
    this.#answering ??= attempt;
  }

  /** The client does not read what it was about to: another attempt may answer. */
  setAside(): void {
    this.#answering = undefined;
  }

  /** The attempt that the client reads, else the last one. */
  get shown(): Attempt | undefined {
    return this.#answering ?? this.#attempts.at(-1);
  }

  get all(): readonly Attempt[] {
    return this.#attempts;
  }

  get last(): Attempt | undefined {
    return this.#attempts.at(-1);
  }

  /** Tokens of all closed attempts together; undefined where no attempt has any. */
  get usage(): Usage | undefined {
    let sum: Usage | undefined;
    for (const { closing } of this.#attempts) {
      if (closing?.usage) sum = sum ? addUsage(sum, closing.usage) : closing.usage;
    }
    return sum;
  }

  /** The sum of what is known, and whether that is all: an attempt that was sent and has no cost makes it false. */
  get cost(): { readonly nanoUsd: NanoUsd; readonly known: boolean } {
    let nanoUsd = 0;
    let known = true;
    for (const attempt of this.#attempts) {
      const cost = attempt.closing?.costNanoUsd;
      if (cost !== undefined) nanoUsd += cost;
      else if (attempt.sentAt !== undefined) known = false;
    }
    return { nanoUsd, known };
  }

  /** Milliseconds that were spent waiting for providers; overlapping attempts count once. */
  providerMs(now: number): number {
    let total = 0;
    let coveredTo = Number.NEGATIVE_INFINITY;
    for (const attempt of this.#attempts) {
      if (attempt.sentAt === undefined) continue;
      const end = attempt.closedAt ?? now;
      const start = Math.max(attempt.sentAt, coveredTo);
      if (end > start) total += end - start;
      coveredTo = Math.max(coveredTo, end);
    }
    return total;
  }
}
