import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { ChurningMap } from './churning-map.ts';
import { Crowd, type CrowdMember } from './crowd.ts';

const place = fc.integer({ min: 0, max: 5 });
const step = fc.record({ does: fc.constantFrom('add', 'delete'), which: place });

describe('what enters and leaves', () => {
  test('is in a crowd as it is in a set', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const members = Array.from({ length: 6 }, (): CrowdMember => ({ place: -1 }));
        const [crowd, set] = [new Crowd<CrowdMember>(), new Set<CrowdMember>()];
        for (const { does, which } of steps) {
          const member = members[which] as CrowdMember;
          if (does === 'add') {
            crowd.add(member);
            set.add(member);
          } else assert.equal(crowd.delete(member), set.delete(member));
          assert.deepEqual(new Set(crowd.all()), set);
          assert.equal(crowd.size, set.size);
        }
      }),
    );
  });

  test('is not in a crowd for being in another one', () => {
    const [one, other] = [new Crowd<CrowdMember>(), new Crowd<CrowdMember>()];
    const member = { place: -1 };
    one.add(member);
    assert.equal(other.delete(member), false);
    assert.equal(one.delete(member), true);
  });

  test('is in a churning map as it is in a map', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.integer())), (steps) => {
        const [churning, map] = [new ChurningMap<number>(), new Map<string, number>()];
        for (const [{ does, which }, value] of steps) {
          const key = `key ${which}`;
          if (does === 'add') {
            churning.set(key, value);
            map.set(key, value);
          } else assert.equal(churning.delete(key), map.delete(key));
          assert.deepEqual(churning.values(), [...map.values()]);
          assert.deepEqual(
            [churning.get(key), churning.has(key), churning.size],
            [map.get(key), map.has(key), map.size],
          );
        }
      }),
    );
  });
});
