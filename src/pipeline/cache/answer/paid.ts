import type { AttemptLedger } from '../../../core/attempts.ts';
import type { Saving } from '../../../core/caching.ts';

/** What an answer cost, and so what it saves whom it is given to as well. */
export type Paid = Omit<Saving, 'mechanism'>;

/** Of the attempts that made up the answer; those that failed before would not have been saved for sure. */
export function paidFor({ all }: Pick<AttemptLedger, 'all'>): Paid {
  let nanoUsd: Paid['nanoUsd'] = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  for (const { closing } of all) {
    if (closing?.outcome !== 'completed') continue;
    const { costNanoUsd, usage } = closing;
    nanoUsd = nanoUsd === undefined || costNanoUsd === undefined ? undefined : nanoUsd + costNanoUsd;
    inputTokens += usage?.inputTokens ?? 0;
    outputTokens += usage?.outputTokens ?? 0;
  }
  return { nanoUsd, inputTokens, outputTokens };
}
