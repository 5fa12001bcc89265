/** How long something has to be so, and how often it may be told. Milliseconds. */
export interface AlertTimes {
  readonly forMs: number;
  readonly cooldownMs: number;
}

export type Phase = 'ok' | 'pending' | 'firing';

/**
 * Whether something that a rule looks at is to be told. It has to be so for a while before it fires, and to be over for
 * as long before it is resolved. What was told is not told again before the cool-down is over; what fires longer than
 * that is told then.
 */
export class AlertState {
  #phase: Phase = 'ok';
  /** Of the phase. */
  #since: number;
  /** Of a firing one: since when it is no longer so. */
  #clearSince: number | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isTold = false;

  /** @param nowMs monotonic, as everywhere here */
  constructor(nowMs: number) {
    this.#since = nowMs;
  }

  /** One that an earlier process told, and that nobody has said is over. */
  static told(nowMs: number): AlertState {
    const state = new AlertState(nowMs);
    state.#phase = 'firing';
    state.#isTold = true;
    state.#toldAt = nowMs;
    return state;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get since(): number {
    return this.#since;
  }

  /** Whether it was told and is not over. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** Whether nothing is lost with it: nothing fires, and it may be told at once if that comes. */
  isIdle(nowMs: number, { cooldownMs }: Pick<AlertTimes, 'cooldownMs'>): boolean {
    return this.#phase === 'ok' && nowMs - this.#toldAt >= cooldownMs;
  }

  /**
   * @param isAbove undefined where it is not known, which changes nothing
   * @returns what is to be told now
   */
  step(
    isAbove: boolean | undefined,
    nowMs: number,
    { forMs, cooldownMs }: AlertTimes,
  ): 'firing' | 'resolved' | undefined {
    if (isAbove === undefined) return undefined;
    if (isAbove) this.#above(nowMs, forMs);
    else this.#below(nowMs, forMs);
    if (isAbove && this.#phase === 'firing' && !this.#isTold && nowMs - this.#toldAt >= cooldownMs) {
      this.#isTold = true;
      this.#toldAt = nowMs;
      return 'firing';
    }
    if (this.#phase === 'ok' && this.#isTold) {
      this.#isTold = false;
      return 'resolved';
    }
    return undefined;
  }

  #above(nowMs: number, forMs: number): void {
    this.#clearSince = undefined;
    if (this.#phase === 'ok') this.#enter('pending', nowMs);
    if (this.#phase === 'pending' && nowMs - this.#since >= forMs) this.#enter('firing', nowMs);
  }

  #below(nowMs: number, forMs: number): void {
    if (this.#phase === 'pending') this.#enter('ok', nowMs);
    if (this.#phase !== 'firing') return;
    this.#clearSince ??= nowMs;
    if (nowMs - this.#clearSince >= forMs) this.#enter('ok', nowMs);
  }

  #enter(phase: Phase, nowMs: number): void {
    this.#phase = phase;
    this.#since = nowMs;
    this.#clearSince = undefined;
  }
}
