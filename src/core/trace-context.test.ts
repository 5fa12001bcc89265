import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { newTraceId } from './ids.ts';
import { readTraceparent, spanIdOf, writeTraceparent } from './trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[\\da-f]{${digits}}$`)).filter((text) => !/^0+$/.test(text));

describe('traceparent', () => {
  it('is read as the specification says, of later versions too', () => {
    const sampled = { traceId: TRACE, parentId: SPAN, sampled: true };
    assert.deepEqual(readTraceparent(`00-${TRACE}-${SPAN}-01`), sampled);
    assert.deepEqual(readTraceparent(` 00-${TRACE}-${SPAN}-00 `), { ...sampled, sampled: false });
    assert.deepEqual(readTraceparent(`cc-${TRACE}-${SPAN}-03-what-the-future-holds`), sampled);
  });

  it('is not gone on with where it is wrong', () => {
    const wrong = [
      undefined,
      '',
      'x',
      `ff-${TRACE}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}-01-more`,
      `00-${'0'.repeat(32)}-${SPAN}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `00-${TRACE.toUpperCase()}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}`,
      `00-${TRACE.slice(1)}-${SPAN}-01`,
    ];
    for (const value of wrong) assert.equal(readTraceparent(value), undefined, String(value));
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, parentId, sampled) => {
        const context = { traceId, parentId, sampled };
        assert.deepEqual(readTraceparent(writeTraceparent(context)), context);
      }),
    );
  });
});

describe('spanIdOf', () => {
  it('gives each span of a call an id of its own, which no specification forbids', () => {
    for (const id of [newTraceId(1), `${'0'.repeat(24)}ffffffff`]) {
      const ids = Array.from({ length: 300 }, (_, number) => spanIdOf(id, number));
      assert.equal(new Set(ids).size, 300);
      for (const span of ids) assert.match(span, /^[\da-f]{16}$/);
    }
  });
});
