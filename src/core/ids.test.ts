import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { newTraceId } from './ids.ts';

test('a trace id is 32 digits, whatever the clock says', () => {
  const times = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger());
  fc.assert(fc.property(times, (now) => assert.match(newTraceId(now), /^[\da-f]{12}7[\da-f]{3}8[\da-f]{15}$/)));
});

test('trace ids sort by the millisecond in which they were made', () => {
  const time = fc.integer({ min: 0, max: 2 ** 31 }).map((seconds) => seconds * 1000);
  fc.assert(
    fc.property(time, time, (one, other) => {
      if (one < other) assert.ok(newTraceId(one) < newTraceId(other));
      else if (one === other) assert.notEqual(newTraceId(one), newTraceId(other));
    }),
  );
});
