import type { Claim, Holding } from './ledger.ts';
import { encodeClaims, encodeHolding } from './redis-codec.ts';

/** Who is told what becomes of a holding. */
export interface HoldingDesk {
  settled(holding: RedisHolding, actual: readonly number[]): void;
  /** It began or ceased to wait. */
  marked(holding: RedisHolding): void;
}

/** What one call holds, as Redis has it or is to have it. */
export class RedisHolding implements Holding {
  readonly id: string;
  readonly claims: readonly Claim[];
  readonly #portion: number;
  readonly #hasRates: boolean;
  readonly #desk: HoldingDesk;
  #isWaiting = false;
  #isSettled = false;

  /** @param hasRates false: its rates were counted elsewhere */
  constructor(
    desk: HoldingDesk,
    id: string,
    claims: readonly Claim[],
    { portion, hasRates }: { readonly portion: number; readonly hasRates: boolean },
  ) {
    this.#desk = desk;
    this.id = id;
    this.claims = claims;
    this.#portion = portion;
    this.#hasRates = hasRates;
  }

  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** As it stands in Redis. */
  get encoded(): string {
    return encodeHolding(this.#isWaiting, this.#portion, encodeClaims(this.claims, this.#hasRates));
  }

  settle(actual: readonly number[]): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#desk.settled(this, actual);
  }

  waits(): void {
    this.#mark(true);
  }

  sends(): void {
    this.#mark(false);
  }

  #mark(isWaiting: boolean): void {
    if (this.#isSettled || this.#isWaiting === isWaiting) return;
    this.#isWaiting = isWaiting;
    this.#desk.marked(this);
  }
}
