import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import type { Json } from '../../src/core/json.ts';
import { DAY_MS } from '../../src/core/units.ts';
import type { CallRecord } from '../../src/records/journal/record.ts';
import { conversationRoutes } from '../../src/records/traces/conversations/routes.ts';
import type { FeedbackReader } from '../../src/records/traces/feedback-of.ts';
import { traceRoutes } from '../../src/records/traces/routes.ts';
import { toTraceRow } from '../../src/records/traces/trace-row.ts';
import { KnownThere, insertTraces } from '../../src/records/traces/trace-store.ts';
import type { Database } from '../../src/storage/database/database.ts';
import { startEdge } from '../edge/fake-edge.ts';
import { makeRecord } from '../support/make-record.ts';
import { noPostgres } from '../support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../support/traces-database.ts';

const NOW = Date.UTC(2026, 5, 20, 12);
const writer = { flush: () => Promise.resolve() };
const clock = { now: () => NOW, monotonic: () => performance.now() };

/** Somebody liked each trace that was asked for. */
const feedback: FeedbackReader = {
  feedbackOf: (ids) =>
    Promise.resolve(
      new Map(
        ids.map((id) => [
          id,
          [{ author: 'admin', thumb: 'up', score: 1, comment: null, tags: [], created_at: '', updated_at: '' }],
        ]),
      ),
    ),
};

type Row = Record<string, unknown>;
type Said = readonly [Partial<CallRecord>, input?: Json, output?: Json];

function kept(value: Json | undefined) {
  const bytes = Buffer.from(JSON.stringify(value ?? null));
  return value === undefined ? undefined : { bytes, wholeLength: bytes.length };
}

async function json(response: Promise<Response>): Promise<Row & { data: Row[]; next: string | null }> {
  return (await (await response).json()) as Row & { data: Row[]; next: string | null };
}

/** One request of a conversation, and its answer. */
function turn(at: number, project: string, earlier: Json[], said: string, answered: string): Said {
  return [
    { conversationId: 'a b', project, startedAt: NOW + at },
    { messages: [...earlier, { role: 'user', content: said }] },
    [{ content: answered }],
  ];
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`threads and exports from ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    const known = new KnownThere();
    before(async () => (opened = await openTracesDatabase(kind)));
    after(() => opened.close());
    beforeEach(() => opened.database.pool.query('delete from traces'));

    async function insert(...said: Said[]): Promise<string[]> {
      const rows = said.map(([parts, input, output]) =>
        toTraceRow({ record: makeRecord(parts), input: kept(input), output: kept(output), textsDropped: false }),
      );
      await insertTraces(opened.database.pool, rows, known);
      return rows.map(({ traceId }) => traceId);
    }

    async function admin(
      t: Parameters<typeof startEdge>[0],
      database: Pick<Database, 'kind' | 'orm'> = opened.database,
    ) {
      const deps = { database, writer, feedback, clock };
      const { url } = await startEdge(t, { adminRoutes: [traceRoutes(deps), conversationRoutes(deps)] });
      return (path: string) => fetch(`${url}/admin/v1/${path}`, { headers: { authorization: 'Bearer admin-key' } });
    }

    test('conversations are listed by their latest request, each with what it cost', async (t) => {
      const ask = await admin(t);
      const of = (conversationId: string, hoursAgo: number, parts: Partial<CallRecord> = {}) =>
        [{ conversationId, startedAt: NOW - hoursAgo * 3_600_000, ...parts }] as const;
      await insert(
        of('a', 50),
        of('a', 1, { requestModel: 'm2', costKnown: false, costNanoUsd: 0 }),
        of('b', 2, { status: 'failed', error: { code: 'provider_timeout', message: 'late', origin: 'provider' } }),
        of('b', 3),
        of('a', 4, { project: 'other', userId: 'bob' }),
        of('c', 30),
        of('old', 24 * 8),
        [{ startedAt: NOW - 5 }],
      );
      const seen: Row[] = [];
      let cursor: string | null = null;
      do {
        const page = await json(ask(`conversations?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`));
        seen.push(...page.data);
        cursor = page.next;
      } while (cursor !== null);
      assert.deepEqual(
        seen.map(({ conversation_id, project, requests }) => [conversation_id, project, requests]),
        [
          ['a', 'support', 2],
          ['b', 'support', 2],
          ['a', 'other', 1],
          ['c', 'support', 1],
        ],
      );
      assert.deepEqual(seen[0], {
        conversation_id: 'a',
        project: 'support',
        user_id: 'ada',
        first_at: new Date(NOW - 50 * 3_600_000).toISOString(),
        last_at: new Date(NOW - 3_600_000).toISOString(),
        requests: 2,
        tokens: { input: 24, output: 68, cached: 8, cache_write: null, reasoning: null },
        cost_usd: 0.000071,
        cost_known: false,
        models: ['chat', 'm2'],
        last_error: null,
      });
      assert.equal(seen[1]?.['last_error'], 'provider_timeout');
      const names = async (query: string) =>
        (await json(ask(`conversations?${query}`))).data.map((one) => one['conversation_id']);
      assert.deepEqual(await names('project=other'), ['a']);
      assert.deepEqual(await names('user=bob'), ['a']);
      assert.deepEqual(await names(`since=${NOW - 9 * DAY_MS}&until=${NOW - 7 * DAY_MS}`), ['old']);
      assert.deepEqual(await names(`until=${NOW - 10 * 3_600_000}`), ['c', 'a']);
    });

    test('a conversation reads as one thread: what is new in each request, and its answer', async (t) => {
      const ask = await admin(t);
      const first = [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'ONE' },
      ];
      await insert(
        turn(DAY_MS, 'support', first, 'two', 'TWO'),
        turn(0, 'support', [], 'one', 'ONE'),
        turn(1, 'other', [], 'x', 'X'),
      );
      const path = 'conversations/a%20b?project=support&limit=1';
      const page = await json(ask(path));
      assert.deepEqual([page['requests'], page['cost_usd'], page['conversation_id']], [2, 0.000142, 'a b']);
      const rest = await json(ask(`${path}&cursor=${page.next}`));
      assert.equal(rest.next, null);
      assert.deepEqual(
        [...page.data, ...rest.data].map(({ input, output }) => [input, output]),
        [
          [[{ role: 'user', content: 'one' }], [{ content: 'ONE' }]],
          [[{ role: 'user', content: 'two' }], [{ content: 'TWO' }]],
        ],
      );
      const said = page.data[0]?.['feedback'] as Row[] | undefined;
      assert.equal(said?.[0]?.['thumb'], 'up');
      const both = await ask('conversations/a%20b');
      assert.equal(both.status, 400);
      assert.match(await both.text(), /`project` \(query\) has to be given.*other, support/);
      assert.equal((await ask('conversations/nobody')).status, 404);
    });

    test('an export is one trace a line, the newest first, with texts where they are wanted', async (t) => {
      const ask = await admin(t);
      const ids = await insert(
        ...Array.from(
          { length: 120 },
          (_, at) => [{ startedAt: NOW - at * 3_600_000, userId: at === 3 ? 'bob' : 'ada' }, { said: at }] as const,
        ),
      );
      const response = await ask('traces/export?bodies=true');
      assert.equal(response.headers.get('content-type'), 'application/x-ndjson; charset=utf-8');
      const lines = (await response.text())
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Row);
      assert.deepEqual(
        lines.map((line) => line['trace_id']),
        ids,
      );
      assert.deepEqual(
        lines.map((line) => line['input']),
        ids.map((_, at) => ({ said: at })),
      );
      const [only] = (await (await ask('traces/export?user=bob')).text()).trimEnd().split('\n');
      const view = JSON.parse(only ?? '') as Row;
      assert.deepEqual([view['trace_id'], 'input' in view, (view['feedback'] as Row[]).length], [ids[3], false, 1]);
      assert.equal(await (await ask('traces/export?user=nobody')).text(), '');
    });

    test('an export whose database fails in the middle breaks off, and has no end that could be taken for one', async (t) => {
      await insert(
        ...Array.from({ length: 120 }, (_, at) => [{ startedAt: NOW - at }, { said: 'x'.repeat(50_000) }] as const),
      );
      let pages = 0;
      const failing = new Proxy(opened.database, {
        get(database, name) {
          if (name !== 'orm' || pages < 4) {
            pages += name === 'orm' ? 1 : 0;
            return Reflect.get(database, name) as unknown;
          }
          throw new Error('the database is gone');
        },
      });
      const ask = await admin(t, failing);
      const response = await ask('traces/export?bodies=true');
      assert.equal(response.status, 200);
      await assert.rejects(response.text());
    });
  });
}
