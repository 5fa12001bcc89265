import { requireStillWanted } from '../../../core/abort-error.ts';
import type { Call } from '../../../core/call.ts';
import { ChurningMap } from '../../../core/churning-map.ts';
import type { Terminal } from '../../../core/events.ts';
import type { Reply } from '../../../core/reply.ts';
import type { Handler } from '../../../core/stage.ts';
import type { LuaScript } from '../../../storage/counters/lua-script.ts';
import type { RedisHandle } from '../../../storage/counters/redis.ts';
import type { Flights } from '../deps.ts';
import { encodeEntry } from './entries.ts';
import type { Flight } from './flight.ts';
import { FollowedAnswer, GoneError, RemoteError } from './followed-answer.ts';
import { goOnAlone } from './go-on-alone.ts';
import { type FlightsOptions, LocalFlights } from './local-flights.ts';
import { PassingOn, type Readers, passOnWhole } from './passing-on.ts';
import { FLIGHT_KEY, FLIGHT_SCRIPTS } from './redis-flight-scripts.ts';
import type { WarningMark } from './sharing.ts';

export interface SharedFlightsOptions extends FlightsOptions {
  readonly redis: RedisHandle;
  /** This process, for as long as it lives; without a slash. */
  readonly replica: string;
  /** How long a replica is thought to live after its last sign of life, milliseconds. */
  readonly leaseMs?: number;
}

const LEASE_MS = 2000;
/** How often a replica looks whether others want what it asks for. */
const LOOK_MS = 50;
/** How often it looks for more of what others pass on. */
const READ_MS = 25;
/** A request is not held up longer by Redis before it is sent. */
const PATIENCE_MS = 50;

/** A request of this replica that others may read along with. */
interface Led {
  readonly name: string;
  readonly token: string;
  readonly flight: Flight;
  readonly mark: WarningMark;
  passingOn: PassingOn | undefined;
  /** Entries that were passed on. */
  entries: number;
  /** Nothing more comes of it. */
  isOver: boolean;
}

interface Answer {
  readonly reply: Reply;
  readonly terminal: Terminal;
}

/** Of a reader at a request of another replica. */
interface Place {
  readonly name: string;
  readonly token: string;
  /** The token that its own request would have had. */
  readonly reader: string;
}

interface Followed {
  readonly token: string;
  readonly answer: FollowedAnswer;
}

/**
 * Identical requests under way of all replicas on one Redis. Each replica's own are one already; the first of them
 * takes the lead for all, or reads what the replica passes on that has it. While Redis is away each replica is for
 * itself.
 */
export class SharedFlights implements Flights {
  readonly #options: SharedFlightsOptions;
  readonly #local: LocalFlights;
  readonly #led = new ChurningMap<Led>();
  readonly #followed = new Set<Followed>();
  #number = 0;
  #stopTimer: (() => void) | undefined;
  #isBeating = false;
  #isClosed = false;

  constructor(options: SharedFlightsOptions) {
    this.#options = options;
    this.#local = new LocalFlights(options);
    options.redis.onDown(() => this.#allGone());
  }

  /** Requests of this replica that may be joined. */
  get size(): number {
    return this.#local.size;
  }

  run(name: string, call: Call, ask: Handler): Promise<Reply> {
    return this.#local.run(name, call, (asked, flight) => {
      const mayShare = flight !== undefined && this.#options.redis.ready && !this.#isClosed;
      return mayShare ? this.#share(name, asked, flight, ask) : ask(asked);
    });
  }

  /** Ends what only other replicas read; they go on by themselves. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    const led = this.#led.values();
    this.#allGone();
    await Promise.all(led.map((one) => this.#giveUp(one)));
  }

  async #share(asked: string, call: Call, flight: Flight, ask: Handler): Promise<Reply> {
    this.#number += 1;
    const name = `${call.principal?.project ?? ''} ${asked}`;
    const token = `${this.#options.replica}/${this.#number}`;
    const taking = this.#take(name, token);
    const held = await call.spans.around('cache', 'coalesce', this.#options.clock, taking);
    if (held === undefined) return ask(call);
    if (held !== token) return this.#follow({ name, token: held, reader: token }, call, ask);
    const mark = call.warnings.length;
    return this.#lead({ name, token, flight, mark, passingOn: undefined, entries: 0, isOver: false }, ask);
  }

  /** The token of the request that leads; undefined where Redis does not say so in time. */
  async #take(name: string, token: string): Promise<string | undefined> {
    const { replica, leaseMs = LEASE_MS, scheduler } = this.#options;
    const asked = this.#run(FLIGHT_SCRIPTS.take, [name, token, replica, `${leaseMs}`]).then(String, () => undefined);
    let isLate = false;
    const held = await new Promise<string | undefined>((resolve) => {
      const stop = scheduler.after(PATIENCE_MS, () => {
        isLate = true;
        resolve(undefined);
      });
      void asked.finally(stop).then(resolve);
    });
    if (isLate) void asked.then((late) => this.#giveBack({ name, token: late ?? '', reader: token }));
    return held;
  }

  /** What was granted too late. */
  #giveBack(place: Place): void {
    if (place.token === place.reader) void this.#giveUp(place);
    else if (place.token !== '') this.#leave(place);
  }

  async #lead(led: Led, ask: Handler): Promise<Reply> {
    this.#led.set(led.token, led);
    this.#beatSoon();
    let reply: Reply;
    try {
      reply = await ask(led.flight.leader);
    } catch (thrown) {
      // Who waits elsewhere is told by the one who passes it on, or sees that nobody leads any more.
      void this.#ended(led, undefined);
      throw thrown;
    }
    if (reply.kind !== 'stream') void this.#ended(led, { reply, terminal: reply.terminal });
    else reply.stream.observe({ terminal: (terminal) => void this.#ended(led, { reply, terminal }) });
    return reply;
  }

  /** Nothing more comes; who came to read it since the last look still gets it. */
  async #ended(led: Led, answer: Answer | undefined): Promise<void> {
    led.isOver = true;
    if (led.passingOn) return;
    const { name, token, flight, mark } = led;
    const items = flight.said;
    try {
      if ((await this.#run(FLIGHT_SCRIPTS.release, [name, token])) === 1) {
        if (answer?.terminal.kind !== 'completed') await this.#giveUp(led);
        else await passOnWhole(flight.leader, mark, { ...answer, items }, this.#readersOf(led));
      }
    } catch {
      // Should somebody read it, a later look finds that nobody adds to it.
    }
    this.#led.delete(token);
  }

  async #follow(place: Place, call: Call, ask: Handler): Promise<Reply> {
    const { clock } = this.#options;
    if (call.cancellation.by) this.#leave(place);
    requireStillWanted(call);
    const answer = new FollowedAnswer(
      call,
      () => clock.monotonic(),
      () => {
        this.#followed.delete(followed);
        this.#leave(place);
      },
    );
    const followed: Followed = { token: place.token, answer };
    this.#followed.add(followed);
    this.#beatSoon();
    try {
      return await answer.reply;
    } catch (thrown) {
      requireStillWanted(call);
      if (thrown instanceof GoneError) return ask(call);
      if (!(thrown instanceof RemoteError)) throw thrown;
      return goOnAlone(this.#options, call, ask, { thrown: thrown.error, wasTimed: thrown.wasTimed });
    }
  }

  /** As long as there is something to look for. */
  #beatSoon(): void {
    if (this.#isClosed || this.#isBeating || (this.#led.size === 0 && this.#followed.size === 0)) return;
    if (this.#stopTimer && this.#followed.size === 0) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#options.scheduler.after(this.#followed.size > 0 ? READ_MS : LOOK_MS, () => {
      this.#stopTimer = undefined;
      void this.#beat();
    });
  }

  async #beat(): Promise<void> {
    const { replica, leaseMs = LEASE_MS } = this.#options;
    const reading = [...this.#followed].filter(({ answer }) => answer.wantsMore);
    const asked = reading.flatMap(({ token, answer }) => [token, `${answer.next}`]);
    this.#isBeating = true;
    try {
      const told = await this.#run(FLIGHT_SCRIPTS.beat, [replica, `${leaseMs}`, ...asked]);
      const [wanted, answers] = told as [string[], string[][]];
      this.#passOn(pairsOf(wanted));
      for (const [at, followed] of reading.entries()) this.#took(followed, answers[at] ?? ['gone']);
    } catch {
      this.#allGone();
    }
    this.#isBeating = false;
    this.#beatSoon();
  }

  #took(followed: Followed, [state, ...entries]: readonly string[]): void {
    const { answer } = followed;
    if (state === 'gone') answer.gone();
    // Redis says only so much at once: next time others come first.
    if (entries.length > 0 && this.#followed.delete(followed)) this.#followed.add(followed);
    answer.take(entries);
  }

  /** @param names of the requests that others read, by token */
  #passOn(names: ReadonlyMap<string, string>): void {
    for (const led of this.#led.values()) {
      if (names.has(led.token)) this.#begin(led);
      else if (led.passingOn) {
        // The script has seen to it that nobody joins it from elsewhere any more.
        led.passingOn.stop();
        this.#led.delete(led.token);
      }
    }
    for (const [token, name] of names) if (!this.#led.has(token)) void this.#giveUp({ token, name });
  }

  #begin(led: Led): void {
    if (led.passingOn || led.isOver) return;
    const { flight, mark, token } = led;
    if (!flight.isJoinable) {
      this.#led.delete(token);
      void this.#giveUp(led);
      return;
    }
    led.passingOn = new PassingOn({
      leader: flight.leader,
      mark,
      seat: flight.join(() => {}),
      scheduler: this.#options.scheduler,
      readers: this.#readersOf(led),
      done: () => this.#led.delete(token),
    });
  }

  /** Who reads it is told that nobody adds to it any more. */
  #giveUp({ token, name }: Pick<Led, 'token' | 'name'>): Promise<void> {
    return this.#tell(FLIGHT_SCRIPTS.giveUp, [token, name, GONE]);
  }

  #leave({ token, name, reader }: Place): void {
    void this.#tell(FLIGHT_SCRIPTS.leave, [token, name, reader]);
  }

  #readersOf(led: Led): Readers {
    return {
      write: (entries, isLast) => this.#write(led, entries, isLast),
      giveUp: () => this.#giveUp(led),
    };
  }

  async #write(led: Led, entries: readonly string[], isLast: boolean): Promise<boolean> {
    const { name, token, entries: at } = led;
    led.entries += entries.length;
    try {
      return (await this.#run(FLIGHT_SCRIPTS.passOn, [token, isLast ? name : '', `${at}`, ...entries])) === 1;
    } catch {
      return false;
    }
  }

  /** Nobody hears of the others any more. */
  #allGone(): void {
    for (const { passingOn } of this.#led.values()) passingOn?.stop();
    for (const { answer } of this.#followed) answer.gone();
  }

  /** What the other side can do without. */
  async #tell(script: LuaScript, args: readonly string[]): Promise<void> {
    await this.#run(script, args).catch(() => {});
  }

  #run(script: LuaScript, args: readonly string[]): Promise<unknown> {
    return this.#options.redis.run(script, FLIGHT_KEY, args);
  }
}

const GONE = encodeEntry({ type: 'gone' });

/** From a flat list of names and values. */
function pairsOf(list: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let at = 0; at + 1 < list.length; at += 2) pairs.set(list[at] ?? '', list[at + 1] ?? '');
  return pairs;
}
