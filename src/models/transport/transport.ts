/** One HTTP request to a provider, ready to be sent. */
export interface UpstreamRequest {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | undefined;
  /** In place of `body`: sent as it comes, and once. */
  readonly bodyStream?: AsyncIterable<Uint8Array>;
  readonly timeouts: UpstreamTimeouts;
}

/** Milliseconds. */
export interface UpstreamTimeouts {
  /** Until a connection stands. */
  readonly connect: number;
  /** Until the response headers. */
  readonly headers: number;
  /** Between two reads of the body. */
  readonly idle: number;
}

/**
 * What a transport calls, in this order: `head` once, `data` any number of times, then `end` or `fail` once.
 * `fail` may come first, and where the request cannot be sent at all even before `send` has returned.
 * Data may still come after `pause`, where it had been read already. After `abort` nothing more is called.
 */
export interface UpstreamHandler {
  head(status: number, headers: Record<string, string>): void;
  data(chunk: Buffer): void;
  end(): void;
  fail(failure: UpstreamFailure): void;
}

export interface UpstreamFailure {
  /** `connect`: nothing was sent. `timeout`: no byte in time. `broken`: the connection ended before the answer did. */
  readonly kind: 'connect' | 'timeout' | 'broken';
  readonly cause: Error;
}

/** The running exchange, as its starter may steer it. */
export interface UpstreamExchange {
  /**
   * @param isBrief it is to be resumed in a moment, and stopping the connection would cost more than what comes until
   *   then; it is stopped where it is not resumed
   */
  pause(isBrief?: boolean): void;
  resume(): void;
  /** Ends the exchange and frees its connection; safe to call twice, and after the end. */
  abort(): void;
}

/** How bytes get to a provider and back: sockets, or the simulator inside the process. */
export interface Transport {
  /** Never throws: what goes wrong is told to the handler. */
  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamExchange;
  /** Lets running exchanges end, then frees all connections. */
  close(): Promise<void>;
}
