import { hash } from 'node:crypto';

const DIGITS = 12;
const ALL = 16 ** DIGITS;

/** A number from 0 to below 1 that is the same for the same request and purpose each time. */
export function drawnOf(traceId: string, purpose: string): number {
  return Number.parseInt(hash('sha256', `${purpose} ${traceId}`).slice(0, DIGITS), 16) / ALL;
}
