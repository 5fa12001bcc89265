import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import { toTraceRow } from '../../records/traces/trace-row.ts';
import { insertTraces } from '../../records/traces/trace-store.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { ownCallsOf, recordedRequests, twinsOf } from './recorded-store.ts';
import { learnFrom } from './replay.ts';

const T0 = Date.UTC(2026, 10, 20);
const QUESTION = { since: new Date(T0), until: new Date(T0 + 3_600_000) };

let opened: TracesDatabase;
const asked = Array.from({ length: 450 }, (_, at) =>
  // Many have a time in common, and pages end between them.
  makeRecord({
    startedAt: T0 + Math.floor(at / 90) * 1000,
    project: at % 3 === 0 ? 'a' : 'b',
    requestModel: `m${at % 2}`,
  }),
);

before(async () => {
  opened = await openTracesDatabase();
  const [first] = asked;
  const own = (parts: Partial<CallRecord>) => makeRecord({ startedAt: T0 + 5000, costNanoUsd: 7, ...parts });
  const large = makeAttemptRecord({ target: 'sim/large', latencyMs: 9 });
  await store([
    ...asked,
    own({
      endpoint: 'causeway/shadow',
      virtualModel: 'shadow:large',
      metadata: { shadow_of: first?.traceId ?? '' },
      attempts: [large],
    }),
    own({ endpoint: 'causeway/judge', attempts: [makeAttemptRecord({ target: 'sim/judge' })] }),
    makeRecord({ startedAt: T0 - 1 }),
    makeRecord({ startedAt: T0 + 3_600_000 }),
  ]);
});
after(() => opened.close());

async function store(records: readonly CallRecord[]): Promise<void> {
  const rows = records.map((record) => {
    const bytes = Buffer.from('{"model":"m","messages":[]}');
    const input = { bytes, wholeLength: bytes.length };
    return toTraceRow({ record, input, output: input, textsDropped: false });
  });
  const client = await opened.database.pool.connect();
  try {
    await insertTraces(client, rows);
  } finally {
    client.release();
  }
}

async function read(more: object = {}): Promise<RecordedRequest[]> {
  const all: RecordedRequest[] = [];
  for await (const page of recordedRequests(opened.database, { ...QUESTION, ...more })) all.push(...page);
  return all;
}

test('every request of the time is read once, in the order of time, and none of the gateway itself', async () => {
  const all = await read();
  assert.deepEqual(
    all.map(({ traceId }) => traceId),
    asked
      .toSorted((a, b) => a.startedAt - b.startedAt || (a.traceId < b.traceId ? -1 : 1))
      .map(({ traceId }) => traceId),
  );
  const [one] = all;
  assert.deepEqual(one?.input, { model: 'm', messages: [] });
  assert.equal(one?.outputBytes, 27);
  assert.deepEqual(one?.attempts[0]?.usage, { inputTokens: 12, outputTokens: 34, cacheReadInputTokens: 4 });
});

test('a model and a project narrow it', async () => {
  assert.equal((await read({ project: 'a' })).length, 150);
  assert.equal(
    (await read({ model: 'm0', project: 'b' })).length,
    asked.filter((one, at) => at % 2 === 0 && at % 3 > 0).length,
  );
});

test('answers of shadows belong to the requests that they mirror; what the gateway asked itself is summed', async () => {
  const all = await read();
  const twins = await twinsOf(opened.database, all.slice(0, 200));
  assert.deepEqual([...twins.keys()], [asked[0]?.traceId]);
  assert.equal(twins.get(asked[0]?.traceId ?? '')?.[0]?.target, 'sim/large');
  assert.deepEqual(await ownCallsOf(opened.database, QUESTION), [
    { endpoint: 'causeway/judge', requests: 1, costNanoUsd: 7 },
    { endpoint: 'causeway/shadow', requests: 1, costNanoUsd: 7 },
  ]);
});

test('a target that only a shadow asked is known, for the model of whom it mirrors; who was asked to judge is not', async () => {
  const knowledge = await learnFrom(opened.database, QUESTION, () => undefined);
  assert.deepEqual(
    ['openai/gpt-5-mini', 'sim/large', 'sim/judge'].map((target) => knowledge.knows(target)),
    [true, true, false],
  );
  assert.deepEqual(knowledge.targetsOf('chat'), ['openai/gpt-5-mini', 'sim/large']);
});
