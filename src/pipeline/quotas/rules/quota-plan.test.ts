import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { makeBudget } from '../../../../test/support/make-budget.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import type { Call, Principal } from '../../../core/call.ts';
import type { LimitSettings } from '../settings.ts';
import { RuleBook } from './rule-book.ts';
import { subjectsOf } from './subjects.ts';

const usual = { burst: 0.1, models: [], requests: { count: 30, windowMs: 60_000 } };
const tokens = { count: 1000, windowMs: 60_000 };

const LIMITS: readonly LimitSettings[] = [
  { per: 'ip', ...usual },
  { per: 'key', ...usual, tokens },
  { per: 'user', ...usual, concurrency: 3 },
  { per: 'project', ...usual },
  { per: 'endpoint', ...usual },
  { per: 'model', ...usual, models: ['a*'] },
  { per: 'user', id: 'ada', ...usual },
];
const BUDGETS = [
  makeBudget({ id: 'user' }),
  makeBudget({ id: 'hard', per: 'organisation', hard: true, maxOutputTokens: 100 }),
  makeBudget({ id: 'tokens', per: 'key', nanoUsd: undefined, tokens: 10, maxOutputTokens: 50 }),
  makeBudget({ id: 'one', per: 'model', subject: 'b' }),
];

/** Few values, so that calls meet; some would run together where nothing said where each ends. */
const text = fc.constantFrom('a', 'b', 'ada', 'a|b', '|', '1|a', '');

const principal = fc.record({
  keyId: fc.constantFrom('k', 'k1', '1|k'),
  project: text,
  organisation: fc.option(text, { nil: undefined }),
  user: fc.option(text, { nil: undefined }),
  models: fc.constant(undefined),
});

const asked = fc.record({
  // The same key is seldom another principal, and comes again.
  who: fc.nat({ max: 3 }),
  endpoint: fc.constantFrom('/v1/chat/completions', '/v1/messages'),
  clientIp: fc.constantFrom('10.0.0.1', '2001:db8::1', '2001:db8::2'),
  model: text,
  user: fc.option(text, { nil: undefined }),
});

/** What it counts for, by the rules as they are written. */
function expected(book: RuleBook, call: Call) {
  const subjects = subjectsOf(call);
  return { limits: book.limitsOf(subjects), budgets: book.budgetsOf(subjects) };
}

describe('what is asked for a call', () => {
  for (const addressesCounted of [true, false]) {
    const where = addressesCounted ? 'behind' : 'before';
    it(`law: is what its own rules ask for, whoever called before, ${where} the counting of addresses`, () => {
      const calls = fc.array(asked, { minLength: 1, maxLength: 30 });
      const limits = fc.subarray([...LIMITS]);
      const budgets = fc.subarray(BUDGETS);
      const holders = fc.array(principal, { minLength: 4, maxLength: 4 });
      fc.assert(
        fc.property(calls, holders, limits, budgets, (some, who, ofLimits, ofBudgets) => {
          const book = new RuleBook({ limits: ofLimits, budgets: ofBudgets, addressesCounted });
          for (const { who: at, endpoint, clientIp, model, user } of some) {
            const holder: Principal | undefined = who[at];
            const call = makeCall({ principal: holder, endpoint, clientIp, facts: { model, user } });
            const plan = book.planOf(call);
            const { limits: matched, budgets: matchedBudgets } = expected(book, call);
            assert.deepEqual(plan.limits, matched);
            assert.deepEqual(plan.budgets, matchedBudgets);
            assert.equal(plan.usualName, `${endpoint} ${model}`);
            assert.deepEqual(
              plan.claims.map(({ key }) => key),
              matched.map(({ rule, subject }) => rule.claim(subject, 1).key),
            );
          }
        }),
        { numRuns: 300 },
      );
    });
  }

  it('has the shortest of the longest answers, and says which limits clients are told of', () => {
    const book = new RuleBook({ limits: LIMITS, budgets: BUDGETS, addressesCounted: true });
    const holder: Principal = { keyId: 'k', project: 'p', organisation: 'o', user: 'ada', models: undefined };
    const plan = book.planOf(makeCall({ principal: holder, facts: { model: 'b' } }));
    assert.equal(plan.maxOutputTokens, 50);
    assert.deepEqual(
      plan.hard.map(({ rule }) => rule.budget.id),
      ['hard'],
    );
    const units = plan.rules.map(({ unit }) => unit);
    assert.deepEqual(
      plan.shown.tokens.map((at) => units[at]),
      ['tokens'],
    );
    assert.ok(plan.shown.requests.every((at) => units[at] === 'requests'));
    assert.equal(plan.purposes.length, plan.limits.length + plan.budgets.length);
  });
});
