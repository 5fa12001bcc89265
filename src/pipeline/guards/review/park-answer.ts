import type { ParkAnswer } from '../output/park.ts';
import type { ReviewDesk } from './review-desk.ts';

/** Has answers wait at the desk. */
export function parkAnswers(desk: Pick<ReviewDesk, 'park'>): ParkAnswer {
  return (call, { kind, policy, reasons, events, rewritten }) =>
    desk.park(call, { kind, policy, reasons, answer: { events, rewritten } });
}
