import { GatewayError } from '../../../core/errors.ts';

/** Each asks the database. */
const MOST_AT_ONCE = 32;
/** Of them from one key, so that one does not keep out the others. */
const MOST_OF_ONE = 4;
const AGAIN_MS = 1000;

/** Keeps clients that ask how their reviews stand from taking the database. Counts in this process. */
export class ReadPace {
  /** By key; no more than run at once. */
  readonly #runningOf = new Map<string, number>();
  #running = 0;

  /** @throws limit_requests, gateway_overloaded */
  async run<Result>(who: string, work: () => Promise<Result>): Promise<Result> {
    const own = this.#runningOf.get(who) ?? 0;
    if (own >= MOST_OF_ONE) {
      throw new GatewayError('limit_requests', {
        message: `One key may ask for ${MOST_OF_ONE} reviews at once. Ask again when others are answered.`,
        retryAfterMs: AGAIN_MS,
      });
    }
    if (this.#running >= MOST_AT_ONCE) throw new GatewayError('gateway_overloaded', { retryAfterMs: AGAIN_MS });
    this.#running += 1;
    this.#runningOf.set(who, own + 1);
    try {
      return await work();
    } finally {
      this.#running -= 1;
      const left = (this.#runningOf.get(who) ?? 1) - 1;
      if (left > 0) this.#runningOf.set(who, left);
      else this.#runningOf.delete(who);
    }
  }
}
