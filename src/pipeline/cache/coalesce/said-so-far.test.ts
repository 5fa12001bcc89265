import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { GatheredEvents } from '../../../core/gathered-events.ts';
import { SaidSoFar } from './said-so-far.ts';

const LONGEST = 16 * 1024;

function gathered(events: readonly StreamEvent[]): readonly StreamEvent[] | undefined {
  const all = new GatheredEvents();
  all.add(events);
  return all.all;
}

test('promise 11: what has no bytes is said again in pieces, which are the same together', () => {
  const piece = fc.tuple(fc.constantFrom('', 'a', '\u{1F600}', 'b\u{1F600}'), fc.nat({ max: 9000 }));
  const text = piece.map(([unit, count]) => unit.repeat(count));
  const event = fc.oneof(
    fc.record({ type: fc.constant('text-delta' as const), choice: fc.nat(1), index: fc.nat(1), text }),
    fc.record({ type: fc.constant('refusal-delta' as const), choice: fc.nat(1), text }),
    text.map((argumentsText) => ({ type: 'tool-call-delta' as const, choice: 0, index: 2, argumentsText })),
    fc.constant({ type: 'finish' as const, choice: 0, reason: 'stop' as const }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), (events) => {
      const said = new SaidSoFar();
      for (const one of events) said.add({ events: [one] });
      const items = [...said.items()];
      for (const item of items) {
        const texts = item.events.map((one) =>
          'text' in one ? one.text : 'argumentsText' in one ? one.argumentsText : '',
        );
        assert.ok(texts.join('').length < 2 * LONGEST);
        for (const one of texts) assert.ok(one.isWellFormed());
      }
      assert.deepEqual(gathered(items.flatMap((item) => item.events)), gathered(events));
    }),
    { numRuns: 50 },
  );
});

test('promise 11: events count with about what they take', () => {
  const said = new SaidSoFar();
  const signature = 's'.repeat(10_000);
  said.add({ events: [{ type: 'reasoning-signature', choice: 0, index: 0, signature, redacted: false }] });
  assert.ok(said.size > 10_000, `${said.size}`);
  for (let index = 1; index <= 1000; index += 1) {
    said.add({ events: [{ type: 'tool-call-start', choice: 0, index, id: `call_${index}`, name: 'n' }] });
  }
  assert.ok(said.size > 100_000, `${said.size}`);
  const before = said.size;
  for (let at = 0; at < 1000; at += 1) said.add({ events: [{ type: 'text-delta', choice: 0, index: 0, text: 'a' }] });
  assert.ok(said.size - before < 3000, `${said.size - before}`);
});
