import type { Call } from '../../../core/call.ts';
import type { Approval, ReviewDesk } from './review-desk.ts';

/** What the client says that somebody approved. */
export interface Passing {
  readonly approval?: Approval | undefined;
  /** Why what it names lets nothing through. */
  readonly refusal?: unknown;
}

/** Never rejects. Most calls name no review, and there is nothing to wait for. */
export function passOf(reviews: Pick<ReviewDesk, 'pass'>, call: Call): Passing | Promise<Passing> {
  const passed = reviews.pass(call);
  return passed instanceof Promise ? passing(passed) : { approval: passed };
}

async function passing(passed: Promise<Approval | undefined>): Promise<Passing> {
  try {
    return { approval: await passed };
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
