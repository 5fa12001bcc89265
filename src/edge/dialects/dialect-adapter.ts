import type { IncomingHttpHeaders } from 'node:http';

import type { BodyFacts, Dialect, Operation } from '../../core/call.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';

/** A path under which a dialect's clients ask models. All of them are POST with a JSON body. */
interface ModelRoute {
  readonly path: string;
  readonly operation: Operation;
  /** One line for `/openapi.json`. */
  readonly summary: string;
}

/** A model as `GET /v1/models` lists it. */
export interface ModelEntry {
  readonly id: string;
  readonly ownedBy: string;
  /** Epoch milliseconds; undefined where nobody said. */
  readonly createdAt: number | undefined;
}

/** An error, ready to be written. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** Everything the edge has to know of one API shape. Pure: no I/O, no clock. */
export interface DialectAdapter {
  readonly dialect: Dialect;
  readonly routes: readonly ModelRoute[];
  /** Whether a request that is not for a model route comes from a client of this dialect. */
  speaks(path: string, headers: IncomingHttpHeaders): boolean;
  /** @throws request_invalid where the gateway cannot read what it needs; everything else is the provider's to judge */
  readFacts(body: JsonObject, operation: Operation): BodyFacts;
  renderError(error: GatewayError, requestId: string): ErrorAnswer;
  /** The error as a server-sent event, for a stream whose headers are out. */
  errorEvent(error: GatewayError, requestId: string): string;
  renderModel(entry: ModelEntry): JsonObject;
  renderModels(entries: readonly ModelEntry[]): JsonObject;
}
