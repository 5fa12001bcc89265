import { ChurningMap } from '../../../core/churning-map.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { RedisHandle } from '../../../storage/counters/redis.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Claim, ClaimState, Holding, QuotaLedger, Verdict } from './ledger.ts';
import { decodeStates, encodeClaims, encodeSettlement, retryAfter } from './redis-codec.ts';
import { type HoldingDesk, RedisHolding } from './redis-holding.ts';
import { type Member, Membership, type MembershipOptions, type RedisState, reasonOf } from './redis-membership.ts';
import { CALL_SCRIPTS } from './redis-scripts.ts';
import { SESSION_SCRIPTS } from './redis-session-scripts.ts';
import { Settlements } from './redis-settlements.ts';
import type { Knowledge } from './redis-sync.ts';
import type { SpendRow } from './spend.ts';

/** How soon settlements are sent, where no call that comes takes them along. */
const FLUSH_MS = 2;
const MOST_AT_ONCE = 200;

export interface RedisLedgerOptions extends MembershipOptions {
  /** All that this process has spent of each budget, at this moment. */
  rows(): readonly SpendRow[];
}

/**
 * Counters in Redis, the same for all replicas. Where Redis is away it throws counters_unavailable; calls that are
 * under way go on, and Redis is told of them when it is back.
 */
export class RedisLedger implements QuotaLedger, HoldingDesk, Member {
  readonly #redis: RedisHandle;
  readonly #scheduler: Scheduler;
  readonly #rows: () => readonly SpendRow[];
  readonly #membership: Membership;
  readonly #held = new ChurningMap<RedisHolding>();
  readonly #settlements = new Settlements();
  #lastId = 0;
  #stopFlush: (() => void) | undefined;
  #flushed: Promise<void> = Promise.resolve();

  constructor(options: RedisLedgerOptions) {
    this.#redis = options.redis;
    this.#scheduler = options.scheduler;
    this.#rows = () => options.rows();
    const onState: MembershipOptions['onState'] = (state, reason) => {
      // What was settled while the agreement was under way.
      if (state === 'exact') void this.flush();
      options.onState?.(state, reason);
    };
    this.#membership = new Membership({ ...options, onState }, this);
  }

  /** Agrees with Redis as soon as it answers, and each time that it answers again. */
  start(): void {
    this.#membership.start();
  }

  get state(): RedisState {
    return this.#membership.state;
  }

  /** Replicas that live, as seen last; at least 1. */
  get replicas(): number {
    return this.#membership.replicas;
  }

  /** Holdings, and settlements that are not confirmed. */
  get outstanding(): number {
    return this.#held.size + this.#settlements.size;
  }

  /** @throws counters_unavailable */
  async admit(claims: readonly Claim[]): Promise<Verdict> {
    if (this.#membership.state !== 'exact') await this.#exact();
    const membership = this.#membership;
    const id = `${++this.#lastId}`;
    // What has ended makes room before what comes is looked at.
    const batch = this.#settlements.take(MOST_AT_ONCE);
    const settlements = batch.length === 0 ? '' : `[${batch.join(',')}]`;
    const args = [membership.time(), membership.session, id, encodeClaims(claims), settlements];
    let told: unknown[];
    try {
      told = (await this.#redis.run(CALL_SCRIPTS.admit, membership.key, args)) as unknown[];
    } catch (error) {
      this.#settlements.putBack(batch);
      throw this.#failed(error, encodeSettlement(id, claims, []));
    }
    const [at, waitNs, portion] = told as [number, number, string];
    if (at === -1) {
      this.#settlements.putBack(batch);
      membership.lost();
      throw unavailable('the session is not known in Redis');
    }
    const states = decodeStates(claims, told, 3);
    if (at > 0) return { admitted: false, at: at - 1, retryAfterMs: retryAfter(waitNs), states };
    const holding = this.#hold(id, claims, Number(portion), true);
    return { admitted: true, portion: Number(portion), states, holding };
  }

  /** @throws counters_unavailable */
  async read(claims: readonly Claim[]): Promise<readonly ClaimState[]> {
    if (this.#membership.state !== 'exact') await this.#exact();
    try {
      // What has ended is counted in what is read.
      void this.flush();
      const args = [this.#membership.time(), encodeClaims(claims)];
      return decodeStates(
        claims,
        (await this.#redis.run(CALL_SCRIPTS.look, this.#membership.key, args)) as unknown[],
        0,
      );
    } catch (error) {
      throw this.#failed(error, undefined);
    }
  }

  /**
   * Takes over what was admitted elsewhere while Redis was away. It is counted from the next agreement on, but for its
   * rates.
   * @param portion as the verdict had it
   */
  adopt(claims: readonly Claim[], portion: number): Holding {
    return this.#hold(`${++this.#lastId}`, claims, portion, false);
  }

  settled(holding: RedisHolding, actual: readonly number[]): void {
    this.#held.delete(holding.id);
    this.#settlements.add(encodeSettlement(holding.id, holding.claims, actual));
    this.#flushLater();
  }

  marked({ id, isWaiting }: RedisHolding): void {
    // Where Redis is away, the next agreement says it.
    if (this.#membership.state === 'away') return;
    this.#membership.run(CALL_SCRIPTS.mark, [id, isWaiting ? 'w' : 's']).catch(() => {});
  }

  /** Sends what is settled. Resolves when all of it is confirmed, or Redis is away. */
  flush(): Promise<void> {
    while (this.#membership.state === 'exact' && this.#settlements.size > 0) this.#flushed = this.#send();
    return this.#flushed;
  }

  tell(): Knowledge {
    return {
      held: this.#held.values(),
      settlements: this.#settlements.take(this.#settlements.size),
      rows: this.#rows(),
    };
  }

  giveBack({ settlements }: Knowledge): void {
    this.#settlements.putBack(settlements);
  }

  /** Sends what is settled, and says good-bye; the handle stays open. */
  async close(): Promise<void> {
    await this.flush();
    this.#stopFlush?.();
    if (this.#membership.state === 'exact') await this.#membership.run(SESSION_SCRIPTS.leave, []).catch(() => {});
    this.#membership.close();
  }

  #hold(id: string, claims: readonly Claim[], portion: number, hasRates: boolean): RedisHolding {
    const holding = new RedisHolding(this, id, claims, { portion, hasRates });
    this.#held.set(id, holding);
    return holding;
  }

  #flushLater(): void {
    this.#stopFlush ??= this.#scheduler.after(FLUSH_MS, () => {
      this.#stopFlush = undefined;
      void this.flush();
    });
  }

  async #send(): Promise<void> {
    const batch = this.#settlements.take(MOST_AT_ONCE);
    try {
      if ((await this.#membership.run(CALL_SCRIPTS.settle, [`[${batch.join(',')}]`, ''])) !== -1) return;
      this.#settlements.putBack(batch);
      this.#membership.lost();
    } catch (error) {
      this.#settlements.putBack(batch);
      this.#membership.leave(reasonOf(error));
    }
  }

  async #exact(): Promise<void> {
    if (this.#membership.state === 'joining') await this.#membership.joined;
    if (this.#membership.state !== 'exact') throw unavailable('Redis is away');
  }

  /** @param undo a settlement that gives back what may have been taken */
  #failed(error: unknown, undo: string | undefined): GatewayError {
    if (isOfTheCall(error)) return new GatewayError('internal', { cause: error });
    if (undo !== undefined) this.#settlements.add(undo);
    this.#membership.leave(reasonOf(error));
    return unavailable(error);
  }
}

function unavailable(cause: unknown): GatewayError {
  return new GatewayError('counters_unavailable', { cause });
}

/** The script failed for what it was given: nothing was taken, and calls of others are none of its concern. */
function isOfTheCall(error: unknown): boolean {
  if (!(error instanceof Error) || !error.message.includes('user_script')) return false;
  return !/OOM|READONLY|MISCONF|NOREPLICAS|MASTERDOWN/.test(error.message);
}
