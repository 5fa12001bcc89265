import { expect, test } from 'vitest';

import { expiryAt, keyState, namesIn } from './key-state.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

test('a key is live until it expires or is revoked', () => {
  expect(keyState({ expires_at: null, revoked_at: null }, NOW)).toBe('live');
  expect(keyState({ expires_at: '2026-11-22T12:00:01Z', revoked_at: null }, NOW)).toBe('live');
  expect(keyState({ expires_at: '2026-11-22T12:00:00Z', revoked_at: null }, NOW)).toBe('expired');
  expect(keyState({ expires_at: '2026-11-21T12:00:00Z', revoked_at: '2026-11-20T12:00:00Z' }, NOW)).toBe('revoked');
});

test('names are told apart by commas of both kinds and by lines', () => {
  expect(namesIn(' support, shop，support\n\nbot ,')).toEqual(['support', 'shop', 'bot']);
  expect(namesIn('  ')).toEqual([]);
});

test('a key expires after so many days, or never', () => {
  expect(expiryAt('never', NOW)).toBeUndefined();
  expect(expiryAt('30d', NOW)).toBe('2026-12-22T12:00:00.000Z');
});
