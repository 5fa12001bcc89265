import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { seededRandom } from '../../src/models/simulator/random.ts';
import { ExactIndex } from '../../src/models/vectors/index/exact-index.ts';
import { readParts } from './data.ts';
import { intervalOf } from './figures.ts';
import { zipfDraws } from './random.ts';
import { type Outcome, replay, worldOf } from './replay.ts';
import { Cosines, vectorsOf } from './vectors.ts';
import { verdictOf } from './verdict.ts';

const TEXTS = Array.from(
  { length: 300 },
  (_, at) => `question ${'abcdefghij'.charAt(at % 10)} put so: ${at.toString(7)}`,
);

function hadOf(semantic: number, wrong: number): Outcome {
  return { requests: 1000, exact: 0, semantic, wrong };
}

describe('the bench of caches', () => {
  it("finds the neighbours that the product's index finds", async () => {
    const vectors = await vectorsOf('random', TEXTS);
    const index = new ExactIndex(vectors[0]?.length ?? 0);
    const stored = Array.from({ length: 200 }, (_, at) => at);
    for (const item of stored) index.add(String(item), vectors[item] ?? new Float32Array());
    const cosines = new Cosines(vectors);
    for (let asked = 200; asked < 300; asked += 1) {
      const found = cosines.nearest(asked, stored, 10).map(({ item }) => String(item));
      assert.deepEqual(
        found,
        index.nearest(vectors[asked] ?? new Float32Array(), 10).map(({ id }) => id),
      );
    }
  });

  it('halves the data so that no answer stands in both, and reads quoted fields', () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-data-'));
    try {
      const pairs = [
        ['A b', 'c'],
        ['d', 'e'],
        ['f', 'g'],
        ['C', 'h'],
      ].map(([origin, similar]) => ({ origin, similar }));
      writeFileSync(join(folder, 'paraphrases.json'), JSON.stringify(pairs));
      writeFileSync(join(folder, 'banking77.csv'), 'text,category\n"so, ""he"" said",x\nno,y\nNO ,y\n"two\nlines",x\n');
      const [tuned, held] = readParts(folder);
      // The last pair says the same as the first, so it goes with it.
      assert.deepEqual(
        tuned?.pairs.map(({ text }) => text),
        ['A b', 'c', 'd', 'e', 'h'],
      );
      assert.deepEqual(
        held?.pairs.map(({ text }) => text),
        ['f', 'g'],
      );
      assert.deepEqual(
        tuned?.intents.map(({ text }) => text),
        ['so, "he" said', 'two\nlines'],
      );
      assert.deepEqual(
        held?.intents.map(({ text }) => text),
        ['no'],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('counts a hit as wrong where the answers differ, and nothing as wrong that is an exact hit', () => {
    const items = ['x', 'x', 'y'].map((answer, at) => ({ answer, text: `text ${at}` }));
    const world = worldOf(
      items,
      new Cosines(
        [
          [1, 0],
          [1, 0],
          [1, 0],
        ].map((one) => Float32Array.from(one)),
      ),
    );
    const outcome = replay(world, [0, 0, 1, 2, 1], { kind: 'fixed', threshold: 0.9 }, 1);
    assert.deepEqual(outcome, { requests: 5, exact: 1, semantic: 3, wrong: 1 });
    const exact = replay(world, [0, 0, 1, 2, 1], { kind: 'exact' }, 1);
    assert.deepEqual(exact, { requests: 5, exact: 2, semantic: 0, wrong: 0 });
  });

  it('serves nothing by vectors that mean nothing', async () => {
    const items = TEXTS.map((text, at) => ({ text, answer: `answer ${at % 10}` }));
    const world = worldOf(items, new Cosines(await vectorsOf('random', TEXTS)));
    const { semantic } = replay(world, [...TEXTS.keys()], { kind: 'verified', maxErrorRate: 0.05 }, 1);
    assert.equal(semantic, 0);
  });

  it('says where a bound was not held, and where a fixed threshold is better', () => {
    const fixed = [
      { threshold: 0.8, outcomes: [hadOf(500, 50)] },
      { threshold: 0.9, outcomes: [hadOf(200, 1)] },
    ];
    const said = (semantic: number, wrong: number) => {
      const { isHeld, isBest } = verdictOf(0.02, [hadOf(semantic, wrong)], fixed);
      return { isHeld, isBest };
    };
    assert.deepEqual(said(300, 3), { isHeld: true, isBest: true });
    assert.deepEqual(said(150, 1), { isHeld: true, isBest: false });
    assert.deepEqual(said(600, 60), { isHeld: false, isBest: true });
    // Over the bound, and no further than chance takes it.
    assert.deepEqual(said(400, 9), { isHeld: true, isBest: true });
    assert.deepEqual(said(0, 0), { isHeld: true, isBest: true });
  });

  it('draws the popular ones more often, as Zipf has it', () => {
    const counts = new Map<number, number>();
    const values = [...TEXTS.keys()];
    for (const value of zipfDraws(values, 50_000, 1, seededRandom(1))) counts.set(value, (counts.get(value) ?? 0) + 1);
    const [first = 0, second = 0, third = 0] = [...counts.values()].toSorted((one, other) => other - one);
    assert.ok(
      Math.abs(first / second - 2) < 0.15 && Math.abs(first / third - 3) < 0.3,
      `${first}, ${second}, ${third}`,
    );
  });

  it("gives Wilson's interval", () => {
    const [low, high] = intervalOf({ count: 5, of: 100 });
    assert.ok(Math.abs(low - 0.0215) < 0.0005 && Math.abs(high - 0.1118) < 0.0005);
    assert.deepEqual(intervalOf({ count: 0, of: 0 }), [0, 1]);
  });
});
