import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { RecentBytes } from './recent-bytes.ts';

test('what is found for bytes was set for these bytes last, and nothing else', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'long '.repeat(300)), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const step = fc.record({ op: fc.constantFrom('get', 'set'), text, value: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const recent = new RecentBytes<number>();
      const model = new Map<string, number>();
      let last: string | undefined;
      for (const { op, text: said, value } of steps) {
        const bytes = Buffer.from(said);
        if (op === 'set') {
          recent.set(bytes, value);
          model.set(said, value);
          last = said;
          // What it was set for may be written over.
          bytes.fill('x');
        } else {
          const found = recent.get(bytes);
          if (found !== undefined || said === last) assert.equal(found, model.get(said));
        }
      }
    }),
  );
});

test('bytes that differ anywhere are others, and the longest are not kept', () => {
  const recent = new RecentBytes<string>();
  const long = Buffer.alloc(16 * 1024, 'a');
  recent.set(long, 'long');
  assert.equal(recent.get(long), 'long');
  for (let at = 0; at < long.length; at += 97) {
    const other = Buffer.from(long);
    other[at] = 0x62;
    assert.equal(recent.get(other), undefined, `byte ${at}`);
  }
  const longer = Buffer.alloc(16 * 1024 + 1, 'a');
  recent.set(longer, 'longer');
  assert.equal(recent.get(longer), undefined);
});
