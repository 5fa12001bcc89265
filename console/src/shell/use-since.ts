import { useMemo } from 'react';

import { useBeat } from './beat.ts';
import { type RangeName, readRange } from './time-range.ts';

/** The beginning of the last so and so long; it moves by steps, so that answers can be used again. */
export function useSince(range: RangeName): string {
  const now = useBeat();
  return useMemo(() => readRange({ range }, range, now).since, [range, now]);
}
