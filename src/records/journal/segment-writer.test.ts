import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { journalFolder } from '../../../test/support/open-journal.ts';
import type { Chunk } from './entry-buffer.ts';
import type { OpenSegment } from './growing-segment.ts';
import { newJournalId, segmentPath } from './segment.ts';
import { type SegmentFile, createSegmentFile } from './segment-file.ts';
import { SegmentWriter } from './segment-writer.ts';

const journal = newJournalId();

const chunkOf = (text: string): Chunk => ({ bytes: new Uint8Array(Buffer.from(text)), records: 1, since: 0 });

const turn = () => new Promise<void>((next) => setImmediate(next));

/** A disk in memory that fails where the test says so. What a failed sync did not take is lost, whatever later ones say. */
function diskOf(fails: (what: 'create' | 'write' | 'sync' | 'cut') => boolean, { writeTurns = 0, syncTurns = 0 } = {}) {
  const segments: { content: string; safe: number; isClosed: boolean }[] = [];
  const check = (what: 'create' | 'write' | 'sync' | 'cut'): void => {
    if (fails(what)) throw new Error(`ENOSPC: ${what}`);
  };
  async function create(): Promise<OpenSegment> {
    check('create');
    const segment = { content: '', safe: 0, isClosed: false };
    const number = segments.push(segment);
    const file: SegmentFile = {
      async write(chunks, position) {
        assert.ok(position <= segment.content.length);
        const text = Buffer.concat(chunks).toString();
        for (let turns = 0; turns < writeTurns; turns += 1) await turn();
        // Half of it may be there when the disk says no.
        segment.content = segment.content.slice(0, position) + text.slice(0, Math.ceil(text.length / 2));
        check('write');
        segment.content = segment.content.slice(0, position) + text;
      },
      async sync() {
        const { length } = segment.content;
        for (let turns = 0; turns < syncTurns; turns += 1) await turn();
        try {
          check('sync');
        } catch (error) {
          const lost = '\0'.repeat(length - segment.safe);
          segment.content = segment.content.slice(0, segment.safe) + lost + segment.content.slice(length);
          throw error;
        }
        segment.safe = length;
      },
      async cut(length) {
        check('cut');
        segment.content = segment.content.slice(0, length);
      },
      async close() {
        assert.equal(segment.isClosed, false);
        segment.isClosed = true;
      },
      async discard() {
        assert.equal(segment.safe, 0);
        segment.isClosed = true;
      },
    };
    return { path: segmentPath('/journal/0', journal, number), journal, number, file };
  }
  return { segments, create };
}

function writerOn(create: () => Promise<OpenSegment>, segmentBytes: number, clock = new FakeClock()) {
  const seen = { limits: new Map<number, number>(), closed: new Map<number, number>(), errors: 0, written: 0 };
  const writer = new SegmentWriter(
    {
      create,
      written(segment, limit, chunks) {
        assert.equal(seen.closed.has(segment.number), false);
        seen.limits.set(segment.number, limit);
        seen.written += chunks.length;
      },
      closed: ({ number }, limit) => void seen.closed.set(number, limit),
      failed: () => void (seen.errors += 1),
      scheduler: clock,
    },
    segmentBytes,
  );
  return { writer, seen, clock };
}

test('promise 7: whatever the disk refuses, what is said to be safe is there once, in its order, and nothing is lost', async () => {
  const fates = fc.array(fc.boolean(), { maxLength: 40, size: 'max' });
  const texts = fc.array(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }), { maxLength: 30 });
  const pace = fc.record({ writeTurns: fc.nat({ max: 3 }), syncTurns: fc.nat({ max: 6 }) });
  await fc.assert(
    fc.asyncProperty(
      texts,
      fates,
      fc.integer({ min: 1, max: 100 }),
      pace,
      async (chunks, fails, segmentBytes, turns) => {
        const left = [...fails];
        const { segments, create } = diskOf(() => left.shift() ?? false, turns);
        const { writer, seen, clock } = writerOn(create, segmentBytes);
        for (const [at, text] of chunks.entries()) {
          writer.push(chunkOf(text));
          if (at % 3 === 0) await turn();
        }
        while (seen.written < chunks.length) {
          await turn();
          clock.advance(2000);
        }
        assert.deepEqual(await writer.close(), []);
        const safe = segments.map(({ content }, at) => {
          const limit = seen.closed.get(at + 1) ?? 0;
          assert.equal(limit, seen.limits.get(at + 1) ?? 0);
          return Buffer.from(content).toString().slice(0, limit);
        });
        assert.equal(safe.join(''), chunks.join(''));
        assert.equal(seen.written, chunks.length);
        assert.ok(segments.every(({ isClosed }) => isClosed));
      },
    ),
    { numRuns: 200 },
  );
});

test('what comes while a write is under way goes together with the next', async () => {
  let writes = 0;
  const counted = (what: string): boolean => {
    writes += what === 'write' ? 1 : 0;
    return false;
  };
  const { create } = diskOf(counted, { writeTurns: 2 });
  const { writer, seen } = writerOn(create, 1e6);
  writer.push(chunkOf('x'));
  await turn();
  for (let at = 0; at < 50; at += 1) writer.push(chunkOf('x'));
  await writer.idle();
  assert.deepEqual([writes, seen.written, seen.limits.get(1)], [2, 51, 51]);
  await writer.close();
});

test('promise 7: what comes while the disk is slow to sync is written all the same, in the next segment too', async () => {
  const { segments, create } = diskOf(() => false);
  const disk = Promise.withResolvers<void>();
  const told: string[] = [];
  let syncs = 0;
  const writer = new SegmentWriter(
    {
      async create() {
        const segment = await create();
        const sync = async (): Promise<void> => {
          syncs += 1;
          await disk.promise;
          await segment.file.sync();
        };
        return { ...segment, file: { ...segment.file, sync } };
      },
      written: ({ number }, limit, chunks) => void told.push(`${number}: ${chunks.length} to ${limit}`),
      closed: ({ number }, limit) => void told.push(`${number} ends at ${limit}`),
      failed: assert.fail,
      scheduler: new FakeClock(),
    },
    3,
  );
  for (const text of 'abcdefg') {
    writer.push(chunkOf(text));
    for (let turns = 0; turns < 5; turns += 1) await turn();
  }
  assert.deepEqual(
    segments.map(({ content }) => content),
    ['abc', 'def', 'g'],
  );
  assert.deepEqual([told, syncs], [[], 1]);
  disk.resolve();
  await writer.idle();
  await writer.close();
  assert.deepEqual(told, [
    '1: 1 to 1',
    '1: 2 to 3',
    '1 ends at 3',
    '2: 3 to 3',
    '2 ends at 3',
    '3: 1 to 1',
    '3 ends at 1',
  ]);
  assert.ok(segments.every(({ isClosed }) => isClosed));
});

test('promise 11: a disk that is full is tried less and less often, and at a close given up', async () => {
  const { segments, create } = diskOf((what) => what !== 'create');
  const { writer, seen, clock } = writerOn(create, 100);
  writer.push(chunkOf('kept'));
  for (const pause of [50, 100, 200, 400, 800, 1600, 2000, 2000]) {
    while (clock.waiting === 0) await turn();
    const before = seen.errors;
    clock.advance(pause - 1);
    await turn();
    assert.equal(seen.errors, before);
    clock.advance(1);
    while (seen.errors === before) await turn();
  }
  assert.equal(writer.oldest, 0);
  const lost = await writer.close();
  assert.deepEqual(
    lost.map(({ bytes }) => Buffer.from(bytes).toString()),
    ['kept'],
  );
  assert.ok(segments.length > 8 && segments.every(({ isClosed }) => isClosed));
});

test('on a real disk segments are files of their own size, with all that was pushed', async () => {
  const folder = journalFolder();
  let number = 0;
  const { writer, seen } = writerOn(async () => {
    number += 1;
    const path = segmentPath(folder, journal, number);
    return { path, journal, number, file: await createSegmentFile(path) };
  }, 1000);
  for (let at = 0; at < 40; at += 1) {
    writer.push(chunkOf(`${at},`.repeat(20)));
    if (at % 4 === 0) await writer.idle();
  }
  await writer.idle();
  writer.endSoon();
  writer.push(chunkOf('last'));
  await writer.idle();
  await writer.close();
  const files = readdirSync(folder).toSorted();
  const contents = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  assert.equal(contents.join(''), `${Array.from({ length: 40 }, (_, at) => `${at},`.repeat(20)).join('')}last`);
  assert.equal(contents.at(-1), 'last');
  assert.ok(contents.every(({ length }) => length <= 1060));
  assert.deepEqual(
    [...seen.closed.values()],
    contents.map(({ length }) => length),
  );
});
