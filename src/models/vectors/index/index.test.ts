import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { similarityOf, unitLength } from '../embed/encoder.ts';
import { ExactIndex } from './exact-index.ts';
import { loadGraphs } from './graph-index.ts';
import { GrowingIndex } from './growing-index.ts';
import { Partitions } from './partitions.ts';
import type { Near, VectorIndex } from './vector-index.ts';

const graphs = await loadGraphs();
const DIMENSIONS = 6;

/** The law in its plainest form: all of them, sorted. */
class NaiveIndex implements VectorIndex {
  readonly #vectors = new Map<string, Float32Array>();

  get size(): number {
    return this.#vectors.size;
  }

  add(id: string, vector: Float32Array): void {
    this.#vectors.set(id, vector);
  }

  remove(id: string): boolean {
    return this.#vectors.delete(id);
  }

  nearest(vector: Float32Array, most: number): Near[] {
    const all = [...this.#vectors].map(([id, one]) => ({ id, similarity: similarityOf(vector, one) }));
    return all.toSorted((one, other) => other.similarity - one.similarity).slice(0, most);
  }

  similarity(id: string, vector: Float32Array): number {
    const found = this.#vectors.get(id);
    assert.ok(found, `${id} is not there`);
    return similarityOf(vector, found);
  }
}

const vectorOf = fc
  .array(fc.integer({ min: -9, max: 9 }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
  .map((values) => unitLength(Float32Array.from(values)));
const idOf = fc.integer({ min: 0, max: 30 }).map(String);
const stepOf = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add'), id: idOf, vector: vectorOf }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), id: idOf, vector: vectorOf }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('nearest'), id: idOf, vector: vectorOf }) },
);

/** The same steps for an index and the naive one; what is equally near may come in any order. */
function assertLikeNaive(make: () => VectorIndex, tolerance: number): void {
  fc.assert(
    fc.property(fc.array(stepOf, { maxLength: 120, size: 'max' }), (steps) => {
      const index = make();
      const naive = new NaiveIndex();
      for (const { kind, id, vector } of steps) {
        if (kind === 'add') {
          index.add(id, vector);
          naive.add(id, vector);
        } else if (kind === 'remove') assert.equal(index.remove(id), naive.remove(id));
        else {
          const near = index.nearest(vector, 3);
          const expected = naive.nearest(vector, 3);
          assert.equal(near.length, expected.length);
          assert.equal(new Set(near.map((one) => one.id)).size, near.length);
          for (const [at, one] of near.entries()) {
            assert.ok(Math.abs(one.similarity - (expected[at]?.similarity ?? 9)) <= tolerance);
            assert.ok(Math.abs(one.similarity - naive.similarity(one.id, vector)) <= tolerance);
          }
        }
        assert.equal(index.size, naive.size);
      }
    }),
    { numRuns: 60 },
  );
}

describe('an index of vectors is like a list that is sorted anew for each search', () => {
  it('when it compares with each', () => {
    assertLikeNaive(() => new ExactIndex(DIMENSIONS), 1e-6);
  });

  it('when it grows from the one kind to the other', { skip: graphs ? false : 'usearch cannot be loaded here' }, () => {
    assertLikeNaive(() => new GrowingIndex(DIMENSIONS, (size) => graphs?.(size), 4), 5e-3);
  });

  it('when the other kind cannot be had', () => {
    assertLikeNaive(() => new GrowingIndex(DIMENSIONS, () => undefined, 4), 1e-6);
  });
});

/** Points around some centres, as texts of some topics are. */
function clustered(count: number, dimensions: number): Float32Array[] {
  let state = 12_345;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const centres = Array.from({ length: 40 }, () => Float32Array.from({ length: dimensions }, random));
  return Array.from({ length: count }, (_, at) =>
    unitLength(Float32Array.from(centres[at % 40] ?? [], (value) => value + random() * 0.7)),
  );
}

describe('the graph', { skip: graphs ? false : 'usearch cannot be loaded here' }, () => {
  it('finds nearly all that is near, also after a third was removed', () => {
    const vectors = clustered(3000, 64);
    const exact = new ExactIndex(64);
    const graph = graphs?.(64);
    assert.ok(graph);
    for (const [at, vector] of vectors.entries()) {
      exact.add(`${at}`, vector);
      graph.add(`${at}`, vector);
    }
    for (let at = 0; at < 3000; at += 3) {
      exact.remove(`${at}`);
      graph.remove(`${at}`);
    }
    let found = 0;
    const asked = clustered(3200, 64).slice(3000);
    for (const vector of asked) {
      const near = new Set(graph.nearest(vector, 2).map(({ id }) => id));
      for (const { id } of exact.nearest(vector, 2)) found += near.has(id) ? 1 : 0;
    }
    const recall = found / (asked.length * 2);
    assert.ok(recall > 0.97, `recall ${recall}`);
  });
});

describe('partitions', () => {
  it('promise 8: a search sees nothing of another partition, and an empty one takes no room', () => {
    const partitions = new Partitions((size) => new ExactIndex(size));
    const [one, other] = clustered(2, DIMENSIONS);
    assert.ok(one && other);
    partitions.add('a', '1', one);
    partitions.add('b', '2', one);
    partitions.add('b', '3', other);
    assert.deepEqual(
      partitions.nearest('a', one, 5).map(({ id }) => id),
      ['1'],
    );
    assert.deepEqual(
      partitions.nearest('b', one, 1).map(({ id }) => id),
      ['2'],
    );
    assert.deepEqual(partitions.nearest('c', one, 1), []);
    partitions.remove('2');
    partitions.remove('2');
    assert.deepEqual(
      partitions.nearest('b', one, 5).map(({ id }) => id),
      ['3'],
    );
    // The same id elsewhere is there no longer.
    partitions.add('a', '3', other);
    assert.deepEqual(partitions.nearest('b', one, 5), []);
    assert.equal(partitions.size, 2);
  });
});
