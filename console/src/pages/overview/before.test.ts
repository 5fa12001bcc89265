import { describe, expect, it } from 'vitest';

import { beforeOf, keptFrom } from './before.ts';

describe('what an overview is compared with', () => {
  it('is so many days earlier, and is told where it is no longer kept', () => {
    const answer = { since: '2026-05-02T08:15:00.000Z', kept_since: '2026-03-01T14:15:00.000Z' };
    expect(beforeOf({ ...answer, before: { since: '2026-05-01T08:15:00.000Z' } })).toEqual({ days: 1, isKept: true });
    expect(beforeOf({ ...answer, before: { since: '2026-02-01T08:15:00.000Z' } })).toEqual({ days: 90, isKept: false });
  });

  it('tells from when on there are figures where that is not what was asked', () => {
    const answer = { since: '2026-03-01T14:15:00.000Z' };
    expect(keptFrom(answer, '2026-03-01T14:20:00.000Z')).toBeUndefined();
    expect(keptFrom(answer, '2026-02-20T00:00:00.000Z')).toBe(answer.since);
  });
});
