import { type DestinationStream, type Level, type Logger, pino, stdTimeFunctions } from 'pino';

import { GatewayError, type ProviderRefusal } from '../core/errors.ts';
import { redactTexts } from './redaction/redact-texts.ts';

export interface LoggerOptions {
  readonly level: Level | 'silent';
  /** Standard output where absent. */
  readonly destination?: DestinationStream;
  /** In every line, where several processes write to the same place. */
  readonly worker?: number | undefined;
}

/** How much of a provider's refusal is logged, characters. */
const MAX_BODY_CHARS = 2000;
const MAX_CAUSES = 5;

/** The gateway's own log: one JSON object a line, without secrets and what is personal. */
export function createLogger({ level, destination, worker }: LoggerOptions): Logger {
  const options = {
    level,
    base: worker === undefined ? null : { worker },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError, error: serializeError },
    // The whole line is cleaned, so it does not matter how deep or in which field a secret stands. A provider's words may
    // hold the user's.
    hooks: { streamWrite: redactTexts },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Only what is named here is logged: other fields of an error may hold requests, bodies or connections. */
function serializeError(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const { cause } = thrown;
  return {
    type: thrown.name,
    message: thrown.message,
    code: 'code' in thrown ? thrown.code : undefined,
    refusal: thrown instanceof GatewayError && thrown.refusal ? serializeRefusal(thrown.refusal) : undefined,
    stack: thrown.stack,
    cause: cause === undefined || depth >= MAX_CAUSES ? undefined : serializeError(cause, depth + 1),
  };
}

/** Cleaned before it is cut, since half a secret is not recognised. */
function serializeRefusal({ status, body }: ProviderRefusal): object {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  return { status, body: redactTexts(text).slice(0, MAX_BODY_CHARS) };
}
