import { describe, expect, test } from 'vitest';

import { expiryDate, keyState, namesIn } from './key-state.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const key = (expires: string | null, revoked: string | null = null) => ({ expires_at: expires, revoked_at: revoked });

describe('the state of a key', () => {
  test('is live, nearly over, over, or revoked whatever its day', () => {
    expect(keyState(key(null), NOW)).toBe('live');
    expect(keyState(key('2026-12-22T12:00:00Z'), NOW)).toBe('live');
    expect(keyState(key('2026-11-25T12:00:00Z'), NOW)).toBe('expiring');
    expect(keyState(key('2026-11-22T12:00:00Z'), NOW)).toBe('expired');
    expect(keyState(key(null, '2026-11-01T00:00:00Z'), NOW)).toBe('revoked');
    expect(keyState(key('2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z'), NOW)).toBe('revoked');
  });
});

describe('the day on which a key expires', () => {
  test('is none, so many days from now, or the end of a day where the reader is', () => {
    expect(expiryDate('never', '', NOW)).toBeUndefined();
    expect(expiryDate('30d', '', NOW)).toBe('2026-12-22T12:00:00.000Z');
    const end = new Date(expiryDate('custom', '2026-12-01', NOW) ?? '');
    expect([end.getFullYear(), end.getMonth(), end.getDate(), end.getHours()]).toEqual([2026, 11, 1, 23]);
  });
});

test('names are divided by commas, spaces and lines, each once', () => {
  expect(namesIn(' chat, gpt-*\nchat，claude-*  ')).toEqual(['chat', 'gpt-*', 'claude-*']);
  expect(namesIn(' , ')).toEqual([]);
});
