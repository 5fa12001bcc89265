import { type Call, header } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { addCausewayHeaders } from '../../../core/reply-headers.ts';
import type { WholeReply } from '../../../core/reply.ts';

/** The client names an approval here when it sends the request again. */
export const REVIEW_HEADER = 'x-causeway-review';

/** What waits now. */
export interface Parked {
  readonly id: string;
  readonly expiresAt: Date;
  /** Its client asks for the answer later, rather than for the approval of what it sends again. */
  readonly isLater: boolean;
}

/** Where a client asks how its review stands. */
export const statusPath = (id: string): string => `/v1/reviews/${id}`;

/**
 * What the client of a call that waits is told: where it may ask, if it said `prefer: respond-async`.
 * @throws guard_review with the review's id, for all others
 * @see https://www.rfc-editor.org/rfc/rfc7240#section-4.1 (checked 2026-11-22)
 */
export function parkedReply(call: Call, { id, expiresAt, isLater }: Parked): WholeReply {
  if (!isLater) throw waitsError(id);
  const url = statusPath(id);
  const told = { id, status: 'waiting', status_url: url, expires_at: expiresAt.toISOString() };
  return {
    kind: 'whole',
    status: 202,
    headers: addCausewayHeaders(call, {
      'content-type': 'application/json',
      location: url,
      'preference-applied': 'respond-async',
    }),
    body: Buffer.from(JSON.stringify(told)),
    terminal: { kind: 'completed', finishReason: undefined, usage: undefined },
  };
}

/** What a client is told that waits for the answer, also in the middle of a stream. */
export function waitsError(id: string): GatewayError {
  return new GatewayError('guard_review', {
    message:
      `Somebody has to approve this first (review ${id}). Once that is done, send the same request with the header ` +
      `${REVIEW_HEADER}: ${id}. GET ${statusPath(id)} says how it stands.`,
  });
}

/** Whether the client would rather ask for the answer later. */
export function prefersAsync(call: Pick<Call, 'headers'>): boolean {
  const preferences = (header(call, 'prefer') ?? '').split(',');
  return preferences.some((one) => one.split(';', 1)[0]?.trim().toLowerCase() === 'respond-async');
}
