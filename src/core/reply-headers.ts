import type { CacheOutcome } from './caching.ts';
import type { Call } from './call.ts';
import { NANO_PER_USD, type NanoUsd } from './money.ts';

const MAX_CHARS = 1024;
/** Of a dollar in nano-dollars. */
const DECIMALS = 9;
const PLAIN = /^[\x20-\x7e]*$/;

interface CausewayHeaders {
  'x-causeway-request-id': string;
  [name: string]: string;
}

/** Our own response headers, as far as the call knows them; on answers and errors alike. */
export function causewayHeaders(call: Call): CausewayHeaders {
  const headers: CausewayHeaders = { 'x-causeway-request-id': call.id };
  addCausewayHeaders(call, headers);
  return headers;
}

/** Adds them to headers that are being made, and returns those. */
export function addCausewayHeaders(call: Call, headers: Record<string, string>): Record<string, string> {
  headers['x-causeway-request-id'] = call.id;
  const { shown } = call.attempts;
  if (shown) {
    headers['x-causeway-target'] = headerSafe(shown.opening.target);
    headers['x-causeway-attempts'] = String(call.attempts.all.length);
    if (shown.opening.simulated) headers['x-causeway-simulated'] = 'true';
  }
  if (call.cache) addCacheHeaders(call.cache, headers);
  if (call.warnings.length > 0) headers['x-causeway-warnings'] = headerSafe(call.warnings.join('; '));
  return headers;
}

/** @see https://www.rfc-editor.org/rfc/rfc9111#name-age */
function addCacheHeaders(
  { state, key, ageMs, target, simulated }: CacheOutcome,
  headers: Record<string, string>,
): void {
  headers['x-causeway-cache'] = state;
  if (key !== undefined) headers['x-causeway-cache-key'] = key;
  if (ageMs !== undefined) headers['age'] = String(Math.max(0, Math.floor(ageMs / 1000)));
  if (target !== undefined) headers['x-causeway-target'] = headerSafe(target);
  if (simulated) headers['x-causeway-simulated'] = 'true';
}

/** Dollars, on whole answers only; a stream's cost is known at its end and stands in the trace. */
export function costHeader(call: Call): Record<string, string> {
  const { nanoUsd, known } = call.attempts.cost;
  return known ? { 'x-causeway-cost-usd': decimalUsd(nanoUsd) } : {};
}

/** In digits and never as `2e-8`, which not every reader of a header takes for a number. */
function decimalUsd(nano: NanoUsd): string {
  const dollars = Math.floor(nano / NANO_PER_USD);
  let rest = nano - dollars * NANO_PER_USD;
  if (rest === 0) return String(dollars);
  let places = DECIMALS;
  for (; rest % 10 === 0; rest /= 10) places -= 1;
  return `${dollars}.${String(rest).padStart(places, '0')}`;
}

/** Model names come from clients and may hold what a header may not, or more than one takes. */
function headerSafe(value: string): string {
  if (value.length <= MAX_CHARS && PLAIN.test(value)) return value;
  const shown = value.length > MAX_CHARS ? `${value.slice(0, MAX_CHARS)}...` : value;
  return shown.replace(/[^\x20-\x7e]/gu, (char) => encodeURIComponent(char.isWellFormed() ? char : '?'));
}
