import { describe, expect, it } from 'vitest';

import type { OverviewSeries } from './ask-overview.ts';
import { answeredOf, errorRatesOf, hitRatesOf } from './series.ts';

const none = [0, 0];
const series = {
  requests: [10, 0],
  errors: { client: [1, 0], policy: [2, 0], provider: [1, 0], gateway: [1, 0] },
  aborted: [1, 0],
  cache: { exact: [2, 0], semantic: [1, 0], coalesced: none, miss: [3, 0], bypass: [4, 0] },
} as unknown as OverviewSeries;

describe('what is drawn of the overview', () => {
  it('takes as answered what neither failed nor was aborted', () => {
    expect(answeredOf(series)).toEqual([4, 0]);
  });

  it('has no rate where nothing was asked, which is not 0', () => {
    expect(errorRatesOf(series)).toEqual([0.2, null]);
    expect(hitRatesOf(series)).toEqual([0.5, null]);
  });
});
