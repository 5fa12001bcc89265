import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { heapInUse } from '../../../../../test/support/heap.ts';
import { gistOf } from '../compare/gist.ts';
import { GrowingIndex } from '../../../../models/vectors/index/growing-index.ts';
import { Partitions } from '../../../../models/vectors/index/partitions.ts';
import { Entries } from './entries.ts';
import { type Entry, PARTITION_BYTES, sizeOf } from './entry.ts';

interface Parts {
  readonly id: string;
  readonly project?: string;
  readonly model?: string;
  readonly length?: number;
  readonly expiresAt?: number;
}

function entryOf({ id, project = 'p', model = 'm', length = 10, expiresAt = 100 }: Parts): Entry {
  return {
    id,
    partition: `${project} ${model}`,
    family: 'f',
    asked: 'a',
    dimensions: 512,
    gist: gistOf('b'),
    answerName: 'b',
    answer: {
      key: 'k',
      partition: 'x',
      labels: { project, user: undefined, keyId: 'key', model, promptVersion: undefined, tags: [] },
      storedAt: 0,
      expiresAt,
      target: 'a/b',
      responseModel: undefined,
      simulated: false,
      finishReason: 'stop',
      usage: undefined,
      costNanoUsd: undefined,
      content: { kind: 'bytes', contentType: 'application/json', body: Buffer.alloc(length) },
    },
  };
}

const project = fc.constantFrom('a', 'b', 'c');
const model = fc.constantFrom('m', 'n');
const added = fc.array(fc.record({ project, model, length: fc.integer({ min: 0, max: 9000 }) }), {
  maxLength: 80,
  size: 'max',
});

describe('entries', () => {
  it('promise 11: are never more than they may, and each that goes is told of once', () => {
    fc.assert(
      fc.property(added, (all) => {
        const gone: string[] = [];
        const entries = new Entries(60_000, (some) => gone.push(...some.map(({ id }) => id)));
        const kept = new Map<string, Entry>();
        for (const [at, parts] of all.entries()) {
          const entry = entryOf({ id: String(at), ...parts });
          assert.equal(entries.add(entry, 7), !gone.includes(entry.id));
          kept.set(entry.id, entry);
          for (const id of gone) kept.delete(id);
          assert.equal(entries.size, kept.size);
          assert.ok(entries.bytes <= 60_000);
          assert.equal(
            entries.bytes,
            [...kept.values()].reduce((sum, one) => sum + sizeOf(one), 0) +
              new Set([...kept.values()].map(({ partition }) => partition)).size * PARTITION_BYTES,
          );
          for (const name of ['m', 'n']) {
            assert.ok([...kept.values()].filter(({ answer }) => answer.labels.model === name).length <= 7);
          }
          for (const partition of ['a m', 'a n', 'b m', 'b n']) {
            assert.equal(
              entries.has(partition),
              [...kept.values()].some((one) => one.partition === partition),
            );
          }
        }
        assert.equal(new Set(gone).size, gone.length);
      }),
    );
  });

  it('promise 8: a project loses none to one that has more', () => {
    fc.assert(
      fc.property(added, fc.integer({ min: 1, max: 3 }), (all, own) => {
        const entries = new Entries(10_000_000, () => {});
        for (let at = 0; at < own; at += 1) entries.add(entryOf({ id: `own ${at}`, project: 'mine' }), 10);
        for (const [at, { length }] of all.entries())
          entries.add(entryOf({ id: String(at), project: 'b', length }), 10);
        for (let at = 0; at < own; at += 1) assert.ok(entries.get(`own ${at}`, 0));
      }),
    );
  });

  it('go by age, when they are out of date, and by what they are deleted by', () => {
    const gone: string[] = [];
    const entries = new Entries(1_000_000, (some) => gone.push(...some.map(({ id }) => id)));
    for (const id of ['1', '2', '3']) entries.add(entryOf({ id }), 3);
    entries.add(entryOf({ id: '4', expiresAt: 200 }), 3);
    assert.deepEqual(gone, ['1']);
    assert.equal(entries.get('2', 99)?.id, '2');
    assert.equal(entries.get('2', 100), undefined);
    // Some at a time, so that nobody waits while there are many.
    assert.equal(entries.removeExpired(100, 1), false);
    assert.deepEqual(gone, ['1', '2']);
    assert.equal(entries.removeExpired(100, 2), false);
    assert.deepEqual(gone, ['1', '2', '3']);
    assert.equal(entries.removeExpired(100, 1), true);
    assert.equal(entries.purge({ project: 'q' }), 0);
    assert.equal(entries.purge({ project: 'p', model: 'm' }), 1);
    assert.equal(entries.size, 0);
    assert.equal(entries.bytes, 0);
  });

  it('one that is larger than all may be is not taken', () => {
    const entries = new Entries(20_000, () => {});
    assert.equal(entries.add(entryOf({ id: '1', length: 30_000 }), 5), false);
    assert.equal(entries.size, 0);
  });

  it('that is larger than what others have leaves no room for itself, and is not said to be kept', () => {
    const gone: string[] = [];
    const entries = new Entries(30_000, (some) => gone.push(...some.map(({ id }) => id)));
    for (const name of ['a', 'b', 'c']) assert.ok(entries.add(entryOf({ id: name, project: name }), 9));
    assert.equal(entries.add(entryOf({ id: 'large', project: 'd', length: 20_000 }), 9), false);
    assert.deepEqual(gone, ['large']);
  });
});

/** In one context all, or each in its own; vectors here and in the index. */
const SHAPES = [
  { dimensions: 512, question: 'where is it ', times: 4, length: 300, isOwn: false },
  { dimensions: 512, question: 'where is it ', times: 150, length: 1500, isOwn: true },
  { dimensions: 3072, question: '在哪里', times: 20, length: 4000, isOwn: true },
];
const COUNT = 400;

function memoryInUse(): number {
  // What is outside the heap is given back when the next collection begins.
  heapInUse();
  const heap = heapInUse();
  return heap + process.memoryUsage().external;
}

function filled(dimensions: number): Float32Array {
  return new Float32Array(dimensions).fill(0.1);
}

function keepMany(entries: Entries, index: Partitions): void {
  for (const [nth, { dimensions, question, times, length, isOwn }] of SHAPES.entries()) {
    for (let at = 0; at < COUNT; at += 1) {
      const id = `${nth}-${at}`;
      // Each in one piece, as texts are that were read.
      const asked = Buffer.from(`${at} ${question.repeat(times)}`).toString();
      const said = Buffer.from(`${at} ${'so it is. '.repeat(60)}`).toString();
      const gist = gistOf(said, { space: 's', vector: filled(dimensions) });
      const partition = isOwn ? id.padStart(32, '0') : 'p';
      const { answer } = entryOf({ id });
      const content = { kind: 'bytes', contentType: 'application/json', body: Buffer.allocUnsafeSlow(length) } as const;
      const kept = { ...answer, key: `${id} and so on`, labels: { ...answer.labels }, content };
      entries.add({ ...entryOf({ id }), partition, asked, dimensions, gist, answer: kept }, 1e6);
      index.add(`${partition} s`, id, filled(dimensions));
    }
  }
}

describe('what entries are counted as', () => {
  it('promise 11: is what they take, within a quarter', () => {
    const entries = new Entries(1e9, () => {});
    const index = new Partitions((size) => new GrowingIndex(size, () => undefined));
    const before = memoryInUse();
    keepMany(entries, index);
    const taken = memoryInUse() - before;
    assert.ok(Math.abs(taken / entries.bytes - 1) < 0.25, `${taken} bytes, counted as ${entries.bytes}`);
    assert.equal(index.size, entries.size);
  });
});
