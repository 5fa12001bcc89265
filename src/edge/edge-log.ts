import type { GatewayError } from '../core/errors.ts';

/** What the edge writes to the log: failures only. A pino logger fits. */
export interface EdgeLog {
  error(fields: object, message: string): void;
}

/** An error of our own making is the operator's to see, with its cause; the client gets the table's message. */
export function logIfInternal(log: EdgeLog, requestId: string, error: GatewayError): void {
  if (error.code === 'internal')
    log.error({ requestId, err: error.cause ?? error }, 'a request failed inside the gateway');
}
