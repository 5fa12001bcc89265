import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { type ListPage, pageOf } from './page.ts';

test('pages that follow each other by their cursors give everything once, in order', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.integer({ min: 1, max: 7 }), (count, limit) => {
      const all = Array.from({ length: count }, (_, at) => at);
      const seen: number[] = [];
      let from: string | null = '0';
      while (from !== null) {
        const found: number[] = all.slice(Number(from)).slice(0, limit + 1);
        const { page, next }: ListPage<number> = pageOf(found, limit, (last) => String(last + 1));
        assert.ok(page.length <= limit && (next === null || page.length === limit));
        seen.push(...page);
        from = next;
      }
      assert.deepEqual(seen, all);
    }),
  );
});
