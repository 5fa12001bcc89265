import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { WaitingRecords } from './waiting-records.ts';

const MOST_RECORDS = 64;
const MOST_BYTES = 256 * 1024;

test('promise 11: whatever comes, few records wait and few bytes, and all come out once and in order', () => {
  const anyLength = fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 400_000 }));
  fc.assert(
    fc.property(fc.array(anyLength, { maxLength: 200 }), (lengths) => {
      const waiting = new WaitingRecords();
      const record = makeRecord();
      const taken: number[] = [];
      let [count, bytes] = [0, 0];
      const takeAll = (): void => {
        for (const { texts } of waiting.take()) taken.push(texts.input?.length ?? -1);
        [count, bytes] = [0, 0];
        assert.equal(waiting.isEmpty, true);
      };
      for (const length of lengths) {
        assert.ok(count < MOST_RECORDS && bytes < MOST_BYTES);
        waiting.add(record, { input: new Uint8Array(length), output: undefined });
        [count, bytes] = [count + 1, bytes + length];
        assert.equal(waiting.isFull, count >= MOST_RECORDS || bytes >= MOST_BYTES);
        if (waiting.isFull) takeAll();
      }
      takeAll();
      assert.deepEqual(taken, lengths);
    }),
  );
});
