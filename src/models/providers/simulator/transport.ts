import type { Simulator } from '../../simulator/simulator.ts';
import type { AnswerOutput } from '../../simulator/playback.ts';
import type { Transport, UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../../transport/transport.ts';

/** Carries requests to a simulator in the same process, with the timeouts of a socket but without one. */
export function createSimulatorTransport(simulator: Simulator): Transport {
  const running = new Set<InProcessExchange>();
  let onIdle: (() => void) | undefined;
  return {
    send: (request, handler) => {
      const exchange = new InProcessExchange(simulator, request, handler, () => {
        running.delete(exchange);
        if (running.size === 0) onIdle?.();
      });
      running.add(exchange);
      return exchange;
    },
    close: () =>
      new Promise((resolve) => {
        if (running.size === 0) resolve();
        else onIdle = resolve;
      }),
  };
}

type ServedExchange = ReturnType<Simulator['serve']>;

class InProcessExchange implements UpstreamExchange, AnswerOutput {
  readonly #request: UpstreamRequest;
  readonly #handler: UpstreamHandler;
  readonly #onOver: () => void;
  #served: ServedExchange | undefined;
  #watch: NodeJS.Timeout | undefined;
  #isHeadOut = false;
  #isPaused = false;
  #isOver = false;

  constructor(simulator: Simulator, request: UpstreamRequest, handler: UpstreamHandler, onOver: () => void) {
    this.#request = request;
    this.#handler = handler;
    this.#onOver = onOver;
    this.#watchFor(request.timeouts.headers);
    // As on a socket, nothing is called back before `send` has returned.
    setImmediate(() => this.#begin(simulator));
  }

  #begin(simulator: Simulator): void {
    if (this.#isOver) return;
    const { method, path, headers, body } = this.#request;
    const text = body === undefined ? '' : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
    this.#served = simulator.serve({ method, path, headers, body: text }, this);
    if (this.#isOver) this.#served.abort();
    else if (this.#isPaused) this.#served.pause();
  }

  /** From now on, so much silence is too much. */
  #watchFor(ms: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#timeOut(ms), ms);
  }

  #timeOut(ms: number): void {
    if (this.#isOver || (this.#isPaused && this.#isHeadOut)) return;
    this.#finish();
    this.#served?.abort();
    this.#handler.fail({ kind: 'timeout', cause: new Error(`the simulator was silent for ${ms} ms`) });
  }

  /** Returns false where it was over before. */
  #finish(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#watch);
    this.#onOver();
    return true;
  }

  head(status: number, headers: Record<string, string>): void {
    if (this.#isOver) return;
    this.#isHeadOut = true;
    this.#watchFor(this.#request.timeouts.idle);
    this.#handler.head(status, headers);
  }

  write(text: string): boolean {
    if (this.#isOver) return true;
    this.#watchFor(this.#request.timeouts.idle);
    if (text !== '') this.#handler.data(Buffer.from(text));
    return !this.#isPaused;
  }

  end(text: string): void {
    this.write(text);
    if (this.#finish()) this.#handler.end();
  }

  cut(text: string): void {
    this.write(text);
    if (this.#finish()) this.#handler.fail({ kind: 'broken', cause: new Error('the simulator cut the connection') });
  }

  pause(): void {
    this.#isPaused = true;
    this.#served?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    // The time that the reader took is not the provider's silence.
    if (!this.#isOver && this.#isHeadOut) this.#watchFor(this.#request.timeouts.idle);
    this.#served?.resume();
  }

  abort(): void {
    if (this.#finish()) this.#served?.abort();
  }
}
