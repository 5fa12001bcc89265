import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { GatewayError } from '../../core/errors.ts';
import { bodyFaultOf } from '../body-reader.ts';
import { passedOn } from './free-buffers.ts';

/** How long a client may stay silent in the middle of a form. */
const SILENCE_MS = 60_000;

export interface SourceLimits {
  readonly limitBytes: number;
  /** Longest wait for the next bytes; a minute where absent. */
  readonly silenceMs?: number | undefined;
}

/** Connections on which a form is coming: its time is counted between two reads, not for all of it. */
const pacing = new WeakSet<Socket>();

/** Whether a request that takes long on this connection is one that may. */
export function keepsOwnPace(socket: Socket): boolean {
  return pacing.has(socket);
}

interface Waiter {
  resolve(chunk: Buffer | undefined): void;
  reject(error: GatewayError): void;
}

/** The body of a request, read only when it is asked for, so that a slow receiver slows its sender down. */
export class FormSource {
  readonly #request: IncomingMessage;
  readonly #limits: SourceLimits;
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;
  #waiter: Waiter | undefined;
  #ended = false;
  #failure: GatewayError | undefined;

  constructor(request: IncomingMessage, limits: SourceLimits) {
    this.#request = request;
    this.#limits = limits;
    this.#timer = setTimeout(() => this.#expire(), limits.silenceMs ?? SILENCE_MS).unref();
    pacing.add(request.socket);
    request.pause().on('data', this.#take).on('end', this.#finish).on('error', this.#lost).on('close', this.#lost);
    if (Number(request.headers['content-length']) > limits.limitBytes) this.close(tooLarge(limits));
    else if (request.destroyed) this.#lost();
  }

  /**
   * Its next bytes; undefined at its end.
   * @throws request_too_large, request_invalid (silence), client_aborted, and what it was closed with
   */
  readonly next = (): Promise<Buffer | undefined> => {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#ended) return Promise.resolve(undefined);
    const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
    this.#waiter = { resolve, reject };
    this.#timer.refresh();
    this.#request.resume();
    return promise;
  };

  /** Reads no more. Whoever waits, or asks later, is told the error; the first one counts. */
  close(error: GatewayError): void {
    this.#failure ??= error;
    this.#release();
    // A socket that breaks later has nobody to tell; without a listener it would end the process.
    this.#request.on('error', ignore);
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.reject(this.#failure);
  }

  #release(): void {
    clearTimeout(this.#timer);
    const { socket } = this.#request;
    pacing.delete(socket);
    this.#request.off('data', this.#take).off('end', this.#finish).off('error', this.#lost).off('close', this.#lost);
  }

  readonly #take = (chunk: Buffer): void => {
    this.#request.pause();
    this.#bytes += chunk.length;
    passedOn(chunk.length);
    if (this.#bytes > this.#limits.limitBytes) this.close(tooLarge(this.#limits));
    else this.#answer(chunk);
  };

  readonly #finish = (): void => {
    this.#ended = true;
    this.#release();
    this.#answer(undefined);
  };

  readonly #lost = (): void => {
    this.close(bodyFaultOf(this.#request.socket) ?? new GatewayError('client_aborted'));
  };

  #answer(chunk: Buffer | undefined): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.resolve(chunk);
  }

  /** While nobody waits it is the receiver that takes its time. */
  #expire(): void {
    if (!this.#waiter) return;
    this.close(new GatewayError('request_invalid', { message: 'The request did not arrive in time. Send it again.' }));
  }
}

function tooLarge({ limitBytes }: SourceLimits): GatewayError {
  return new GatewayError('request_too_large', {
    message: `The form is over this gateway's limit of ${limitBytes} bytes (server.uploadLimit).`,
  });
}

function ignore(): void {}
