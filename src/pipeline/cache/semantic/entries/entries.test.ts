import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { gistOf } from '../compare/gist.ts';
import { traitsOf } from '../vetoes/vetoes.ts';
import { Entries } from './entries.ts';
import { type Entry, sizeOf } from './entry.ts';

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
    traits: traitsOf('a'),
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
        const entries = new Entries(90_000, (some) => gone.push(...some.map(({ id }) => id)));
        const kept = new Map<string, Entry>();
        for (const [at, parts] of all.entries()) {
          const entry = entryOf({ id: String(at), ...parts });
          assert.ok(entries.add(entry, 7));
          kept.set(entry.id, entry);
          for (const id of gone) kept.delete(id);
          assert.equal(entries.size, kept.size);
          assert.ok(entries.bytes <= 90_000);
          assert.equal(
            entries.bytes,
            [...kept.values()].reduce((sum, one) => sum + sizeOf(one), 0),
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
    entries.removeExpired(100);
    assert.deepEqual(gone, ['1', '2', '3']);
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
});
