import { describe, expect, it } from 'vitest';

import { sparklinePath } from './sparkline.tsx';

describe('a sparkline', () => {
  it('has a gap where nothing is known', () => {
    expect(sparklinePath([1, 2, null, 2])).toBe('M0.0 14.0L40.0 2.0M120.0 2.0');
  });

  it('is empty where nothing is known at all', () => {
    expect(sparklinePath([null, null])).toBe('');
  });
});
