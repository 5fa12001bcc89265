import type { CallRecord } from '../journal/record.ts';
import { storableName } from '../traces/storable-text.ts';

/** What one guard said of one request, once or several times. */
export interface VerdictShare {
  readonly policy: string;
  readonly guard: string;
  readonly place: string;
  readonly outcome: string;
}

/** One for each verdict. Never throws. */
export function verdictSharesOf({ verdicts, guardPolicies }: CallRecord): VerdictShare[] {
  // Where several policies hold, what a guard said names its own.
  const only = guardPolicies?.length === 1 ? guardPolicies[0] : undefined;
  return (verdicts ?? []).map(({ guard, place, outcome, detail }) => {
    const named = detail?.['policy'];
    const policy = typeof named === 'string' ? named : only;
    return { policy: nameOf(policy), guard: nameOf(guard), place: nameOf(place), outcome: nameOf(outcome) };
  });
}

/** What is not named is empty, as in the table. */
function nameOf(name: string | undefined): string {
  return storableName(name) ?? '';
}
