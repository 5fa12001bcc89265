import type { AbortedBy } from '../core/cancellation.ts';
import { Crowd, type CrowdMember } from '../core/crowd.ts';

export interface OpenExchange extends CrowdMember {
  cancel(by: AbortedBy): void;
  /** Has the client told, where its headers are not out yet, that this connection takes no further request. */
  endConnection(): void;
}

/** The model requests that are being answered now, so that a shutdown can wait for them and then end them. */
export class OpenExchanges {
  readonly #open = new Crowd<OpenExchange>();
  #whenEmpty: (() => void)[] = [];

  add(exchange: OpenExchange): void {
    this.#open.add(exchange);
  }

  delete(exchange: OpenExchange): void {
    this.#open.delete(exchange);
    if (this.#open.size > 0) return;
    const waiting = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const resolve of waiting) resolve();
  }

  endConnections(): void {
    for (const exchange of this.#open.all()) exchange.endConnection();
  }

  cancelAll(by: AbortedBy): void {
    for (const exchange of this.#open.all()) exchange.cancel(by);
  }

  /** Resolves when none is open, or after `limitMs`. */
  async empty(limitMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenEmpty.push(resolve);
    const timer = setTimeout(resolve, limitMs);
    await promise;
    clearTimeout(timer);
  }
}
