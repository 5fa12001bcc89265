import type { Clock } from '../../core/clock.ts';
import type { Meter } from './billing.ts';
import type { AnswerPlan } from './plan.ts';

/** Timers cannot be set for longer; a step further off is waited for in turns. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Where an answer goes: a socket, or a handler within the process. Each ends in `end` or `cut`, or never. */
export interface AnswerOutput {
  head(status: number, headers: Record<string, string>): void;
  /** False where no more is wanted until the playback is resumed. */
  write(text: string): boolean;
  /** The last text, and the regular end. */
  end(text: string): void;
  /** The last text, and then the connection breaks. */
  cut(text: string): void;
}

/** Plays a plan in real time. What becomes due while paused goes out on resume. */
export class Playback {
  readonly #plan: AnswerPlan;
  readonly #clock: Clock;
  readonly #output: AnswerOutput;
  readonly #meter: Meter | undefined;
  readonly #done: () => void;
  #startedAt = 0;
  #next = 0;
  #isHeadOut = false;
  #isOver = false;
  #isPaused = false;
  #timer: NodeJS.Timeout | undefined;

  /** `done` is called once, when the last word is out or the playback was stopped; after `silence` only then. */
  constructor(
    plan: AnswerPlan,
    { clock, output, meter }: { clock: Clock; output: AnswerOutput; meter: Meter | undefined },
    done: () => void,
  ) {
    this.#plan = plan;
    this.#clock = clock;
    this.#output = output;
    this.#meter = meter;
    this.#done = done;
  }

  start(): void {
    this.#startedAt = this.#clock.monotonic();
    this.#advance();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#timer === undefined) this.#advance();
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    const { bill } = this.#plan;
    if (bill?.outputBy) this.#meter?.reach(bill.outputBy(this.#clock.monotonic() - this.#startedAt));
    this.#done();
  }

  #advance(): void {
    this.#timer = undefined;
    if (this.#isOver || this.#isPaused) return;
    const due = this.#takeDue(this.#clock.monotonic() - this.#startedAt);
    const step = this.#plan.steps[this.#next];
    if (due === undefined && step === undefined) return;
    if (due !== undefined) this.#emit(due, step === undefined);
    // The reader may have resumed from within `emit`, and so set the timer already.
    if (step && !this.#isOver && this.#timer === undefined) {
      const wait = step.at - (this.#clock.monotonic() - this.#startedAt);
      this.#timer = setTimeout(() => this.#advance(), Math.min(Math.max(1, Math.ceil(wait)), LONGEST_TIMER));
    }
  }

  /** The text of all steps whose time has come, in one piece; undefined where there is none. */
  #takeDue(elapsed: number): string | undefined {
    const { steps } = this.#plan;
    let text: string | undefined;
    let generated = 0;
    for (let step = steps[this.#next]; step && step.at <= elapsed; step = steps[this.#next]) {
      text = text === undefined ? step.text : text + step.text;
      generated = step.output ?? generated;
      this.#next += 1;
    }
    // Before it is written: what went out is on the bill at every moment.
    this.#meter?.reach(generated);
    return text;
  }

  #emit(text: string, isLast: boolean): void {
    const { head, ending } = this.#plan;
    if (head && !this.#isHeadOut) {
      this.#isHeadOut = true;
      this.#output.head(head.status, head.headers);
    }
    // A reader may have stopped the playback from within `head`.
    if (this.#isOver) return;
    if (!isLast || ending === 'silence') {
      if (!this.#output.write(text)) this.#isPaused = true;
      return;
    }
    this.#isOver = true;
    if (ending === 'end') this.#output.end(text);
    else this.#output.cut(text);
    this.#done();
  }
}
