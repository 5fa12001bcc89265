import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { GenerationalMap } from '../../core/generational-map.ts';
import { clientNetwork } from '../../core/network-address.ts';

interface Bound {
  readonly most: number;
  readonly windowMs: number;
}

/** How many attempts may fail. */
export interface AttemptBounds {
  readonly ofAddress: readonly Bound[];
  readonly ofAll: Bound;
}

const MINUTE_MS = 60_000;

/** At the form where people sign in. */
export const SIGN_IN_BOUNDS: AttemptBounds = {
  ofAddress: [
    { most: 5, windowMs: MINUTE_MS },
    { most: 20, windowMs: 15 * MINUTE_MS },
  ],
  ofAll: { most: 100, windowMs: MINUTE_MS },
};

/** Of programs, whose key was revoked while they go on asking. */
export const REQUEST_BOUNDS: AttemptBounds = {
  ofAddress: [{ most: 60, windowMs: MINUTE_MS }],
  ofAll: { most: 1000, windowMs: MINUTE_MS },
};

/** Of what is refused, what is written down. */
export const REFUSAL_BOUNDS: AttemptBounds = {
  ofAddress: [{ most: 10, windowMs: MINUTE_MS }],
  ofAll: { most: 100, windowMs: MINUTE_MS },
};

/** So many in a row, and operators are told. */
const TOLD_AT = 10;
const MOST_ADDRESSES = 10_000;

interface Failures {
  /** The latest ones, the oldest first, monotonic. */
  readonly times: number[];
  inRow: number;
}

export interface AttemptsDeps {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly bounds: AttemptBounds;
  /** Called once for each row of failures that has become long. */
  readonly told: (address: string, inRow: number) => void;
}

/** Counts who tries keys that are not right, by their address and all together; this process's own alone. */
export class Attempts {
  readonly #deps: AttemptsDeps;
  readonly #byAddress = new GenerationalMap<Failures>(MOST_ADDRESSES);
  readonly #all: number[] = [];

  constructor(deps: AttemptsDeps) {
    this.#deps = deps;
  }

  /** @throws limit_requests where too many have failed */
  require(address: string): void {
    const waitMs = this.waitMs(address);
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1000);
    throw new GatewayError('limit_requests', {
      message: `Too many keys were tried that are not right. Try again in ${seconds} s.`,
      retryAfterMs: waitMs,
    });
  }

  /** How long until another attempt may be made; 0: at once. */
  waitMs(address: string): number {
    const { bounds } = this.#deps;
    const times = this.#byAddress.get(clientNetwork(address))?.times ?? [];
    const waits = bounds.ofAddress.map((bound) => this.#waitMs(times, bound));
    return Math.max(this.#waitMs(this.#all, bounds.ofAll), ...waits);
  }

  failed(address: string): void {
    const { clock, bounds, told } = this.#deps;
    const network = clientNetwork(address);
    const failures = this.#byAddress.get(network) ?? { times: [], inRow: 0 };
    const now = clock.monotonic();
    keepLatest(failures.times, now, Math.max(...bounds.ofAddress.map(({ most }) => most)));
    keepLatest(this.#all, now, bounds.ofAll.most);
    failures.inRow += 1;
    this.#byAddress.set(network, failures);
    if (failures.inRow === TOLD_AT) told(network, failures.inRow);
  }

  /** Ends the row. What failed before counts on: else whoever has a key of their own could guess at others for ever. */
  succeeded(address: string): void {
    const failures = this.#byAddress.get(clientNetwork(address));
    if (failures) failures.inRow = 0;
  }

  /** Until the first of the last `most` is out of the window. */
  #waitMs(times: readonly number[], { most, windowMs }: Bound): number {
    const first = times.at(-most);
    return first === undefined ? 0 : Math.max(0, first + windowMs - this.#deps.clock.monotonic());
  }
}

function keepLatest(times: number[], now: number, most: number): void {
  times.push(now);
  if (times.length > most) times.shift();
}
