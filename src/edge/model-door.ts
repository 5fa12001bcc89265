import type { IncomingMessage, ServerResponse } from 'node:http';

import { GatewayError } from '../core/errors.ts';
import { HttpCall, type Surface } from './call-factory.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { gatewayErrorOf } from './http-errors.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import { refuse } from './refuse.ts';
import { Exchange, type ExchangeContext } from './write-reply.ts';

/** Says whether a shutdown began. */
export type IsDraining = () => boolean;

/** Through which requests for models come in, whoever found out that they are some. */
export class ModelDoor {
  readonly deps: EdgeDeps;
  readonly exchanges: ExchangeContext;
  readonly isDraining: IsDraining;

  constructor(deps: EdgeDeps, open: OpenExchanges, isDraining: IsDraining) {
    this.deps = deps;
    this.exchanges = { handler: deps.handler, open, log: deps.log };
    this.isDraining = isDraining;
  }

  answer(surface: Surface, request: IncomingMessage, response: ServerResponse, body: Buffer | undefined): void {
    const call = new HttpCall(surface, request, this.deps, { body });
    if (this.isDraining()) refuse(this.deps, surface, call, response, new GatewayError('shutting_down'));
    else void new Exchange(call, surface.adapter, response, this.exchanges).run();
  }

  /** Answers what was refused before it could be asked: a body over the limit, a wrong content type. */
  refuse(surface: Surface, request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
    refuse(this.deps, surface, new HttpCall(surface, request, this.deps), response, gatewayErrorOf(thrown));
  }
}
