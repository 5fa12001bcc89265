import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import type { SemanticPolicy } from '../../../core/caching.ts';
import { Families, type Family } from './families.ts';

const POLICY: SemanticPolicy = {
  ttl: 1000,
  maxErrorRate: 0.05,
  confidence: 0.95,
  maxEntries: 10,
  embedder: 'built-in',
  judge: undefined,
};

function familyOf(families: Families, project: string, partition: string): Family {
  return families.of(project, 'm', { id: 'i', partition }, 'plain', POLICY);
}

/** The model was asked so often, and its answer was that of an entry which stands well. */
function teach({ estimator }: Family, labels: number): void {
  for (let at = 0; at < labels; at += 1) {
    estimator.observe({ entry: `e${at}`, similarity: 0.99, rival: 0.5, supporters: 3 }, true);
  }
}

describe('families', () => {
  it('of a project that has many users, of whom each has answers of his own, all learn', () => {
    const families = new Families(() => 0.5);
    for (let round = 0; round < 10; round += 1) {
      for (let user = 0; user < 500; user += 1) teach(familyOf(families, 'p', `user ${user}`), 10);
    }
    const views = families.views();
    assert.equal(views.length, 500);
    for (const { labels, servesFrom } of views) {
      assert.equal(labels, 100);
      assert.ok(servesFrom !== null);
    }
  });

  const asked = fc.array(fc.record({ project: fc.constantFrom('a', 'b', 'c'), user: fc.nat(30), labels: fc.nat(40) }), {
    maxLength: 80,
    size: 'max',
  });

  it('promise 8: a project that has no more than an equal share loses nothing to the others', () => {
    fc.assert(
      fc.property(asked, fc.integer({ min: 1, max: 4 }), (all, own) => {
        // The share of each of four is room for four that have ten labels.
        const families = new Families(() => 0.5, 4 * 4 * 4000);
        const mine = Array.from({ length: own }, (_, at) => familyOf(families, 'mine', `user ${at}`));
        for (const family of mine) teach(family, 10);
        for (const { project, user, labels } of all) teach(familyOf(families, project, `user ${user}`), labels);
        for (const [at, family] of mine.entries()) assert.equal(familyOf(families, 'mine', `user ${at}`), family);
      }),
      { numRuns: 50 },
    );
  });

  it('promise 11: take no more than they may, and what is counted is what there is', () => {
    fc.assert(
      fc.property(asked, (all) => {
        const families = new Families(() => 0.5, 40_000);
        for (const { project, user, labels } of all) {
          const family = familyOf(families, project, `user ${user}`);
          assert.ok(families.bytes <= 40_000);
          teach(family, labels);
          familyOf(families, project, `user ${user}`);
          families.forget(project, family.name, 'e0');
        }
        const alone = new Families(() => 0.5);
        const one = familyOf(alone, 'a', 'u').estimator.bytes;
        const beside = alone.bytes - one;
        const counted = families.views().reduce((sum, { entries }) => sum + beside + one + 150 * entries, 0);
        assert.equal(families.bytes, counted);
      }),
      { numRuns: 50 },
    );
  });
});
