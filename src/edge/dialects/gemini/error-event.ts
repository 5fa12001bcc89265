import type { GatewayError } from '../../../core/errors.ts';
import { errorBody } from './render-error.ts';

/** What ends a broken stream: an event with an `error`, at which the SDKs throw, and no `finishReason` after it. */
export function errorEvent(error: GatewayError): string {
  return `data: ${JSON.stringify(errorBody(error))}\n\n`;
}
