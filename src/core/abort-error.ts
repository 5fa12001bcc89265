import type { AbortedBy } from './cancellation.ts';
import { type ErrorCode, GatewayError } from './errors.ts';

const CODES = {
  client: 'client_aborted',
  deadline: 'deadline_exceeded',
  shutdown: 'shutting_down',
  guard: 'guard_blocked',
} as const satisfies Record<AbortedBy, ErrorCode>;

/** Requests are blocked as well, so that `guard_blocked` does not say that an answer was. */
const ENDED_BY: ReadonlyMap<ErrorCode, AbortedBy> = new Map([
  [CODES.client, 'client'],
  [CODES.deadline, 'deadline'],
  [CODES.shutdown, 'shutdown'],
]);

/** What the end of a call's own time is called where it has no reply, or not all of it. */
export function abortError(by: AbortedBy): GatewayError {
  return new GatewayError(CODES[by]);
}

/**
 * For what has waited: whether anybody still wants it.
 * @throws client_aborted, deadline_exceeded, shutting_down
 */
export function requireStillWanted({
  cancellation: { by },
}: {
  readonly cancellation: { readonly by: AbortedBy | undefined };
}): void {
  if (by) throw abortError(by);
}

/** Who ended the call, where an error says that; undefined for any other. */
export function abortedBy({ code }: Pick<GatewayError, 'code'>): AbortedBy | undefined {
  return ENDED_BY.get(code);
}
