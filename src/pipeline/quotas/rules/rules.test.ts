import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Principal } from '../../../core/call.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { budgetOf } from '../budgets/from-settings.ts';
import type { LimitSettings } from '../settings.ts';
import { RuleBook } from './rule-book.ts';
import { type Subjects, subjectsOf } from './subjects.ts';

const PRINCIPAL: Principal = {
  keyId: 'key_1',
  project: 'support',
  organisation: 'acme',
  user: undefined,
  models: undefined,
};

function subjects(parts: Parameters<typeof makeCall>[0] = {}): Subjects {
  return subjectsOf(makeCall({ principal: PRINCIPAL, clientIp: '203.0.113.7', ...parts }));
}

function bookOf(limits: readonly LimitSettings[] | undefined): RuleBook {
  return new RuleBook({ limits, budgets: [], addressesCounted: false });
}

function keysOf(limits: readonly LimitSettings[] | undefined, whose: Subjects): string[] {
  return bookOf(limits)
    .limitsOf(whose)
    .map(({ rule, subject }) => rule.claim(subject, 1).key);
}

const usual = { burst: 0.1, models: [] };
const perUser: LimitSettings = { per: 'user', requests: { count: 30, windowMs: 60_000 }, ...usual };

describe('whose a call is', () => {
  it('is said by the key, the address and the request', () => {
    assert.deepEqual(subjects({ facts: { user: 'ada' } }), {
      ip: '203.0.113.7',
      organisation: 'acme',
      project: 'support',
      key: 'key_1',
      user: 'support/ada',
      userName: 'ada',
      endpoint: '/v1/chat/completions',
      model: 'gpt-4o-mini',
    });
  });

  it('promise 8: is the user of the key, whoever the request names', () => {
    const own = { ...PRINCIPAL, user: 'eve' };
    assert.equal(subjects({ principal: own, facts: { user: 'ada' } }).user, 'support/eve');
  });

  it('promise 8: is a user of its own project, so that no project uses up the limits of another', () => {
    const there = { ...PRINCIPAL, project: 'search' };
    const [here, other] = [
      subjects({ facts: { user: 'ada' } }),
      subjects({ principal: there, facts: { user: 'ada' } }),
    ];
    assert.notDeepEqual(keysOf([perUser], here), keysOf([perUser], other));
  });
});

describe('limits', () => {
  it('are counted for each, or for one only', () => {
    const whose = subjects({ facts: { user: 'ada' } });
    assert.equal(keysOf([perUser], whose).length, 1);
    assert.equal(keysOf([{ ...perUser, id: 'ada' }], whose).length, 1);
    assert.equal(keysOf([{ ...perUser, id: 'support/ada' }], whose).length, 1);
    assert.equal(keysOf([{ ...perUser, id: 'eve' }], whose).length, 0);
    assert.equal(keysOf([perUser], subjects()).length, 0);
  });

  it('hold for the models that they name, by name or by its beginning', () => {
    const whose = subjects();
    assert.equal(keysOf([{ ...perUser, per: 'key', models: ['gpt-4o-mini'] }], whose).length, 1);
    assert.equal(keysOf([{ ...perUser, per: 'key', models: ['claude-*', 'gpt-*'] }], whose).length, 1);
    assert.equal(keysOf([{ ...perUser, per: 'key', models: ['gpt-4o'] }], whose).length, 0);
  });

  it('share a counter only where they are the same', () => {
    const some: LimitSettings[] = [
      {
        per: 'key',
        requests: { count: 5, windowMs: 1000 },
        tokens: { count: 5, windowMs: 1000 },
        concurrency: 5,
        ...usual,
      },
      { per: 'key', requests: { count: 5, windowMs: 60_000 }, ...usual },
      { per: 'key', requests: { count: 6, windowMs: 1000 }, ...usual },
      { per: 'key', requests: { count: 5, windowMs: 1000 }, burst: 0.1, models: ['gpt-*'] },
      { per: 'project', requests: { count: 5, windowMs: 1000 }, ...usual },
    ];
    const keys = keysOf(some, subjects());
    assert.equal(keys.length, 7);
    assert.equal(new Set(keys).size, 7);
  });

  it('have a burst of a tenth, of one request at least', () => {
    const [thirty] = bookOf([perUser]).limitsOf(subjects({ facts: { user: 'ada' } }));
    assert.equal(thirty?.rule.burst, 3);
    const few = bookOf([{ ...perUser, requests: { count: 5, windowMs: 1000 } }]);
    assert.equal(few.limitsOf(subjects({ facts: { user: 'ada' } }))[0]?.rule.burst, 1);
  });

  it('say what they are as the configuration writes it', () => {
    const day: LimitSettings = {
      per: 'project',
      id: 'support',
      requests: { count: 5000, windowMs: 86_400_000 },
      ...usual,
    };
    assert.equal(bookOf([day]).limitsOf(subjects())[0]?.rule.text, '5000 requests in 1d for the project support');
  });

  it('are the usual ones where nothing is said, which spare this machine itself', () => {
    const texts = (whose: Subjects): string[] =>
      bookOf(undefined)
        .limitsOf(whose)
        .map(({ rule }) => rule.text);
    assert.deepEqual(texts(subjects({ facts: { user: 'ada' } })), [
      '100 requests in 1m per ip',
      '30 requests in 1m per user',
      '100000 tokens in 1m per user',
      '20 requests at a time per user',
    ]);
    for (const clientIp of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      assert.deepEqual(texts(subjects({ clientIp })), []);
    assert.deepEqual(bookOf([]).limitsOf(subjects()), []);
  });

  it('of addresses are counted by the shield, but for those that ask for the model', () => {
    const limits: LimitSettings[] = [
      { per: 'ip', requests: { count: 10, windowMs: 1000 }, concurrency: 4, ...usual },
      { per: 'ip', requests: { count: 10, windowMs: 1000 }, burst: 0.1, models: ['gpt-*'] },
    ];
    const book = new RuleBook({ limits, budgets: [], addressesCounted: true });
    assert.deepEqual(
      book.addressLimits.map(({ unit, models }) => [unit, models]),
      [['requests', false]],
    );
    assert.equal(book.limitsOf(subjects()).length, 2);
  });
});

describe('budgets', () => {
  const settings = { per: 'project', period: 'day', timeZone: 'UTC', hard: true, atLimit: 'refuse' } as const;
  const both = budgetOf({ ...settings, usd: 1, tokens: 500, paymentRequired: false }, { id: 'b', origin: 'admin' });

  it('in dollars and in tokens are two counters, and each day has its own', () => {
    const book = new RuleBook({ limits: [], budgets: [both], addressesCounted: true });
    const day = Date.UTC(2026, 10, 21, 12);
    const claims = book.budgetsOf(subjects()).map(({ rule, subject }) => rule.claim(subject, day, 7));
    assert.deepEqual(
      claims.map(({ key, limit, endsAt }) => ({ key, limit, endsAt })),
      [
        { key: 'b|usd|2026-11-21|support', limit: 1e9, endsAt: Date.UTC(2026, 10, 22) },
        { key: 'b|tokens|2026-11-21|support', limit: 500, endsAt: Date.UTC(2026, 10, 22) },
      ],
    );
  });
});
