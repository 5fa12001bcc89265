import type { Call } from '../../../core/call.ts';
import { ChurningMap } from '../../../core/churning-map.ts';
import type { Clock } from '../../../core/clock.ts';
import { toGatewayError } from '../../../core/errors.ts';
import type { Reply } from '../../../core/reply.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Handler } from '../../../core/stage.ts';
import type { Flights } from '../deps.ts';
import { hashName } from '../store/places.ts';
import { Flight } from './flight.ts';
import { goOnAlone, wasTimed } from './go-on-alone.ts';
import type { Keeping } from './shared-stream.ts';
import { type WarningMark, bookSaving, shareWith } from './sharing.ts';

/** More of one answer is not kept for those who join late. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Nor more of all running answers together. */
const MAX_TOTAL = 128 * 1024 * 1024;
/** More requests at once are not looked at. */
const MAX_FLIGHTS = 100_000;
/** Of a request that names none. */
const USUAL_PRIORITY = 5;

export interface FlightsOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** From 0 to just under 1. */
  readonly random: () => number;
  /** Bytes kept of one running answer. */
  readonly maxBytes?: number;
  /** Bytes kept of all of them. */
  readonly maxTotal?: number;
  /** By which names are found; of two that share one the later is not joined. */
  readonly numberOf?: (name: string) => number;
}

/** Asks for a call, and is told who waits for the answer. */
export type AskFor = (call: Call, flight?: Flight) => Promise<Reply>;

interface Running {
  readonly name: string;
  readonly flight: Flight;
  readonly mark: WarningMark;
}

/** Identical requests that are under way in this process. */
export class LocalFlights implements Flights {
  readonly #options: FlightsOptions;
  readonly #keeping: Keeping;
  /** By number: a name that is new each time would have to become one of the texts that the runtime knows. */
  readonly #running = new ChurningMap<Running, number>();
  readonly #numberOf: (name: string) => number;

  constructor(options: FlightsOptions) {
    const { maxBytes = MAX_BYTES, maxTotal = MAX_TOTAL, scheduler, numberOf = numberOfName } = options;
    this.#options = options;
    this.#numberOf = numberOf;
    this.#keeping = { maxBytes, maxTotal, total: 0, scheduler };
  }

  /** Requests under way that may be joined. */
  get size(): number {
    return this.#running.size;
  }

  /** About how much memory the answers take that are kept for late joiners. */
  get keptBytes(): number {
    return this.#keeping.total;
  }

  run(name: string, call: Call, ask: AskFor): Promise<Reply> {
    const number = this.#numberOf(name);
    const running = this.#running.get(number);
    if (running && running.name !== name) return ask(call);
    if (running && mayJoin(call, running.flight)) return this.#follow(running, call, ask);
    return this.#running.size < MAX_FLIGHTS ? this.#lead(name, number, call, ask) : ask(call);
  }

  #lead(name: string, number: number, call: Call, ask: AskFor): Promise<Reply> {
    const flight = new Flight(call, this.#keeping, () => {
      // One of a higher priority may have taken its place.
      if (this.#running.get(number)?.flight === flight) this.#running.delete(number);
    });
    this.#running.set(number, { name, flight, mark: call.warnings.length });
    return flight.lead((one) => ask(one, flight));
  }

  async #follow({ flight, mark }: Running, call: Call, ask: Handler): Promise<Reply> {
    const { leader } = flight;
    const seat = flight.join(({ kind }) => {
      if (kind === 'completed') bookSaving(call, leader);
    });
    const forget = call.cancellation.onCancel((by) => seat.leave(by));
    let reply: Reply;
    try {
      reply = await seat.reply;
    } catch (thrown) {
      forget();
      return goOnAlone(this.#options, call, ask, { thrown, wasTimed: wasTimed(leader, toGatewayError(thrown)) });
    }
    if (reply.kind === 'stream') reply.stream.observe({ terminal: forget });
    else {
      forget();
      if (reply.terminal.kind === 'completed') bookSaving(call, leader);
    }
    return shareWith(call, leader, mark, reply, this.#options.clock.monotonic());
  }
}

/**
 * Who is more urgent does not wait where one that is less urgent waits its turn. Names hold the project already; this
 * is the one place where a mistake in them would show one project another's answer.
 */
function mayJoin(call: Call, flight: Flight): boolean {
  if (!flight.isJoinable || call.principal?.project !== flight.leader.principal?.project) return false;
  return flight.isAnswering || priorityOf(call) <= priorityOf(flight.leader);
}

/** 53 bits of it. */
function numberOfName(name: string): number {
  const { high, low } = hashName(name);
  return high * 2 ** 21 + (low >>> 11);
}

function priorityOf({ facts }: Call): number {
  return facts.priority ?? USUAL_PRIORITY;
}
