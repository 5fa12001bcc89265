import { GatewayError } from '../../../core/errors.ts';
import { REVIEW_HEADER, statusPath, waitsError } from './parked-reply.ts';
import type { ReviewFacts } from './review.ts';

/** What a client is told that names a review which lets nothing through now. */
export function refusalOf({ id, state, message, runsHere }: ReviewFacts): GatewayError {
  switch (state) {
    case 'waiting':
      return waitsError(id);
    case 'rejected':
      return new GatewayError('guard_blocked', {
        message: message ?? 'Somebody has looked at this request and rejected it.',
      });
    case 'approved':
      return review(
        runsHere
          ? `The request is being answered. GET ${statusPath(id)} has the answer as soon as it is there.`
          : 'Another request has just used this approval.',
      );
    case 'used':
      return review('This approval is used up. Send the request without it to ask anew.');
    case 'expired':
      return review(`The review has expired. Send the request without ${REVIEW_HEADER} to ask anew.`);
    default:
      return review(message ?? 'The request was approved, and could not be answered.');
  }
}

function review(message: string): GatewayError {
  return new GatewayError('guard_review', { message });
}
