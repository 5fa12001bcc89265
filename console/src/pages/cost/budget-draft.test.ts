import { expect, test } from 'vitest';

import { bodyOf, consequencesOf, countsAnew, draftOf, fieldAt, unreadable } from './budget-draft.ts';
import { type Budget, standings } from './budget-state.ts';

const BUDGET: Budget = {
  name: 'support-daily',
  origin: 'admin',
  per: 'project',
  id: 'support',
  usd: 100,
  period: 'day',
  timeZone: 'Asia/Shanghai',
  hard: true,
  alertAt: [0.125, 1],
  degradeTo: { model: 'cheap', at: 0.9 },
  atLimit: 'cap',
  paymentRequired: true,
  maxOutputTokens: 4000,
  settleAborted: 'bound',
  resetsAt: null,
};

test('what was read and is sent unchanged is the same', () => {
  const { name: _name, origin: _origin, resetsAt: _resetsAt, ...settings } = BUDGET;
  expect(bodyOf(draftOf(BUDGET, 'UTC'))).toEqual(settings);
});

test('what is left empty is not sent, and no alerts are no alerts', () => {
  const body = bodyOf({ ...draftOf(undefined, 'UTC'), usd: '0.5', alertAt: ' ' });
  expect(body).toEqual({
    per: 'project',
    usd: 0.5,
    period: 'month',
    timeZone: 'UTC',
    hard: false,
    alertAt: [],
    atLimit: 'refuse',
    paymentRequired: false,
  });
});

test('texts that are no numbers are named', () => {
  const draft = { ...draftOf(BUDGET, 'UTC'), usd: 'ten', alertAt: '50%, soon' };
  expect(unreadable(draft)).toEqual(['usd', 'alertAt']);
  expect(unreadable({ ...draft, usd: '1e2', alertAt: '50%，80' })).toEqual([]);
});

test('a refusal is shown at its field', () => {
  const draft = draftOf(BUDGET, 'UTC');
  expect(fieldAt('alertAt[0]', draft)).toBe('alertAt');
  expect(fieldAt('degradeTo.model', draft)).toBe('degradeModel');
  expect(fieldAt('usd', draft)).toBe('usd');
  expect(fieldAt('nothing', draft)).toBeUndefined();
});

test('a smaller amount says what becomes of what is spent', () => {
  const now = standings(BUDGET, { used: 40, reserved: 5 });
  const [one] = consequencesOf(BUDGET, { ...bodyOf(draftOf(BUDGET, 'UTC')), usd: 45 }, now);
  expect(one).toMatchObject({ share: 1, before: 'alerted', after: 'exhausted' });
});

test('another subject or period counts from nothing, another amount does not', () => {
  const body = bodyOf(draftOf(BUDGET, 'UTC'));
  expect(countsAnew(BUDGET, { ...body, usd: 1 })).toBe(false);
  expect(countsAnew(BUDGET, { ...body, id: 'search' })).toBe(true);
  expect(countsAnew(BUDGET, { ...body, period: 'month' })).toBe(true);
});

test('a name that cannot be one is told before anything is sent', () => {
  const draft = draftOf(undefined, 'UTC');
  expect(unreadable({ ...draft, name: 'bad name!' })).toEqual(['name']);
  for (const name of ['', ' support-daily ', 'v1.2_a']) expect(unreadable({ ...draft, name })).toEqual([]);
});
