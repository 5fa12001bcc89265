import { GatewayError } from '../../core/errors.ts';

/** @param what is wrong, as the end of a sentence */
export function malformed(what: string): GatewayError {
  return new GatewayError('request_invalid', { message: `The form is malformed: ${what}.` });
}
