/** The limit never falls below this. */
const MIN = 1;

/** Where it begins. */
const INITIAL = 10;

/** How much slower than usual an answer may be before that counts as queueing. */
const TOLERANCE = 1.2;

/** How much of the step towards a new limit is taken at once. */
const SMOOTHING = 0.2;

/** A failure takes this much away. */
const BACKOFF = 0.9;

/** What a window adds to the long-term latency: where that rises, where it falls. */
const RISING = 1 / 300;
const FALLING = 0.1;

/** Windows from one look at the latency without a queue to the next. */
const PROBE_EVERY = 60;

/** Samples of a window: at least these. */
const WINDOW_MIN = 5;

type Probe = 'none' | 'draining' | 'settling' | 'measuring';

export interface AdaptiveLimitOptions {
  /** The setting that it stays under. */
  readonly max: () => number;
}

/**
 * How many requests a target can have in flight before they queue up inside it, found by their latency: Gradient2 of
 * Netflix' concurrency-limits. Each window of samples is compared with the long-term latency: as long as it is about
 * the same, the limit grows by the root of itself; where it is longer, the limit shrinks in proportion, at most by half.
 *
 * Two things are added. A start is slow as in TCP: the limit doubles with each round, until the first sign of
 * queueing. And now and then the limit is halved for a moment, to see what the latency is without a queue: the
 * long-term average of a target that is always full would else take its own queue for normal, and the limit would drift
 * to its maximum. (The older Gradient probes as well.)
 *
 * @see https://github.com/Netflix/concurrency-limits#gradient2 (checked 2026-11-21)
 */
export class AdaptiveLimit {
  readonly #max: () => number;
  #estimate = INITIAL;
  #longMs: number | undefined;
  /** Under it the limit doubles with each round; a failure leaves half of what worked before. */
  #slowStartUntil = Number.POSITIVE_INFINITY;
  #isRecovering = false;
  #windows = 0;
  #probe: Probe = 'none';
  #sumMs = 0;
  #samples = 0;
  #windowSize = WINDOW_MIN;
  #peakInFlight = 0;

  constructor({ max }: AdaptiveLimitOptions) {
    this.#max = max;
  }

  /** Requests in flight, a whole number from 1 to the maximum. */
  get limit(): number {
    const now = this.#probe === 'none' ? this.#estimate : this.#estimate / 2;
    return Math.max(MIN, Math.min(Math.floor(now), this.#max()));
  }

  /**
   * A request has ended. `latencyMs`: from sending until the answer began (what comes after it depends on its length).
   * `inFlight`: how many were in flight, this one included. `ok`: false where the target was too busy or too slow;
   * other failures say nothing about that and are not told.
   */
  sample(latencyMs: number, inFlight: number, ok: boolean): void {
    if (!ok) {
      this.#backOff();
      return;
    }
    if (this.#probe === 'draining') {
      if (inFlight <= this.limit) this.#restart('settling');
      return;
    }
    this.#sumMs += latencyMs;
    this.#samples += 1;
    this.#peakInFlight = Math.max(this.#peakInFlight, inFlight);
    if (this.#isSlowStart && this.#isUsed) this.#set(this.#estimate + 1);
    if (this.#samples >= this.#windowSize) this.#closeWindow(this.#sumMs / this.#samples);
  }

  get #isSlowStart(): boolean {
    return this.#probe === 'none' && this.#estimate < this.#slowStartUntil && this.#longMs !== undefined;
  }

  /** Whether so much was in flight that the latency says something about the limit. */
  get #isUsed(): boolean {
    return this.#peakInFlight >= this.#estimate / 2;
  }

  #backOff(): void {
    if (!this.#isRecovering) this.#slowStartUntil = this.#estimate / 2;
    this.#isRecovering = true;
    this.#set(this.#estimate * BACKOFF);
    this.#restart('none');
  }

  #closeWindow(shortMs: number): void {
    const isUsed = this.#isUsed;
    const probe = this.#probe;
    this.#restart('none');
    if (probe === 'settling') this.#restart('measuring');
    else if (probe === 'measuring') this.#longMs = shortMs;
    else if (isUsed) this.#move(shortMs);
    else this.#learn(shortMs);
  }

  #learn(shortMs: number): number {
    const longMs = this.#longMs ?? shortMs;
    this.#longMs = longMs + (shortMs - longMs) * (shortMs > longMs ? RISING : FALLING);
    return this.#longMs;
  }

  #move(shortMs: number): void {
    const longMs = this.#learn(shortMs);
    const gradient = Math.max(0.5, Math.min(1, (TOLERANCE * longMs) / shortMs));
    if (gradient < 1 && this.#isSlowStart) this.#slowStartUntil = this.#estimate;
    if (!this.#isSlowStart) {
      const next = this.#estimate * gradient + Math.sqrt(this.#estimate);
      this.#set(this.#estimate + (next - this.#estimate) * SMOOTHING);
      this.#isRecovering = false;
    }
    this.#windows += 1;
    if (this.#windows % PROBE_EVERY === 0) this.#restart('draining');
  }

  #set(estimate: number): void {
    this.#estimate = Math.max(MIN, Math.min(estimate, this.#max()));
  }

  #restart(probe: Probe): void {
    this.#probe = probe;
    this.#sumMs = 0;
    this.#samples = 0;
    this.#windowSize = Math.max(WINDOW_MIN, this.limit);
    this.#peakInFlight = 0;
  }
}
