import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { Partition } from '../partitions/partition-list-store.ts';
import { type RetentionSettings, planRetention } from './retention-plan.ts';

const TODAY = Date.UTC(2026, 10, 21);
const NOW = TODAY + DAY_MS / 2;

function partition(daysAgo: number, bytes = 100, retentionClass = ''): Partition {
  return { name: `traces_${retentionClass}_${daysAgo}`, retentionClass, day: TODAY - daysAgo * DAY_MS, bytes };
}

const anyPartition = fc
  .tuple(fc.integer({ min: -2, max: 60 }), fc.nat(1000), fc.constantFrom('', 'a', 'b', 'gone'))
  .map((parts) => partition(...parts));

const isOfA = ({ retentionClass }: Partition) => retentionClass === 'a';
const isOther = ({ retentionClass }: Partition) => retentionClass === '' || retentionClass === 'gone';

function plan(settings: Partial<RetentionSettings>, ...partitions: Partition[]) {
  const all = { retention: 30 * DAY_MS, projects: new Map(), ...settings };
  return planRetention(partitions, all, NOW).map((drop) => `${drop.partition.name} ${drop.reason}`);
}

describe('what expires', () => {
  test('is a day of which every moment is older than the retention', () => {
    assert.deepEqual(plan({ retention: 2 * DAY_MS }, partition(0), partition(1), partition(2), partition(3)), [
      'traces__3 age',
    ]);
    assert.deepEqual(plan({ retention: 1.5 * DAY_MS }, partition(2), partition(1)), ['traces__2 age']);
  });

  test('of a project is what its own settings say, and of one that has none any more what the general ones do', () => {
    const projects = new Map([['law', { retention: 5 * DAY_MS }]]);
    assert.deepEqual(plan({ projects }, partition(6, 1, 'law'), partition(6), partition(32, 1, 'gone')), [
      'traces_law_6 age',
      'traces_gone_32 age',
    ]);
  });

  test('is the oldest of what is too large, never today nor what is to come', () => {
    const days = [partition(-1), partition(0), partition(1), partition(2)];
    assert.deepEqual(plan({ maxSize: 350 }, ...days), ['traces__2 size']);
    assert.deepEqual(plan({ maxSize: 1 }, ...days), ['traces__2 size', 'traces__1 size']);
    assert.deepEqual(plan({ maxSize: 400 }, ...days), []);
  });

  test('is measured apart for a project with a size of its own, and together for all others', () => {
    const projects = new Map([
      ['big', { maxSize: 1000 }],
      ['law', { retention: 90 * DAY_MS }],
    ]);
    const days = [partition(3, 900, 'big'), partition(3, 100, 'law'), partition(2, 100), partition(1, 100, 'law')];
    assert.deepEqual(plan({ projects, maxSize: 250 }, ...days), ['traces__2 size']);
    assert.deepEqual(plan({ projects, maxSize: 150 }, ...days, partition(0, 50)), [
      'traces__2 size',
      'traces_law_3 size',
    ]);
  });

  test('for its size is of a project that says how long it is kept only when all others have gone', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyPartition, { selector: ({ name }) => name, maxLength: 40 }),
        fc.nat(10_000),
        (partitions, maxSize) => {
          const projects = new Map([
            ['a', { retention: 730 * DAY_MS }],
            ['b', { maxSize: 3000 }],
          ]);
          const settings = { retention: 730 * DAY_MS, maxSize, projects };
          const gone = planRetention(partitions, settings, NOW).map((drop) => drop.partition);
          const left = partitions.filter((one) => !gone.includes(one) && one.day < TODAY);
          const goneOfA = gone.filter(isOfA);
          if (goneOfA.length > 0) assert.deepEqual(left.filter(isOther), []);
          for (const same of [isOther, isOfA]) {
            const newest = Math.max(...gone.filter(same).map(({ day }) => day));
            assert.ok(left.filter(same).every(({ day }) => day >= newest));
          }
        },
      ),
    );
  });

  test('leaves nothing too old, nothing too large that could go, and is nothing more when it is done', () => {
    const anyBounds = fc.record(
      { retention: fc.integer({ min: 1, max: 50 }).map((days) => days * DAY_MS), maxSize: fc.nat(5000) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(anyPartition, { selector: ({ name }) => name, maxLength: 40 }),
        anyBounds,
        anyBounds,
        (partitions, general, own) => {
          const settings = { retention: 30 * DAY_MS, ...general, projects: new Map([['a', own]]) };
          const gone = new Set(planRetention(partitions, settings, NOW).map((drop) => drop.partition));
          const left = partitions.filter((one) => !gone.has(one));
          assert.deepEqual(planRetention(left, settings, NOW), []);
          for (const { day } of gone) assert.ok(day < TODAY);
        },
      ),
    );
  });
});
