import type { GatewayError } from '../../../core/errors.ts';
import { errorBody } from './render-error.ts';

/** What ends a broken stream: the dialect's `error` event, and no `message_stop` after it. */
export function errorEvent(error: GatewayError, requestId: string): string {
  return `event: error\ndata: ${JSON.stringify(errorBody(error, requestId))}\n\n`;
}
