import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { OperatorDoor } from '../core/admin-request.ts';
import type { Call, Dialect, Principal } from '../core/call.ts';
import type { Clock } from '../core/clock.ts';
import type { GatewayError } from '../core/errors.ts';
import type { Operator } from '../core/operator.ts';
import type { Handler } from '../core/stage.ts';
import type { ConsoleFiles } from './console/console-files.ts';
import type { ModelEntry } from './dialects/dialect-adapter.ts';
import type { EdgeLog } from './edge-log.ts';

/** Routes that a room brings along, with their full paths. */
type RoutePlugin = (app: FastifyInstance) => Promise<void> | void;

/** Who calls what is not a model: the holder of a key, or an operator. */
export type Caller = Principal | Operator;

/** Routes for holders of keys, with their full paths. */
type ClientRoutePlugin = (app: FastifyInstance, callerOf: (request: FastifyRequest) => Caller) => void;

/** What is taken of forms with files. */
interface UploadLimits {
  readonly limitBytes: number;
  /** Where on disk that waits which cannot be sent yet. */
  readonly folder: string;
  /** The longest silence of a client that sends; a minute where absent. */
  readonly silenceMs?: number;
}

export interface EdgeLimits {
  readonly bodyLimitBytes: number;
  /** 512 MB, in the system's folder for temporary files, where absent. */
  readonly uploads?: UploadLimits;
  /** How many proxies of the operator's own stand in front; each appends to `x-forwarded-for`. */
  readonly trustedProxies: number;
  /** How long running streams may go on once a shutdown began. */
  readonly drainTimeoutMs: number;
  /** Until all request headers are in; 20 s where absent. No limit here ever cuts an answer. */
  readonly headersTimeoutMs?: number;
  /** Until the whole request is in; 120 s where absent. */
  readonly requestTimeoutMs?: number;
}

export interface EdgeDeps {
  /** The composed pipeline. It records every call that it is given. */
  readonly handler: Handler;
  /** Records a refusal that never reached the pipeline. Must not throw. */
  readonly refuse: (call: Call, error: GatewayError) => void;
  /** Who is calling, for what is answered without the pipeline. @throws auth_missing_key, auth_invalid_key */
  readonly identify: (call: Call) => Principal;
  /** The models that this caller may ask for in this dialect. */
  readonly listModels: (principal: Principal, dialect: Dialect) => readonly ModelEntry[];
  readonly limits: EdgeLimits;
  readonly clock: Clock;
  /** Mounted for operators. */
  readonly adminRoutes: readonly RoutePlugin[];
  readonly operators: OperatorDoor;
  /** Mounted behind any key. */
  readonly clientRoutes?: readonly ClientRoutePlugin[];
  /** Mounted for everybody, e.g. `/metrics`. */
  readonly publicRoutes: readonly RoutePlugin[];
  /** Whether this process may take traffic, and if not, why. */
  readonly readiness: () => { readonly ready: boolean; readonly reasons: readonly string[] };
  readonly log: EdgeLog;
  /** The web console; absent where it is not served. */
  readonly console?: ConsoleFiles;
}
