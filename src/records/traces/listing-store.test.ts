import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { KEPT_WHOLE, makeRecord } from '../../../test/support/make-record.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { newTraceId } from '../../core/ids.ts';
import type { Verdict } from '../../core/screening.ts';
import { DAY_MS } from '../../core/units.ts';
import type { Database } from '../../storage/database/database.ts';
import type { ListPosition } from '../../storage/database/list-position.ts';
import type { CallRecord } from '../journal/record.ts';
import { ConversationStore } from './conversations/conversation-store.ts';
import { TraceStore } from './listing-store.ts';
import { type SearchPattern, searchForm, searchPattern } from './search/search-text.ts';
import { MOST_PARTITIONS } from './stretches.ts';
import type { TraceFilter } from './trace-filter.ts';
import { toTraceRow } from './trace-row.ts';
import { KnownThere, insertTraces } from './trace-store.ts';

const T0 = Date.UTC(2026, 0, 1);

/** Words and signs of which texts and patterns are made, so that patterns are often in texts. */
const PIECES = [
  ...'退款 退 款 政策 我要退款 人工智能 ありがとう カー 환불 𠮷野 。 ，'.split(' '),
  ...'refund|Re|fu|nd| |  |\n|%|_|\\|100%|ΣΑΣ|ＡＢＣ|ﬁ|İ|ß|"|\'|😀'.split('|'),
];
const anyWriting = fc
  .array(
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: 'grapheme', maxLength: 3 })),
    {
      maxLength: 8,
    },
  )
  .map((pieces) => pieces.join(''));

const verdict = (guard: string, outcome: Verdict['outcome']): Verdict => ({
  guard,
  place: 'input',
  outcome,
  micros: 1,
});

/** How many locks a statement of the database held, at most. */
function countingLocks({ kind, orm }: Database): { database: Pick<Database, 'kind' | 'orm'>; mostLocks: () => number } {
  let most = 0;
  const counting: Database['orm']['transaction'] = (work, ...options) =>
    orm.transaction(
      async (transaction) => {
        const result = await work(transaction);
        const { rows } = await transaction.execute<{ n: number }>(
          'select count(*)::int as n from pg_locks where pid = pg_backend_pid()',
        );
        most = Math.max(most, rows[0]?.n ?? 0);
        return result;
      },
      ...options,
    );
  const counted = new Proxy(orm, {
    get: (target, name) => (name === 'transaction' ? counting : (Reflect.get(target, name) as unknown)),
  });
  return { database: { kind, orm: counted }, mostLocks: () => most };
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`listings of traces in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: TraceStore;
    const known = new KnownThere();
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new TraceStore(opened.database);
    });
    after(() => opened.close());
    beforeEach(() => opened.database.pool.query('delete from traces'));

    async function insert(...records: CallRecord[]): Promise<void> {
      const rows = records.map((record) =>
        toTraceRow({ record, input: undefined, output: undefined, textsDropped: false }),
      );
      await insertTraces(opened.database.pool, rows, known);
    }

    /** With what was said and answered. */
    async function insertSaid(...texts: (readonly [said: string, answered: string])[]): Promise<string[]> {
      const rows = texts.map(([said, answered], at) => {
        const input = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: said }] }));
        const output = Buffer.from(JSON.stringify([{ content: answered }]));
        return toTraceRow({
          record: makeRecord({ startedAt: T0 + at }),
          input: { bytes: input, wholeLength: input.length },
          output: { bytes: output, wholeLength: output.length },
          textsDropped: false,
        });
      });
      await insertTraces(opened.database.pool, rows, known);
      return rows.map(({ traceId }) => traceId);
    }

    /** The same asked of the database where it may not read row after row. */
    async function byIndex({ form, grams }: SearchPattern): Promise<{ ids: string[]; plan: string }> {
      const client = await opened.database.pool.connect();
      try {
        await client.query('begin');
        for (const way of ['seqscan', 'indexscan', 'indexonlyscan'])
          await client.query(`set local enable_${way} = off`);
        const query = 'select trace_id from traces where strpos(search_text, $1) > 0 and search_grams @> $2::int[]';
        const plan = await client.query<Record<'QUERY PLAN', string>>(`explain ${query}`, [form, grams]);
        const { rows } = await client.query<{ trace_id: string }>(query, [form, grams]);
        await client.query('commit');
        return {
          ids: rows.map((row) => row.trace_id).toSorted(),
          plan: plan.rows.map((row) => row['QUERY PLAN']).join('\n'),
        };
      } finally {
        client.release();
      }
    }

    const idsOf = async (filter: TraceFilter) => (await store.list(filter, 500)).traces.map(({ traceId }) => traceId);

    test('a verdict is found by its guard, by its outcome, and by both of the same one', async () => {
      const both = makeRecord({ startedAt: T0, verdicts: [verdict('pii', 'redacted'), verdict('keywords', 'passed')] });
      const blocked = makeRecord({ startedAt: T0 + 1, verdicts: [verdict('keywords', 'blocked')] });
      await insert(both, blocked, makeRecord({ startedAt: T0 + 2 }));
      assert.deepEqual(await idsOf({ verdict: { guard: 'keywords' } }), [blocked.traceId, both.traceId]);
      assert.deepEqual(await idsOf({ verdict: { outcome: 'redacted' } }), [both.traceId]);
      assert.deepEqual(await idsOf({ verdict: { guard: 'keywords', outcome: 'redacted' } }), []);
      assert.deepEqual(await idsOf({ verdict: { guard: 'keywords', outcome: 'blocked' } }), [blocked.traceId]);
    });

    test('a text is found exactly where it is, whatever the languages and signs, through the index and without', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(anyWriting, anyWriting), { minLength: 1, maxLength: 12 }),
          fc.array(anyWriting, { minLength: 1, maxLength: 6 }),
          async (texts, wanted) => {
            await opened.database.pool.query('delete from traces');
            const ids = await insertSaid(...texts);
            const patterns = [...wanted, ...texts.flat().map((text) => Array.from(text).slice(1, 4).join(''))];
            for (const asked of patterns) {
              const text = searchPattern(asked);
              if (!text) continue;
              const form = searchForm(asked.trim());
              const expected = ids.filter((_, at) => texts[at]?.some((one) => searchForm(one).includes(form)));
              assert.deepEqual((await idsOf({ text })).toSorted(), expected.toSorted(), asked);
              assert.deepEqual((await byIndex(text)).ids, expected.toSorted(), asked);
            }
          },
        ),
        { numRuns: 6 },
      );
    });

    test('Chinese words of two characters are found through the index', async () => {
      const ids = await insertSaid(['我要退款', '好的'], ['refund', '可以退货']);
      const pattern = searchPattern('退款');
      assert.equal(pattern?.grams.length, 1);
      const found = await byIndex(pattern);
      assert.deepEqual(found.ids, ids.slice(0, 1));
      assert.match(found.plan, /Bitmap Index Scan on traces_\S+search_grams_idx/);
    });

    const odd: Partial<CallRecord> = {
      status: 'failed',
      organisation: 'o2',
      project: 'p2',
      keyId: 'key_2',
      userId: 'bob',
      conversationId: 'c2',
      endpoint: '/v1/messages',
      dialect: 'anthropic',
      operation: 'completion',
      requestModel: 'm2',
      virtualModel: 'v2',
      responseModel: 'r2',
      target: 't/2',
      promptVersion: 'greet@2.0.0',
      streamed: true,
      finishReason: 'length',
      error: { code: 'provider_timeout', message: 'late', origin: 'provider' },
      traceContext: { traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), sampled: true },
      latencyMs: 9000,
      ttftMs: 2000,
      costNanoUsd: 50_000_000,
      usage: { inputTokens: 5000, outputTokens: 100 },
      metadata: { team: 'search', number: 7, 'a.b': true, "it's": '"' },
      startedAt: T0 + 5000,
    };
    const FILTERS: readonly TraceFilter[] = [
      ...Object.entries({
        status: 'failed',
        organisation: 'o2',
        project: 'p2',
        key: 'key_2',
        user: 'bob',
        conversation: 'c2',
        endpoint: '/v1/messages',
        dialect: 'anthropic',
        operation: 'completion',
        model: 'm2',
        virtual_model: 'v2',
        response_model: 'r2',
        target: 't/2',
        prompt_version: 'greet@2.0.0',
        finish_reason: 'length',
        error_code: 'provider_timeout',
        error_origin: 'provider',
        trace: 'a'.repeat(32),
      }).map(([name, value]) => ({ names: { [name]: value } })),
      { streamed: true },
      { ranges: { latency_ms: { min: 8999 } } },
      { ranges: { ttft_ms: { min: 2000, max: 2000 } } },
      { ranges: { cost_usd: { min: 0.05 } } },
      { ranges: { tokens: { min: 5100, max: 5100 } } },
      { metadata: [['team', 'search']] },
      { metadata: [['number', '7']] },
      {
        metadata: [
          ['a.b', 'true'],
          ["it's", '"'],
        ],
      },
      { since: new Date(T0 + 1), until: new Date(T0 + 9000) },
      { names: { user: 'bob', model: 'm2' }, streamed: true, ranges: { latency_ms: { max: 9000, min: 1000 } } },
    ];

    test('a listing answers each filter', async () => {
      const record = makeRecord(odd);
      const others = [makeRecord({ startedAt: T0 }), makeRecord({ startedAt: T0 + 9000, metadata: { team: 'x' } })];
      await insert(record, ...others);
      for (const filter of FILTERS) {
        assert.deepEqual(await idsOf(filter), [record.traceId], JSON.stringify(filter));
      }
      assert.deepEqual(await idsOf({ names: { model: "m2' or true --" } }), []);
      assert.deepEqual(await idsOf({ metadata: [['team', '7']] }), []);
      assert.deepEqual(
        await idsOf({ ranges: { latency_ms: { max: 500 } } }),
        others.map(({ traceId }) => traceId).toReversed(),
      );
    });

    test('pages go back over days and classes, in one order, to the very first', async () => {
      const records = Array.from({ length: 30 }, (_, at) =>
        makeRecord({
          startedAt: at === 0 ? 0 : T0 + (at % 7) * 5 * DAY_MS + (at % 3),
          policy: { ...KEPT_WHOLE, retentionClass: at % 2 === 0 ? '' : "it's 退款", search: true },
          finishReason: at % 5 === 0 ? 'length' : 'stop',
        }),
      );
      await insert(...records);
      for (const filter of [{}, { names: { finish_reason: 'length' } }]) {
        const seen: string[] = [];
        let position: ListPosition | undefined;
        do {
          const { traces, next } = await store.list(filter, 4, position);
          seen.push(...traces.map(({ traceId }) => traceId));
          position = next;
        } while (position);
        const order = records
          .filter(({ finishReason }) => !filter.names || finishReason === 'length')
          .toSorted((a, b) => b.startedAt - a.startedAt || (a.traceId < b.traceId ? 1 : -1));
        assert.deepEqual(
          seen,
          order.map(({ traceId }) => traceId),
        );
      }
    });

    test('questions without a time are asked in parts, so that none locks all partitions', async () => {
      const days = MOST_PARTITIONS + 10;
      const records = Array.from({ length: days }, (_, at) =>
        makeRecord({ startedAt: T0 + at * DAY_MS, conversationId: 'long', requestModel: `m${at % 3}` }),
      );
      await insert(...records, makeRecord({ startedAt: T0 + 3, conversationId: 'short' }));
      const { database, mostLocks } = countingLocks(opened.database);
      const conversations = new ConversationStore(database);
      const [found, ...others] = await conversations.find('long', undefined);
      assert.ok(found);
      assert.deepEqual(others, []);
      assert.deepEqual(
        [found.requests, found.costNanoUsd, found.inputTokens, found.cacheCreationInputTokens, found.models],
        [days, 71_000 * days, 12 * days, null, ['m0', 'm1', 'm2']],
      );
      assert.deepEqual([found.firstAt.getTime(), found.lastAt.getTime()], [T0, T0 + (days - 1) * DAY_MS]);

      const ids = records.map(({ traceId }) => traceId);
      const pages: string[][] = [];
      for await (const rows of conversations.requests(found, 35, { at: found.firstAt, id: ids[0] ?? '' })) {
        pages.push(rows.map(({ traceId }) => traceId));
      }
      assert.deepEqual(pages.flat(), ids.slice(1, 36));
      assert.ok(pages.every((page) => page.length <= 10));

      const listed = await conversations.list({ since: new Date(0) }, 1);
      assert.deepEqual(
        listed.conversations.map(({ id, requests }) => [id, requests]),
        [['long', days]],
      );
      const rest = await conversations.list({ since: new Date(0) }, 1, listed.next);
      assert.deepEqual([rest.conversations.map(({ id }) => id), rest.next], [['short'], undefined]);
      await new TraceStore(database).list({ names: { user: 'nobody' } }, 10);
      if (kind === 'postgres') assert.ok(mostLocks() > 0 && mostLocks() < (MOST_PARTITIONS + 3) * 11, `${mostLocks()}`);
    });

    test('a trace is found by its id, which tells the day; nothing else is looked for', async () => {
      const [usual, late] = [
        makeRecord({ startedAt: T0 }),
        makeRecord({ startedAt: T0, traceId: newTraceId(T0 + DAY_MS) }),
      ];
      const strange = makeRecord({ startedAt: T0, traceId: 'no-id-of-ours' });
      const far = makeRecord({ startedAt: T0 + 3 * DAY_MS, traceId: newTraceId(T0) });
      await insert(usual, late, strange, far);
      for (const { traceId, startedAt } of [usual, late]) {
        assert.equal((await store.get(traceId))?.startedAt.getTime(), startedAt);
      }
      for (const traceId of [strange.traceId, far.traceId, newTraceId(T0), newTraceId(0)]) {
        assert.equal(await store.get(traceId), undefined);
      }
    });
  });
}
