import type { Clock } from '../../../core/clock.ts';
import { GatewayError } from '../../../core/errors.ts';
import { withKey } from '../../../models/providers/provider-keys.ts';
import type { Provider } from '../../../models/providers/provider.ts';
import { KeyLoad, withRoom } from './key-load.ts';
import type { KeyState, KeyStates, Rest } from './key-state.ts';
import { preferred } from './preferred.ts';

/** Where a 429 does not say how long: that long the field's routers leave a key alone. Milliseconds, as the others. */
const LIMITED_MS = 5000;
/** One that says "now" has just refused all the same: a key that did not rest would be asked again and again. */
const LEAST_LIMITED_MS = 1000;
/** A provider that says more may be wrong, and to ask it costs one refusal that another key makes good. */
const MOST_LIMITED_MS = 3_600_000;
const REFUSED_MS = 300_000;
const MOST_REFUSED_MS = 3_600_000;
/** Between two tries of a key that was refused: no more than one call at a time finds out whether it still is. */
const TRY_EVERY_MS = 30_000;

/** A key as logs, metrics and the admin API may show it. */
interface ShownKey {
  /** `none` where the provider is asked without a key, or with credentials of another kind. */
  readonly id: string;
  /** Its last characters. */
  readonly shown: string;
}

/** A key that was accepted, or not yet tried, is refused. */
export interface KeyRefusal {
  readonly provider: string;
  readonly key: ShownKey;
  /** Where it was refused for this one only (403): the account may lack the model, and the key be good for others. */
  readonly model: string | undefined;
  readonly status: number | undefined;
  /** How many keys are not refused. 0: the provider is not reached any more. */
  readonly left: number;
}

/** A refused key is accepted again. */
export type KeyReturn = Pick<KeyRefusal, 'provider' | 'key' | 'model'>;

export interface KeyPoolDeps {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  onKeyRefused(refusal: KeyRefusal): void;
  onKeyAccepted(key: KeyReturn): void;
}

/** The key that one attempt goes with. */
export interface KeyTurn {
  /** Undefined where it is the client's. */
  readonly key: ShownKey | undefined;
  /** The provider, asked with this key. */
  readonly provider: Provider;
  /**
   * What came of the attempt, as soon as its status is known: `undefined` is an answer. To be called at most once, and not
   * where nothing came back. Errors that say nothing of the key change nothing.
   * @param status of the provider's answer
   */
  report(error: GatewayError | undefined, status?: number): void;
}

interface Seat {
  readonly key: ShownKey;
  readonly weight: number;
  readonly provider: Provider;
  readonly state: KeyState;
  readonly load: KeyLoad;
}

/** One key, for metrics and the admin API. */
export interface KeyView extends ShownKey {
  readonly weight: number;
  /** Of the key as a whole. */
  readonly refused: boolean;
  /** Models that it is not used for now, or was refused for. */
  readonly models: readonly { readonly model: string; readonly why: Rest['kind'] }[];
}

const KEYLESS: ShownKey = { id: 'none', shown: '' };

/**
 * The keys of one provider. A limit (429) rests the key for the model that it was met with, since that is how providers
 * count; a refusal (401, 402) rests it altogether. 403 is said of single models too, so it rests the key for the model.
 */
export class KeyPool {
  readonly #name: string;
  readonly #seats: readonly Seat[];
  readonly #deps: KeyPoolDeps;

  constructor(provider: Provider, states: KeyStates, deps: KeyPoolDeps) {
    this.#name = provider.name;
    this.#deps = deps;
    this.#seats = seatsOf(provider, states);
  }

  /**
   * By weight, one of the keys that do not rest. Where all do, the only one that is merely limited (what the provider
   * says is then the answer), or every 30 seconds one of those that were refused.
   * @param keeps the provider keeps something for the call, or has: only the first key, as always, since others may
   *   belong to another account
   * @param insists there is nobody else to ask: an only key goes though it was refused
   * @param prefix names what the prompt begins with: requests with the same go with the same key as long as it is free
   *   and not used much more than the others, since what a provider has cached belongs to the key's account
   * @throws provider_rate_limited, provider_auth_failed where no key may be used now
   */
  pick(model: string, keeps = false, insists = false, prefix?: string): KeyTurn {
    const now = this.#deps.clock.monotonic();
    const usable = this.#usable(keeps);
    const only = insists && usable.length === 1 ? usable[0] : undefined;
    const free = this.#free(model, keeps, now);
    const chosen = prefix === undefined ? this.#weighted(free) : preferred(withRoom(free, now), prefix);
    const seat = chosen ?? lastResort(usable, model, now) ?? only;
    if (seat) return this.#turn(seat, model, now);
    throw unavailable(this.#name, usable, model, now);
  }

  /** Whether there is one that does not rest: where one has just been refused or limited, another one. */
  hasFree(model: string, keeps = false): boolean {
    return this.#free(model, keeps, this.#deps.clock.monotonic()).length > 0;
  }

  view(): KeyView[] {
    const now = this.#deps.clock.monotonic();
    return this.#seats.map(({ key, weight, state }) => {
      const models = [...state.models].filter(([, rest]) => rest.kind === 'refused' || rest.until > now);
      return {
        ...key,
        weight,
        refused: state.whole !== undefined,
        models: models.map(([model, { kind }]) => ({ model, why: kind })),
      };
    });
  }

  #usable(keeps: boolean): readonly Seat[] {
    return keeps ? this.#seats.slice(0, 1) : this.#seats;
  }

  #free(model: string, keeps: boolean, now: number): readonly Seat[] {
    const seats = this.#usable(keeps);
    return seats.every(({ state }) => state.isClear) ? seats : seats.filter((seat) => isFree(seat, model, now));
  }

  #weighted(seats: readonly Seat[]): Seat | undefined {
    if (seats.length <= 1) return seats[0];
    let left = this.#deps.random() * seats.reduce((sum, { weight }) => sum + weight, 0);
    for (const seat of seats) {
      left -= seat.weight;
      if (left < 0) return seat;
    }
    return seats.at(-1);
  }

  #turn(seat: Seat, model: string, now: number): KeyTurn {
    for (const rest of refusalsOf(seat, model)) rest.triedAt = now;
    seat.load.count(now);
    return {
      key: seat.key,
      provider: seat.provider,
      report: (error, status) => this.#report({ seat, model, pickedAt: now }, error, status),
    };
  }

  #report(tried: Tried, error: GatewayError | undefined, status: number | undefined): void {
    if (error === undefined) this.#accepted(tried);
    else if (error.code === 'provider_rate_limited') this.#limited(tried, error.retryAfterMs ?? LIMITED_MS);
    else if (error.code === 'provider_auth_failed') this.#refused(tried, status);
  }

  /** What was sent before it was refused says nothing of it now. */
  #accepted({ seat, model, pickedAt }: Tried): void {
    const { key, state } = seat;
    const { whole } = state;
    if (whole && pickedAt > whole.since) {
      state.whole = undefined;
      this.#deps.onKeyAccepted({ provider: this.#name, key, model: undefined });
    }
    const rest = state.ofModel(model);
    if (!rest || pickedAt <= rest.since) return;
    state.clearModel(model);
    if (rest.kind === 'refused') this.#deps.onKeyAccepted({ provider: this.#name, key, model });
  }

  /** Who counts a key's requests knows the key. */
  #limited(tried: Tried, retryAfterMs: number): void {
    const { seat, model } = tried;
    this.#accepted(tried);
    const rest = seat.state.ofModel(model);
    if (rest?.kind === 'refused') return;
    const since = this.#deps.clock.monotonic();
    const restMs = Math.min(Math.max(retryAfterMs, LEAST_LIMITED_MS), MOST_LIMITED_MS);
    const until = Math.max(since + restMs, rest?.until ?? 0);
    seat.state.restModel(model, { kind: 'limited', since, until, triedAt: since, times: 0 });
  }

  #refused({ seat, model, pickedAt }: Tried, status: number | undefined): void {
    const { key, state } = seat;
    const now = this.#deps.clock.monotonic();
    const isForModel = status === 403 && model !== '';
    const known = isForModel ? state.ofModel(model) : state.whole;
    const before = known?.kind === 'refused' ? known : undefined;
    // Others were under way with it when it was refused: theirs is the same refusal.
    if (before && pickedAt <= before.since) return;
    const times = (before?.times ?? 0) + 1;
    const until = now + Math.min(REFUSED_MS * 2 ** (times - 1), MOST_REFUSED_MS);
    const rest: Rest = { kind: 'refused', since: now, until, triedAt: now, times };
    if (isForModel) state.restModel(model, rest);
    else state.whole = rest;
    if (before) return;
    const left = this.#seats.filter((one) => refusalsOf(one, isForModel ? model : undefined).length === 0).length;
    this.#deps.onKeyRefused({ provider: this.#name, key, model: isForModel ? model : undefined, status, left });
  }
}

interface Tried {
  readonly seat: Seat;
  readonly model: string;
  readonly pickedAt: number;
}

function seatsOf(provider: Provider, states: KeyStates): readonly Seat[] {
  const { name, keys = [] } = provider;
  const [first] = keys;
  if (!first) return [{ key: KEYLESS, weight: 1, provider, state: states.of(name, KEYLESS.id), load: new KeyLoad() }];
  return keys.map((key) => ({
    key: { id: key.id, shown: key.shown },
    weight: key.weight,
    provider: key === first ? provider : withKey(provider, key),
    state: states.of(name, key.id),
    load: new KeyLoad(),
  }));
}

/** Those in force for a model, or for all. */
function refusalsOf({ state }: Seat, model: string | undefined): Rest[] {
  if (state.isClear) return [];
  const rests = [state.whole, model === undefined ? undefined : state.ofModel(model)];
  return rests.filter((rest) => rest !== undefined).filter(({ kind }) => kind === 'refused');
}

function isFree({ state }: Seat, model: string, now: number): boolean {
  const rest = state.ofModel(model);
  if (rest?.kind === 'limited' && rest.until <= now) state.clearModel(model);
  return isOver(state.whole, now) && isOver(rest, now);
}

function isOver(rest: Rest | undefined, now: number): boolean {
  if (!rest) return true;
  return rest.until <= now && (rest.kind === 'limited' || rest.triedAt + TRY_EVERY_MS <= now);
}

/** Of keys that all rest, the one to be used all the same. */
function lastResort(seats: readonly Seat[], model: string, now: number): Seat | undefined {
  const limited = seats.filter((seat) => refusalsOf(seat, model).length === 0);
  if (limited.length > 0) return limited.length === 1 ? limited[0] : undefined;
  const tried = seats.map((seat) => ({ seat, at: lastTry(seat, model) }));
  if (tried.some(({ at }) => at + TRY_EVERY_MS > now)) return undefined;
  return tried.reduce((first, one) => (one.at < first.at ? one : first)).seat;
}

function lastTry(seat: Seat, model: string): number {
  return Math.max(...refusalsOf(seat, model).map(({ triedAt }) => triedAt));
}

function unavailable(provider: string, seats: readonly Seat[], model: string, now: number): GatewayError {
  const limited = seats.filter((seat) => refusalsOf(seat, model).length === 0);
  if (limited.length === 0) {
    const them = seats.length === 1 ? 'the credentials' : `all ${seats.length} keys`;
    return new GatewayError('provider_auth_failed', {
      message:
        `The provider "${provider}" refuses ${them} of this gateway. The operator has to check them and the account ` +
        'behind them; the gateway tries again every 30 seconds.',
    });
  }
  const ends = limited.map(({ state }) => state.ofModel(model)?.until ?? now);
  return new GatewayError('provider_rate_limited', {
    message:
      `The provider "${provider}" is limiting every key of this gateway. Wait as long as Retry-After says and send it ` +
      'again.',
    retryAfterMs: Math.ceil(Math.max(0, Math.min(...ends) - now)),
  });
}
