import type { Call } from '../../../core/call.ts';
import type { Approval, ReviewDesk } from './review-desk.ts';

/** What the client says that somebody approved. */
export interface Passing {
  readonly approval?: Approval | undefined;
  /** Why what it names lets nothing through. */
  readonly refusal?: unknown;
}

/** Never rejects. */
export async function passOf(reviews: Pick<ReviewDesk, 'pass'>, call: Call): Promise<Passing> {
  try {
    return { approval: await reviews.pass(call) };
  } catch (refusal) {
    return { refusal };
  }
}

/** What went wrong before is what the client is told, so it never rejects. */
export async function giveBack(approval: Approval | undefined): Promise<void> {
  try {
    await approval?.giveBack();
  } catch {
    // The approval is lost, and a review can be asked for again.
  }
}
