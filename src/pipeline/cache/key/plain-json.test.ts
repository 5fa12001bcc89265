import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { CallBody } from '../../../core/call-body.ts';
import { saysAll } from './plain-json.ts';

const number = fc.constantFrom(
  '0',
  '-0',
  '12',
  '0.30000000000000004',
  '1e-5',
  '1e400',
  '9007199254740993',
  '123456789012345',
);
const key = fc.constantFrom('a', 'b', String.raw`\u0061`, 'é');
const value = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    number,
    fc.constantFrom('"a"', '"1e400"', 'true', 'null', '"\u00ff"'),
    fc.array(tie('value'), { maxLength: 3 }).map((list) => `[${list.join(' ,')}]`),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((members) => {
      return `{${members.map(([name, inner]) => `"${name}": ${inner}`).join(', ')}}`;
    }),
    fc
      .nat({ max: 300 })
      .map((depth) => '['.repeat(depth) + ']'.repeat(depth))
      .filter((text) => text !== ''),
  ),
})).value;

test('what is plain from the shape is what the bytes say', () => {
  const encoding = fc.constantFrom('utf8' as const, 'latin1' as const);
  let plain = 0;
  fc.assert(
    fc.property(value, encoding, (text, written) => {
      const body = new CallBody(Buffer.from(`{"x":${text}}`, written));
      const { raw, json, shape } = body;
      const isPlain = saysAll(body);
      assert.equal(isPlain, saysAll({ raw, json, shape: { ...shape, isClear: false } }));
      if (isPlain && shape.isClear && shape.hasShortNumbers) plain += 1;
    }),
    { numRuns: 500 },
  );
  assert.ok(plain > 0);
});
