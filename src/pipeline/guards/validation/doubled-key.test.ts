import assert from 'node:assert/strict';
import { it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { CallBody } from '../../../core/call-body.ts';
import { doubledKey } from '../../../core/json-spans.ts';
import { hasDoubledKey } from './doubled-key.ts';

const key = fc.constantFrom('"a"', '"b"', '"ab"', String.raw`"\u0061"`, '"{"', '"é"', '""');
/** JSON whose objects may name a key twice. */
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('1', '"a"', 'null', String.raw`"\"a\":"`, '"a,b"'),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((members) => {
      return `{${members.map((member) => member.join(' : ')).join(', ')}}`;
    }),
    fc.array(tie('value'), { maxLength: 3 }).map((list) => `[${list.join(',')}]`),
  ),
})).value;

const has = (text: string): boolean => hasDoubledKey(new CallBody(Buffer.from(`{"x":${text}}`)));

it('tells whether an object names a key twice, however it is written', () => {
  fc.assert(
    fc.property(json, (text) => {
      assert.equal(has(text), doubledKey(Buffer.from(text)) !== undefined);
    }),
    { numRuns: 500 },
  );
  const many = Array.from({ length: 200 }, (_, at) => `"${at}":{"a":1}`);
  assert.equal(has(`{${many.join(',')}}`), false);
  assert.equal(has(`{${many.join(',')},"7":1}`), true);
});
