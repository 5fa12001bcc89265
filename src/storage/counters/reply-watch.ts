import type { Scheduler } from '../../core/scheduler.ts';

/** Looks in a time-out, so that a silence is seen at the latest after 4/3 of it. */
const LOOKS = 3;

/**
 * Sees when a connection that answers in order has stopped answering: a timer for each command would cost more than
 * the command. A silence counts only if it lasts when everything that had arrived is read, so that a pause of this
 * process is not taken for one of the other side.
 */
export class ReplyWatch {
  readonly #timeoutMs: number;
  readonly #scheduler: Scheduler;
  readonly #onSilence: () => void;
  #sent = 0;
  #answered = 0;
  /** How many had been sent at the last looks, the oldest first. */
  #marks: number[] = [];
  #stop: (() => void) | undefined;

  constructor(timeoutMs: number, scheduler: Scheduler, onSilence: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#scheduler = scheduler;
    this.#onSilence = onSilence;
  }

  sent(): void {
    this.#sent += 1;
    if (this.#stop === undefined) this.#lookLater();
  }

  answered(): void {
    this.#answered += 1;
  }

  /** Nothing is waited for: the connection is gone, or it is a new one. */
  reset(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#marks = [];
    this.#sent = 0;
    this.#answered = 0;
  }

  #lookLater(): void {
    this.#stop = this.#scheduler.after(this.#timeoutMs / LOOKS, () => this.#look());
  }

  #look(): void {
    this.#stop = undefined;
    if (this.#answered >= this.#sent) {
      this.#marks = [];
      return;
    }
    this.#marks.push(this.#sent);
    const due = this.#marks.length > LOOKS ? this.#marks.shift() : undefined;
    if (due !== undefined && this.#answered < due) setImmediate(() => this.#judge(due));
    this.#lookLater();
  }

  #judge(due: number): void {
    if (this.#answered < due) this.#onSilence();
  }
}
