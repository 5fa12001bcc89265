import type { GatewayError } from '../../../core/errors.ts';
import { errorBody } from './render-error.ts';

/** What ends a broken stream: an error in place of the next chunk, and no `[DONE]` after it. */
export function errorEvent(error: GatewayError): string {
  return `data: ${JSON.stringify(errorBody(error))}\n\n`;
}
