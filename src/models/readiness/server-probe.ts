import type { Scheduler } from '../../core/scheduler.ts';
import type { Transport, UpstreamRequest } from '../transport/transport.ts';
import { type Answer, ask } from './ask.ts';
import type { ReadinessPlan } from './plan.ts';
import { isFine, isWrongKind, reasonOf } from './reason.ts';

/** A provider's server and those of its models that are asked for. */
export interface ProbedServer {
  readonly provider: string;
  readonly plan: ReadinessPlan;
  readonly transport: Transport;
  readonly models: readonly string[];
}

export interface Readiness {
  readonly ready: boolean;
  /** Why it is not; empty where it is. */
  readonly reason: string;
}

export interface ServerProbeDeps {
  readonly scheduler: Scheduler;
  /** 0 to below 1. */
  readonly random: () => number;
  /** The readiness of a model, or the reason why it is not ready, is another. */
  readonly onChange: (model: string, readiness: Readiness) => void;
}

const READY: Readiness = { ready: true, reason: '' };
const UNASKED: Readiness = { ready: false, reason: 'it was not asked yet' };

const FIRST_RETRY_MS = 1000;
/** A server that is away for long is still looked for, at most so many intervals apart. */
const LONGEST_RETRY_INTERVALS = 3;

/**
 * Asks one server, again and again: first whether it is up, then of each model that is not warm yet for a token.
 * A server that was away has to warm its models anew. One request at a time.
 */
export class ServerProbe {
  readonly #server: ProbedServer;
  readonly #deps: ServerProbeDeps;
  readonly #models = new Map<string, Readiness>();
  #isUp = false;
  #failures = 0;
  /** Ends what runs: the request, or the wait for the next. */
  #stop: () => void = () => {};

  /** @param before what was known of the same server until now */
  constructor(server: ProbedServer, deps: ServerProbeDeps, before?: ServerProbe) {
    this.#server = server;
    this.#deps = deps;
    this.#isUp = before?.isUp ?? false;
    for (const model of server.models) this.#models.set(model, before?.of(model) ?? UNASKED);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  of(model: string): Readiness | undefined {
    return this.#models.get(model);
  }

  entries(): Iterable<readonly [model: string, Readiness]> {
    return this.#models;
  }

  /** Asks now, and goes on until it is closed. */
  start(): void {
    const { plan } = this.#server;
    this.#ask(plan.check, (answer) => {
      if (!isFine(answer)) return this.#down(reasonOf(answer));
      this.#isUp = true;
      this.#warmNext([...this.#models.keys()]);
    });
  }

  close(): void {
    this.#stop();
  }

  #ask(request: UpstreamRequest, done: (answer: Answer) => void): void {
    let isOver = false;
    const abort = ask(this.#server.transport, request, (answer) => {
      isOver = true;
      done(answer);
    });
    // An answer that came at once has begun what follows it, which is now the thing to stop.
    if (!isOver) this.#stop = abort;
  }

  #down(reason: string): void {
    this.#isUp = false;
    for (const model of this.#models.keys()) this.#set(model, { ready: false, reason });
    this.#failures += 1;
    this.#again();
  }

  /** Goes through the models; then the round is over. */
  #warmNext(models: readonly string[]): void {
    const next = models.find((model) => this.#models.get(model)?.ready !== true);
    if (next === undefined) {
      const isWarm = [...this.#models.values()].every(({ ready }) => ready);
      this.#failures = isWarm ? 0 : this.#failures + 1;
      return this.#again();
    }
    const rest = models.slice(models.indexOf(next) + 1);
    this.#warm(next, this.#server.plan.warmUps(next), () => this.#warmNext(rest));
  }

  /** Where each kind of request is refused as wrong, the first refusal is what counts. */
  #warm(model: string, [request, ...others]: readonly UpstreamRequest[], done: () => void, refusal?: Answer): void {
    if (!request) {
      this.#set(model, refusal ? warming(refusal) : READY);
      return done();
    }
    this.#ask(request, (answer) => {
      if (isWrongKind(answer)) return this.#warm(model, others, done, refusal ?? answer);
      this.#set(model, isFine(answer) ? READY : warming(answer));
      done();
    });
  }

  #set(model: string, readiness: Readiness): void {
    const before = this.#models.get(model);
    if (before?.ready === readiness.ready && before.reason === readiness.reason) return;
    this.#models.set(model, readiness);
    this.#deps.onChange(model, readiness);
  }

  #again(): void {
    this.#stop = this.#deps.scheduler.after(this.#delayMs(), () => this.start());
  }

  /** Spread over a half, so that replicas do not ask in step. */
  #delayMs(): number {
    const { intervalMs } = this.#server.plan;
    const spread = 0.5 + this.#deps.random() / 2;
    if (this.#failures === 0) return intervalMs * spread;
    const backoff = FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 20);
    return Math.min(backoff, intervalMs * LONGEST_RETRY_INTERVALS) * spread;
  }
}

function warming(answer: Answer): Readiness {
  return { ready: false, reason: `asked for a token, ${reasonOf(answer)}` };
}
