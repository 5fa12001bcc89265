import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { storableText } from '../../../storage/database/storable.ts';
import { counterKey, counterPrefix, counterSubject, readCounterKey } from './counter-key.ts';

/** Any text that a client may send, halves of surrogate pairs and NUL among it. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('|', '%', '\0', '\uD800', '\uDC00', 'a', '7', 'c'), maxLength: 12 }),
);
const unit = fc.constantFrom('usd', 'tokens');

describe("counters' keys", () => {
  test('say what they were made of, for any text', () => {
    fc.assert(
      fc.property(anyText, unit, anyText, (budgetId, inUnit, subject) => {
        const key = counterKey(budgetId, inUnit, '2026-11-21', subject);
        assert.deepEqual(readCounterKey(key), { budgetId, unit: inUnit, periodName: '2026-11-21', subject });
        assert.ok(key.startsWith(counterPrefix(budgetId, inUnit, '2026-11-21')));
        assert.equal(key, storableText(key), 'every database stores it');
      }),
      { numRuns: 2000 },
    );
  });

  test('of other budgets and subjects are others', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, anyText, (id, subject, otherId, otherSubject) => {
        const isSame = id === otherId && subject === otherSubject;
        assert.equal(
          counterKey(id, 'usd', 'total', subject) === counterKey(otherId, 'usd', 'total', otherSubject),
          isSame,
        );
      }),
    );
  });

  test('are plain where the text is', () => {
    assert.equal(
      counterKey('support-daily', 'usd', '2026-11-21', 'ada@example.com'),
      'support-daily|usd|2026-11-21|ada@example.com',
    );
    assert.equal(counterKey('a|b', 'tokens', 'total', '100%'), 'a%007cb|tokens|total|100%0025');
  });

  test('are short, and still of one subject alone', () => {
    const long = 'x'.repeat(100_000);
    const key = counterKey('b', 'usd', 'total', `${long}1`);
    assert.ok(key.length < 300);
    assert.notEqual(key, counterKey('b', 'usd', 'total', `${long}2`));
    assert.equal(readCounterKey(key)?.subject, counterSubject(`${long}1`));
    assert.ok(Buffer.byteLength(counterKey('b', 'usd', 'total', '\uD800'.repeat(1000))) < 2000);
  });

  test('other texts are none', () => {
    for (const text of ['', 'a', 'a|usd|total', 'a|eur|total|x', 'a|usd|total|x|y'])
      assert.equal(readCounterKey(text), undefined);
  });
});
