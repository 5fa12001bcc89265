import type { ServerResponse } from 'node:http';

/** A reader who is this far behind does not read: it is let go, and asks again. */
const MOST_BEHIND_BYTES = 64 * 1024;
/** How soon one that was cut off asks again. */
const RETRY_MS = 1000;

/** One who is told, over an answer that does not end. Nothing is kept of it but its socket. */
export class Subscriber {
  readonly #response: ServerResponse;
  /** Whether it sees only some projects: it is told that something changed, and no figure of all projects. */
  readonly isScoped: boolean;

  constructor(response: ServerResponse, isScoped: boolean, headers: Readonly<Record<string, string>>) {
    this.#response = response;
    this.isScoped = isScoped;
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Else some proxies keep events back until there are enough of them.
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
  }

  /** @param frame whole events of the protocol. False where it is gone. */
  send(frame: string): boolean {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return false;
    if (response.writableLength > MOST_BEHIND_BYTES) {
      response.destroy();
      return false;
    }
    response.write(frame);
    return true;
  }

  end(): void {
    this.#response.end();
  }
}

/** An event as the protocol writes it. */
export function frameOf(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
