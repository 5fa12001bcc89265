import { GatewayError } from './errors.ts';

/** A request header that cannot be read. @param expected what it must be, in words */
export function badHeader(name: string, expected: string): GatewayError {
  return new GatewayError('request_invalid', { message: `The header ${name} must be ${expected}.`, param: name });
}
