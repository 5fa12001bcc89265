import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { Backlog } from './backlog.ts';

const BOUNDS = { maxBytes: 1000, maxRecords: 5 };

test('promise 11: over half of the bytes texts go first, at the bounds whole records', () => {
  const backlog = new Backlog(BOUNDS);
  assert.equal(backlog.admit(100, 400), 'whole');
  assert.equal(backlog.admit(100, 401), 'facts');
  backlog.take(600);
  assert.equal(backlog.admit(100, 0), 'whole');
  assert.equal(backlog.admit(100, 1), 'facts');
  assert.equal(backlog.admit(401, 0), 'nothing');
  for (let taken = 0; taken < 4; taken += 1) backlog.take(1);
  assert.equal(backlog.admit(1, 0), 'nothing');
});

test('promise 11: under any load the bytes and records that wait stay within the bounds, and all are accounted for', () => {
  const size = fc.nat({ max: 400 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), facts: size, texts: size }),
    fc.record({ kind: fc.constantFrom('ship' as const, 'arrive' as const, 'lose' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const backlog = new Backlog(BOUNDS);
      let open = { records: 0, bytes: 0 };
      const shipped: number[] = [];
      let appended = 0;
      for (const each of steps) {
        if (each.kind === 'append') {
          appended += 1;
          const admission = backlog.admit(each.facts, each.texts);
          const bytes = each.facts + (admission === 'whole' ? each.texts : 0);
          if (admission === 'nothing') backlog.droppedRecords += 1;
          else {
            backlog.take(bytes);
            open = { records: open.records + 1, bytes: open.bytes + bytes };
          }
        } else if (each.kind === 'ship' && open.records > 0) {
          backlog.ship({ ...open, since: 0 });
          shipped.push(open.records);
          open = { records: 0, bytes: 0 };
        } else if (each.kind === 'arrive' && shipped.length > 0) {
          backlog.arrive(1, shipped.shift() ?? 0, 0);
        } else if (each.kind === 'lose') {
          backlog.loseShipments();
          shipped.length = 0;
        }
        assert.ok(backlog.bytes <= BOUNDS.maxBytes && backlog.bytes >= 0);
        assert.ok(backlog.records <= BOUNDS.maxRecords);
        assert.equal(backlog.records + backlog.written + backlog.droppedRecords, appended);
      }
    }),
  );
});
