import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import type { Principal } from '../../src/core/call.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { newTraceId } from '../../src/core/ids.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { DAY_MS } from '../../src/core/units.ts';
import { type EdgeServer, createServer } from '../../src/edge/server.ts';
import type { AttributedFeedback } from '../../src/records/feedback/feedback.ts';
import { FeedbackDesk } from '../../src/records/feedback/feedback-desk.ts';
import { FeedbackPace } from '../../src/records/feedback/feedback-pace.ts';
import { FeedbackStore } from '../../src/records/feedback/feedback-store.ts';
import { oldFeedback } from '../../src/records/feedback/old-feedback.ts';
import { feedbackListRoutes, feedbackRoutes } from '../../src/records/feedback/routes.ts';
import type { BodyPolicy, CallRecord } from '../../src/records/journal/record.ts';
import { toTraceRow } from '../../src/records/traces/trace-row.ts';
import { insertTraces } from '../../src/records/traces/trace-store.ts';
import { adminDoor } from '../support/admin-door.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { makeRecord } from '../support/make-record.ts';
import { noPostgres } from '../support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../support/traces-database.ts';

const NOBODY = { organisation: undefined, user: undefined, models: undefined };
/** By what is sent as Bearer. */
const KEYS: Readonly<Record<string, Principal>> = {
  maker: { ...NOBODY, keyId: 'key_1', project: 'support' },
  website: { ...NOBODY, keyId: 'key_2', project: 'support' },
  bobs: { ...NOBODY, keyId: 'key_3', project: 'support', user: 'bob' },
  adas: { ...NOBODY, keyId: 'key_4', project: 'support', user: 'ada' },
  foreign: { ...NOBODY, keyId: 'key_5', project: 'other' },
};

interface Answer {
  readonly status: number;
  readonly json: JsonObject;
}

interface Row {
  readonly trace_id: string;
  readonly author: string;
}

interface ErrorBody {
  readonly code: string;
  readonly type: string;
  readonly message: string;
}

function errorOf({ json }: Answer): ErrorBody {
  return json['error'] as unknown as ErrorBody;
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`feedback in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    const clock = new FakeClock();
    let opened: TracesDatabase;
    let server: EdgeServer;
    let url: string;
    let bodies: BodyPolicy;
    let refused: string[];
    let counted: (string | null)[];
    let attributed: AttributedFeedback[];
    let onFlush: () => Promise<void>;
    let oldestAgeMs: number;

    before(async () => {
      opened = await openTracesDatabase(kind);
      const store = new FeedbackStore(opened.database);
      const desk = new FeedbackDesk({
        store,
        writer: { flush: () => onFlush(), stats: () => ({ oldestAgeMs }) },
        policyOf: () => ({ bodies, sample: 1, retentionClass: '', search: true }),
        clock,
        counted: (thumb) => counted.push(thumb),
        attributed: (told) => attributed.push(told),
      });
      server = await createServer({
        handler: () => assert.fail('no model is asked'),
        refuse: (call, error) => void refused.push(`${call.endpoint} ${error.code}`),
        identify: ({ headers }) => {
          const principal = KEYS[String(headers['authorization']).replace('Bearer ', '')];
          if (!principal) throw new GatewayError('auth_invalid_key');
          return principal;
        },
        listModels: () => [],
        limits: { bodyLimitBytes: 100_000_000, trustedProxies: 0, drainTimeoutMs: 0 },
        clock,
        adminRoutes: [feedbackListRoutes({ store })],
        operators: adminDoor('admin'),
        clientRoutes: [feedbackRoutes({ desk, pace: new FeedbackPace(clock) })],
        publicRoutes: [],
        readiness: () => ({ ready: true, reasons: [] }),
        log: { error: (fields) => assert.fail(JSON.stringify(fields)) },
      });
      ({ url } = await server.listen({ port: 0, host: '127.0.0.1' }));
    });
    after(async () => {
      await server.drain();
      await opened.close();
    });
    beforeEach(async () => {
      bodies = 'redacted';
      refused = [];
      counted = [];
      attributed = [];
      onFlush = () => Promise.resolve();
      oldestAgeMs = 0;
      clock.advance(60_000);
      await opened.database.pool.query('truncate feedback');
    });

    const store = async (parts: Partial<CallRecord> = {}): Promise<string> => {
      const record = makeRecord({ startedAt: clock.now(), ...parts });
      const entry = { record, input: undefined, output: undefined, textsDropped: false };
      await insertTraces(opened.database.pool, [toTraceRow(entry)]);
      return record.traceId;
    };
    const post = async (key: string, body: Json, headers: Record<string, string> = {}): Promise<Answer> => {
      const response = await fetch(`${url}/v1/feedback`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: response.status, json: (await response.json()) as JsonObject };
    };
    const list = async (query = ''): Promise<Answer> => {
      const response = await fetch(`${url}/admin/v1/feedback${query}`, { headers: { authorization: 'Bearer admin' } });
      return { status: response.status, json: (await response.json()) as JsonObject };
    };
    const rowsOf = async (query: string) => (await list(query)).json['data'] as unknown as Row[];
    const authorsOf = async (query: string) => (await rowsOf(query)).map(({ author }) => author.slice('user:'.length));

    test('the first word is created, the same again changes nothing, another replaces it', async () => {
      const trace_id = await store();
      const said = { trace_id, thumb: 'up', score: 0.9, comment: 'good', tags: ['fast', 'fast'] };
      const first = await post('maker', said);
      const at = new Date(clock.now()).toISOString();
      const row = { ...said, tags: ['fast'], project: 'support', author: 'key:key_1', created_at: at, updated_at: at };
      assert.deepEqual(first, { status: 201, json: row });
      clock.advance(1000);
      assert.deepEqual(await post('maker', said), { status: 200, json: row });
      const later = new Date(clock.now()).toISOString();
      const other = await post('maker', { trace_id, thumb: 'down' });
      const replaced = { ...row, thumb: 'down', score: null, comment: null, tags: [], updated_at: later };
      assert.deepEqual(other, { status: 200, json: replaced });
      assert.deepEqual((await list()).json, { data: [replaced], next: null });
      assert.deepEqual(counted, ['up', 'down']);
    });

    test("the first word on an answer of an experiment's arm is told on as a score, a change of mind is not", async () => {
      const rollouts = [{ kind: 'experiment', id: 'shorter', arm: 'b', run: 'r1', step: 7 }] as const;
      const trace_id = await store({ rollouts, userId: 'ada', conversationId: 'c1' });
      await post('maker', { trace_id, thumb: 'down' });
      await post('maker', { trace_id, thumb: 'up' });
      await post('website', { trace_id, thumb: 'down', score: 0.75 });
      await post('maker', { trace_id: await store(), thumb: 'up' });
      const owner = { project: 'support', keyId: 'key_1', userId: 'ada', conversationId: 'c1', rollouts };
      const expected = [0, 0.75].map((score) => ({ traceId: trace_id, owner, score }));
      assert.deepEqual(attributed, expected);
    });

    test('sent many times at once it is one row', async () => {
      const trace_id = await store();
      const answers = await Promise.all(Array.from({ length: 8 }, () => post('maker', { trace_id, thumb: 'up' })));
      assert.deepEqual(answers.filter(({ status }) => status === 201).length, 1);
      assert.deepEqual((await list()).json['data'], [answers[0]?.json]);
    });

    test('who says it: the named user, else the key or the admin; a key of a user is that user', async () => {
      const trace_id = await store({ userId: 'ada' });
      const authorOf = async (key: string, body: JsonObject = {}, headers: Record<string, string> = {}) =>
        (await post(key, { trace_id, score: 1, ...body }, headers)).json['author'];
      assert.equal(await authorOf('maker', { user: 'eve' }), 'user:eve');
      assert.equal(await authorOf('maker', { user: 'eve' }, { 'x-causeway-user': 'zoe' }), 'user:zoe');
      assert.equal(await authorOf('adas', { user: 'eve' }), 'user:ada');
      assert.equal(await authorOf('admin'), 'admin');
      assert.equal(await authorOf('website'), 'key:key_2');
    });

    test("promise 8: nobody speaks of another project's or user's requests, nor learns that there are any", async () => {
      const trace_id = await store({ userId: 'ada' });
      const unknown = newTraceId(clock.now());
      for (const key of ['foreign', 'bobs']) {
        const there = await post(key, { trace_id, thumb: 'up' });
        const nowhere = await post(key, { trace_id: unknown, thumb: 'up' });
        assert.deepEqual([there.status, nowhere.status], [404, 404]);
        const said = JSON.stringify(there.json).replaceAll(trace_id, unknown);
        assert.equal(said, JSON.stringify(nowhere.json));
      }
      assert.equal((await post('admin', { trace_id: unknown, thumb: 'up' })).status, 404);
      assert.equal((await post('admin', { trace_id, thumb: 'up' })).status, 201);
      assert.deepEqual(refused, [], 'these are no model requests');
    });

    test('a trace that is on its way is waited for; where it cannot be known, that is said', async () => {
      const record = makeRecord({ startedAt: clock.now() });
      onFlush = async () => {
        onFlush = () => Promise.resolve();
        await store(record);
      };
      assert.equal((await post('maker', { trace_id: record.traceId, thumb: 'up' })).status, 201);
      onFlush = () => Promise.resolve(clock.advance(5000));
      const late = await post('maker', { trace_id: newTraceId(clock.now()), thumb: 'up' });
      assert.deepEqual([late.status, errorOf(late).code], [503, 'storage_unavailable']);
    });

    test('promise 11: nothing waits for a trace of long ago, or one that is none', async () => {
      onFlush = () => assert.fail('nothing is to be written');
      const old = newTraceId(clock.now() - 61_000);
      for (const trace_id of [old, newTraceId(clock.now() + 61_000), 'f'.repeat(32)]) {
        assert.equal((await post('maker', { trace_id, thumb: 'up' })).status, 404);
      }
      oldestAgeMs = 61_000;
      assert.equal((await post('maker', { trace_id: old, thumb: 'up' })).status, 503, 'it may wait for the database');
    });

    test('promise 12: comments are kept as the texts of the project are', async () => {
      const trace_id = await store();
      const said = { trace_id, thumb: 'down', comment: 'mail bob@example.com', tags: ['bob@example.com'] };
      const kept = async (policy: BodyPolicy) => {
        bodies = policy;
        const { json } = await post('maker', said);
        return [json['comment'], json['tags']];
      };
      assert.deepEqual(await kept('redacted'), ['mail [email]', ['[email]']]);
      assert.deepEqual(await kept('full'), ['mail bob@example.com', ['bob@example.com']]);
      assert.deepEqual(await kept('none'), [null, ['[email]']]);
    });

    test('what is wrong is said, and what would be right', async () => {
      const trace_id = await store();
      const cases: [body: Json, status: number, said: RegExp][] = [
        [[], 400, /JSON object such as/],
        ['{', 400, /not valid JSON/],
        [{ trace_id }, 400, /`thumb` or `score` is needed/],
        [{ thumb: 'up' }, 400, /`trace_id` must be the x-causeway-request-id/],
        [{ trace_id, thumb: 'sideways' }, 400, /`thumb` must be "up" or "down"/],
        [{ trace_id, score: 2 }, 400, /`score` must be a number from 0 to 1/],
        [{ trace_id, score: 1, comment: 'x'.repeat(4001) }, 400, /`comment` must be a text of at most 4000/],
        [{ trace_id, score: 1, tags: ['x'.repeat(65)] }, 400, /`tags` must be a list of at most 20 texts/],
        [{ trace_id, score: 1, stars: 5 }, 400, /`stars` is not known here. There are trace_id, /],
        [
          { trace_id, score: 1, comment: 'x'.repeat(70_000) },
          413,
          /^Feedback has at most 64 KB; its `comment` at most 4000 characters\.$/,
        ],
      ];
      for (const [body, status, said] of cases) {
        const answer = await post('maker', body);
        assert.deepEqual([answer.status, errorOf(answer).type], [status, 'invalid_request_error'], String(said));
        assert.match(errorOf(answer).message, said);
      }
      const stranger = await post('guess', { trace_id, thumb: 'up' });
      assert.deepEqual([stranger.status, errorOf(stranger).code], [401, 'auth_invalid_key']);
      assert.deepEqual(refused, ['/v1/feedback auth_invalid_key'], 'guessing keys is noticed');
      assert.equal((await list('?thumb=sideways')).status, 400);
    });

    test('lists go by filters and pages, and traces show what was said of them', async () => {
      const ids: string[] = [];
      const begunAt = clock.now();
      for (const [at, user] of ['a', 'b', 'c', 'd', 'e'].entries()) {
        const trace_id = await store({ project: at === 4 ? 'other' : 'support' });
        ids.push(trace_id);
        clock.advance(1);
        const tags = at % 2 === 0 ? ['even', 'x,y"{}'] : [];
        await post('admin', { trace_id, thumb: at < 2 ? 'up' : 'down', tags, user });
        await post('admin', { trace_id, score: 0.5, user: `${user}.2` });
      }
      assert.deepEqual(await authorsOf('?thumb=up'), ['b', 'a']);
      assert.deepEqual(await authorsOf('?tag=even'), ['e', 'c', 'a']);
      assert.deepEqual(await authorsOf(`?tag=${encodeURIComponent('x,y"{}')}&project=other`), ['e']);
      const until = new Date(clock.now() + 1).toISOString();
      assert.equal((await authorsOf(`?since=${begunAt}&until=${until}`)).length, 10);
      const all: string[] = [];
      let next: string | null = '';
      while (next !== null) {
        const { json } = await list(`?limit=3${next === '' ? '' : `&cursor=${next}`}`);
        all.push(...(json['data'] as unknown as Row[]).map(({ author }) => author));
        next = json['next'] as string | null;
      }
      assert.deepEqual([all.length, new Set(all).size], [10, 10]);
      const said = await new FeedbackStore(opened.database).feedbackOf([ids[0] ?? '', newTraceId(0)]);
      assert.deepEqual([...said.keys()], [ids[0]]);
      assert.deepEqual(
        said.get(ids[0] ?? '')?.map(({ author, thumb, score }) => [author, thumb, score]),
        [
          ['user:a', 'up', null],
          ['user:a.2', null, 0.5],
        ],
      );
    });

    test('what is old goes', async () => {
      await post('maker', { trace_id: await store(), thumb: 'up' });
      await post('maker', { trace_id: await store(), thumb: 'up' });
      clock.advance(401 * DAY_MS);
      const trace_id = await store();
      await post('maker', { trace_id, thumb: 'up' });
      const old = oldFeedback(new FeedbackStore(opened.database), clock);
      assert.deepEqual([await old.delete(1), await old.delete(9), await old.delete(9)], [1, 1, 0]);
      assert.deepEqual(
        (await rowsOf('')).map((row) => row.trace_id),
        [trace_id],
      );
    });
  });
}
