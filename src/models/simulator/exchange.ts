import type { Clock } from '../../core/clock.ts';
import type { BillingCounter } from './billing.ts';
import type { Pass } from './gate.ts';
import type { AnswerPlan } from './plan.ts';
import { type AnswerOutput, Playback } from './playback.ts';
import type { StatsCounter } from './stats.ts';

interface ExchangeParts {
  readonly clock: Clock;
  readonly output: AnswerOutput;
  readonly stats: StatsCounter;
  readonly billing: BillingCounter;
  readonly path: string;
  readonly model: string | undefined;
}

/** Calls back with a slot, now or later. @throws Refusal */
type Enter = (start: (slot: Pass) => void) => Pass;

/** One request on its way: waiting for a slot, then being answered. */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #arrivedAt: number;
  #playback: Playback | undefined;
  #place: Pass | undefined;
  #isPaused = false;
  #isOver = false;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.#arrivedAt = parts.clock.monotonic();
    parts.stats.begin();
  }

  /** Starts the answer once there is a slot, or at once where none is needed. @throws Refusal where there is no room to wait */
  begin(plan: AnswerPlan, enter: Enter | undefined): void {
    if (enter) this.#place = enter((slot) => this.#play(plan, slot));
    else this.#play(plan, undefined);
  }

  pause(): void {
    this.#isPaused = true;
    this.#playback?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#playback?.resume();
  }

  /** The client has gone. Safe to call twice, and after the end. */
  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { clock, stats, path, model } = this.#parts;
    const at = new Date(clock.now()).toISOString();
    stats.abort({ at, path, model, afterMs: Math.round(clock.monotonic() - this.#arrivedAt) });
    this.#playback?.stop();
    this.#place?.leave();
  }

  #play(plan: AnswerPlan, slot: Pass | undefined): void {
    const { clock, output, stats, billing, model = '' } = this.#parts;
    stats.answer(plan.head?.status ?? 0);
    const meter = plan.bill && billing.begin(model, plan.bill.inputTokens);
    this.#playback = new Playback(plan, { clock, output, meter }, () => {
      slot?.leave();
      if (this.#isOver) return;
      this.#isOver = true;
      stats.complete();
    });
    if (this.#isPaused) this.#playback.pause();
    this.#playback.start();
  }
}
