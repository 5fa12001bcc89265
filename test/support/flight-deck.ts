import { abortError } from '../../src/core/abort-error.ts';
import type { Attempt } from '../../src/core/attempts.ts';
import type { Call } from '../../src/core/call.ts';
import { GatewayError, toGatewayError } from '../../src/core/errors.ts';
import type { Terminal } from '../../src/core/events.ts';
import { type Reply, ReplyStream } from '../../src/core/reply.ts';
import type { Flights } from '../../src/pipeline/cache/deps.ts';
import { type FlightsOptions, LocalFlights } from '../../src/pipeline/cache/coalesce/local-flights.ts';
import { FakeClock } from './fake-clock.ts';
import { type CallParts, makeCall } from './make-call.ts';

/** Until everything that waits for nothing but its turn has had it. */
export function eventually(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

const COST = { costNanoUsd: 700, usage: { inputTokens: 3, outputTokens: 7 } } as const;

/** A request as the provider gets it: the test says what comes of it. */
export class Upstream {
  readonly call: Call;
  readonly reply: Promise<Reply>;
  readonly said: number[] = [];
  aborted = false;
  over = false;
  isPaused = false;
  readonly #attempt: Attempt;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (error: GatewayError) => void;
  #answered = false;
  readonly #stream = new ReplyStream({
    pause: () => void (this.isPaused = true),
    resume: () => void (this.isPaused = false),
    cancel: () => this.#abort(),
  });

  constructor(call: Call) {
    this.call = call;
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.reply = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    const opening = { target: 'lab/m', priceVersion: undefined, reservedNanoUsd: undefined, retryOf: undefined };
    this.#attempt = call.attempts.open({ ...opening, simulated: false });
    this.#attempt.sentAt = 0;
    call.attempts.answers(this.#attempt);
    call.cancellation.onCancel((by) => {
      if (this.over) return;
      this.#abort();
      if (this.#answered) this.#stream.abort(by);
      else reject(abortError(by));
    });
  }

  /** The head of a stream. */
  answer(headers: Record<string, string> = {}): void {
    if (this.#isDone || this.#answered) return;
    this.#answered = true;
    this.#resolve({ kind: 'stream', status: 200, headers, translated: false, stream: this.#stream });
  }

  /** All of it in one piece. */
  whole(headers: Record<string, string> = {}): void {
    this.over = true;
    this.#attempt.close(0, { outcome: 'completed', ...COST });
    const terminal: Terminal = { kind: 'completed', finishReason: 'stop', usage: COST.usage };
    this.#resolve({ kind: 'whole', status: 200, headers, body: Buffer.from('{}'), terminal });
  }

  push(size = 0): void {
    if (this.#isDone || !this.#answered) return;
    const number = this.said.length;
    this.said.push(number);
    this.#stream.push({ bytes: Buffer.from(`${number};`.padEnd(size)), events: [] });
  }

  complete(): void {
    this.#end({ kind: 'completed', finishReason: 'stop', usage: COST.usage });
  }

  fail(): void {
    this.#end({ kind: 'failed', error: new GatewayError('stream_interrupted'), usage: undefined });
  }

  /** Before there is any content. */
  refuse(error = new GatewayError('provider_error')): void {
    if (this.#isDone || this.#answered) return;
    this.over = true;
    this.#attempt.close(0, { outcome: 'failed', errorCode: error.code, costNanoUsd: 0 });
    this.#reject(error);
  }

  get #isDone(): boolean {
    return this.over || this.aborted;
  }

  #end(terminal: Terminal): void {
    if (this.#isDone || !this.#answered) return;
    this.over = true;
    this.#attempt.close(0, { outcome: terminal.kind, ...COST });
    this.#stream.end(terminal);
  }

  #abort(): void {
    this.aborted = true;
    this.#attempt.close(0, { outcome: 'aborted', ...COST });
  }
}

/** Several items may have become one on their way. */
function numbersIn(text: string): number[] {
  return text.split(';').flatMap((each) => (each.trim() === '' ? [] : [Number(each)]));
}

/** One client, with all that the edge does for it. */
export class Passenger {
  readonly call: Call;
  readonly heard: number[] = [];
  readonly terminals: Terminal[] = [];
  error: GatewayError | undefined;
  reply: Reply | undefined;
  left = false;
  /** How often its attempts were settled: once, unless something is wrong. */
  settled = 0;
  readonly mistakes: string[] = [];
  #isSlow = false;
  #isFull = false;
  #stream: ReplyStream | undefined;
  /** The one that was under way when it came. */
  readonly upstream: Upstream | undefined;

  constructor(upstreams: readonly Upstream[], call: Call, running: Promise<Reply>) {
    this.call = call;
    this.upstream = upstreams.at(-1);
    void running.then(
      (reply) => this.#read(reply),
      (thrown: unknown) => {
        this.error = toGatewayError(thrown);
        this.#settle();
      },
    );
  }

  get isLeader(): boolean {
    return this.upstream?.call === this.call;
  }

  /** It takes no more now. */
  get isBehind(): boolean {
    return this.#isFull || this.#stream === undefined;
  }

  setSlow(isSlow: boolean): void {
    this.#isSlow = isSlow;
    if (isSlow || !this.#isFull) return;
    this.#isFull = false;
    this.#stream?.resume();
  }

  leave(): void {
    if (this.terminals.length > 0 || this.error) return;
    this.left = true;
    this.call.cancellation.cancel('client');
    this.#stream?.abort('client');
  }

  #read(reply: Reply): void {
    this.reply = reply;
    if (reply.kind !== 'stream') {
      this.terminals.push(reply.terminal);
      this.#settle();
      return;
    }
    this.#stream = reply.stream;
    reply.stream.observe({ terminal: () => this.#settle() });
    reply.stream.read({
      item: ({ bytes }) => {
        this.heard.push(...numbersIn(Buffer.from(bytes ?? []).toString()));
        this.#isFull = this.#isSlow;
        return !this.#isFull;
      },
      terminal: (terminal) => void this.terminals.push(terminal),
    });
  }

  /** As the recorder and the quotas do. */
  #settle(): void {
    const { attempts } = this.call;
    const isOpen = (): boolean => attempts.all.some(({ closing }) => !closing);
    if (isOpen() && !attempts.isHeld) this.mistakes.push('nobody knows that its attempt goes on');
    let isDone = false;
    attempts.whenClosed(() => {
      if (isDone) return;
      isDone = true;
      this.settled += 1;
      if (isOpen()) this.mistakes.push('settled before its attempt ended');
    });
  }
}

/** Clients of one gateway that ask for the same, and the provider that answers as the test has it. */
export class FlightDeck<Kind extends Flights = Flights> {
  readonly clock: FakeClock;
  readonly flights: Kind;
  readonly upstreams: Upstream[] = [];
  readonly passengers: Passenger[] = [];

  constructor(flights: Kind, clock: FakeClock) {
    this.flights = flights;
    this.clock = clock;
  }

  /** One more client. */
  board(parts: CallParts = {}): Passenger {
    const call = makeCall({ facts: { stream: true }, ...parts });
    call.cache ??= { state: 'miss', key: 'k'.repeat(32) };
    const running = this.flights.run('same', call, (asked) => {
      const upstream = new Upstream(asked);
      this.upstreams.push(upstream);
      return upstream.reply;
    });
    const passenger = new Passenger(this.upstreams, call, running);
    this.passengers.push(passenger);
    return passenger;
  }
}

/** Of a gateway that is alone. */
export function localDeck(options: Partial<FlightsOptions> = {}): FlightDeck<LocalFlights> {
  const clock = new FakeClock();
  return new FlightDeck(new LocalFlights({ clock, scheduler: clock, random: () => 0.5, ...options }), clock);
}
