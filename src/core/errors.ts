import type { Protocol } from './call.ts';
import { ERRORS, type ErrorCode, type ErrorOrigin, type ErrorRow } from './error-table.ts';

export { ERRORS, type ErrorCode, type ErrorOrigin } from './error-table.ts';

/** A provider's own refusal, kept so that a client of the same dialect can be shown it as it came. */
export interface ProviderRefusal {
  /** Whose error shape the body has. */
  readonly dialect: Protocol;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface GatewayErrorDetail {
  /** Replaces the table's message. Must be safe to show to the client. */
  readonly message?: string;
  /** In place of the table's, where the operator has the choice. */
  readonly status?: number | undefined;
  /** The request field at fault, as the OpenAI dialect's `error.param`. */
  readonly param?: string;
  /** For logs only; never rendered. */
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
  /** What the client is told beside, such as how its rate limits stand. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly refusal?: ProviderRefusal;
}

/** The one error type that crosses rooms. Its `code` is a row of {@link ERRORS}. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly param: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly refusal: ProviderRefusal | undefined;

  constructor(code: ErrorCode, detail: GatewayErrorDetail = {}) {
    super(detail.message ?? ERRORS[code].message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.code = code;
    this.status = detail.status ?? ERRORS[code].status;
    this.param = detail.param;
    this.retryAfterMs = detail.retryAfterMs;
    this.headers = detail.headers;
    this.refusal = detail.refusal;
  }

  get row(): ErrorRow {
    return ERRORS[this.code];
  }

  get origin(): ErrorOrigin {
    return this.row.origin;
  }
}

/** Anything thrown, as a GatewayError; what is not one already becomes `internal`. */
export function toGatewayError(thrown: unknown): GatewayError {
  return thrown instanceof GatewayError ? thrown : new GatewayError('internal', { cause: thrown });
}
