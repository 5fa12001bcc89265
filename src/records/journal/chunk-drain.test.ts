import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeRecord } from '../../../test/support/make-record.ts';
import type { TraceRow } from '../traces/trace-row.ts';
import { ChunkDrain } from './chunk-drain.ts';
import { type Chunk, EntryBuffer } from './entry-buffer.ts';
import { encodeFacts } from './entry-codec.ts';
import type { FromWriter } from './writer-messages.ts';

class Refusal extends Error {}

function chunkOf(...traceIds: string[]): Chunk {
  const entries = traceIds.map((traceId) => {
    const facts = encodeFacts(makeRecord({ traceId, metadata: { a: 1 } }));
    const factsBytes = Buffer.byteLength(facts);
    const buffer = new EntryBuffer();
    buffer.add({ facts, factsBytes, input: undefined, output: undefined, textsDropped: false }, 0);
    return buffer.take().bytes;
  });
  return { bytes: new Uint8Array(Buffer.concat(entries)), records: entries.length, since: 0 };
}

const ids = (count: number) => Array.from({ length: count }, (_, at) => `t${at}`);

function drainInto(insert: (rows: readonly TraceRow[]) => Promise<void>) {
  const reports: FromWriter[] = [];
  const pauses: number[] = [];
  const spent: Chunk[] = [];
  const drain = new ChunkDrain({
    insert,
    isRefusal: (error) => error instanceof Refusal,
    report: (message) => void reports.push(message),
    pause: async (ms) => void pauses.push(ms),
    spent: (chunks) => void spent.push(...chunks),
  });
  return { drain, reports, pauses, spent };
}

test('a database that is away is tried until it is back, with longer and longer pauses, and nothing is lost', async () => {
  let failures = 10;
  const written: unknown[] = [];
  const { drain, reports, pauses, spent } = drainInto(async (rows) => {
    failures -= 1;
    if (failures >= 0) throw new Error('connect ECONNREFUSED postgres://me:hunter2@db');
    written.push(...rows.map(({ traceId }) => traceId));
  });
  drain.push(chunkOf('a', 'b'));
  await drain.idle();
  assert.deepEqual(written, ['a', 'b']);
  assert.equal(spent.length, 1, 'the memory comes back');
  assert.deepEqual(pauses, [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  assert.deepEqual(reports.at(-1), { kind: 'done', chunks: 1, written: 2, refused: 0 });
  assert.doesNotMatch(JSON.stringify(reports), /hunter2/);
});

test('one row that is refused costs its details, not its neighbours', async () => {
  const written = new Map<unknown, TraceRow>();
  const { drain, reports } = drainInto(async (rows) => {
    if (rows.some(({ traceId, metadata }) => traceId === 'c' && metadata !== null)) throw new Refusal('bad number');
    for (const row of rows) written.set(row.traceId, row);
  });
  drain.push(chunkOf('a', 'b', 'c', 'd', 'e'));
  await drain.idle();
  assert.deepEqual(new Set(written.keys()), new Set(['a', 'b', 'c', 'd', 'e']));
  assert.match(String(written.get('c')?.warnings), /left out/);
  assert.equal(written.get('d')?.metadata, '{"a":1}');
  assert.deepEqual(reports, [{ kind: 'done', chunks: 1, written: 5, refused: 0 }]);
});

test('a row that is refused in any form is counted, with the reason', async () => {
  const { drain, reports } = drainInto(async (rows) => {
    if (rows.some(({ traceId }) => traceId === 'b')) throw new Refusal('never');
  });
  drain.push(chunkOf('a', 'b', 'c'));
  await drain.idle();
  assert.deepEqual(reports, [{ kind: 'done', chunks: 1, written: 2, refused: 1, reason: 'never' }]);
});

test('what came in meanwhile is written with one statement, of at most 500 rows', async () => {
  const sizes: number[] = [];
  const { drain, reports } = drainInto(async (rows) => void sizes.push(rows.length));
  drain.push(chunkOf('first'));
  for (let chunk = 0; chunk < 6; chunk += 1) drain.push(chunkOf(...ids(100)));
  drain.push(chunkOf(...ids(700)));
  await drain.idle();
  assert.deepEqual(sizes, [1, 500, 100, 500, 200]);
  assert.equal(
    reports.reduce((sum, report) => sum + (report.kind === 'done' ? report.chunks : 0), 0),
    8,
  );
});
