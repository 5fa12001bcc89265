import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { type Gateway, startGateway } from '../support/gateway.ts';
import { noPostgres, startPostgres } from '../support/postgres-server.ts';
import { noRedis, startRedis } from '../support/redis-server.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';
import { DONE, OPENAI_HELLO, OPENAI_ROLE, OPENAI_STOP, OPENAI_USAGE } from '../support/wire-texts.ts';

const CONFIG =
  'models:\n  kept: { target: sim/echo, cache: { exact: {} } }\n  other: { target: sim/echo, cache: { exact: {} } }\n';
const PATIENCE_MS = 20_000;

interface Asked {
  readonly content: string;
  readonly model?: string;
  readonly tags?: string;
  readonly user?: string;
  readonly key?: string;
}

/** What the cache did for a request, and under which key its answer is. */
async function ask(gateway: Gateway, { content, model = 'kept', tags, user, key }: Asked) {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      ...JSON_HEADERS,
      authorization: `Bearer ${key ?? gateway.apiKey}`,
      ...(tags !== undefined && { 'x-causeway-cache-tags': tags }),
      ...(user !== undefined && { 'x-causeway-user': user }),
    },
    body: JSON.stringify({ model, max_tokens: 5, messages: [{ role: 'user', content }] }),
  });
  assert.equal(response.status, 200, await response.text());
  return { state: response.headers.get('x-causeway-cache'), key: response.headers.get('x-causeway-cache-key') };
}

async function purge(gateway: Gateway, body: Record<string, string | boolean>): Promise<number> {
  const { status, text, json } = await gateway.admin('/cache/purge', { method: 'POST', body });
  assert.equal(status, 200, text);
  assert.match(JSON.stringify(json['at']), /^"\d{4}-\d\d-\d\dT.*Z"$/);
  return Number(json['purged']);
}

test('an admin deletes answers by key, model, tag, user, project or all of them, and sees what is held', async (t) => {
  const gateway = await startGateway({ config: CONFIG });
  t.after(() => gateway.close());
  const ofOther = await gateway.makeKey({ project: 'other' });
  const requests: Record<string, Asked> = {
    plain: { content: 'a' },
    model: { content: 'b', model: 'other' },
    tag: { content: 'c', tags: 'news, sport' },
    user: { content: 'd', user: 'ada' },
    project: { content: 'e', key: ofOther },
  };
  const keys: Record<string, string | null> = {};
  for (const [name, request] of Object.entries(requests)) {
    assert.equal((await ask(gateway, request)).state, 'miss');
    const { state, key } = await ask(gateway, request);
    assert.equal(state, 'exact');
    keys[name] = key;
  }
  const { memory, redis } = (await gateway.admin('/cache')).json as { memory: Record<string, number>; redis: null };
  assert.deepEqual([memory['entries'], memory['hits'], memory['misses'], memory['evictions']], [5, 5, 5, 0]);
  assert.ok((memory['bytes'] ?? 0) > 0 && (memory['bytes'] ?? 0) < (memory['max_bytes'] ?? 0));
  assert.equal(redis, null);
  /** Those that are asked anew, and kept by that. */
  const gone = async (): Promise<string[]> => {
    const missed: string[] = [];
    for (const [name, request] of Object.entries(requests)) {
      if ((await ask(gateway, request)).state === 'miss') missed.push(name);
    }
    return missed;
  };
  const cases: [Record<string, string | boolean>, string[]][] = [
    [{ key: String(keys['plain']) }, ['plain']],
    [{ model: 'other' }, ['model']],
    [{ tag: 'sport' }, ['tag']],
    [{ user: 'ada' }, ['user']],
    [{ user: 'ada', project: 'other' }, []],
    [{ project: 'other' }, ['project']],
    [{ prompt_version: 'p@1.0.0' }, []],
    [{ all: true }, Object.keys(requests)],
  ];
  for (const [filter, meant] of cases) {
    assert.equal(await purge(gateway, filter), meant.length, JSON.stringify(filter));
    assert.deepEqual(await gone(), meant, JSON.stringify(filter));
  }
  assert.equal((await gateway.admin('/cache/purge', { method: 'POST', body: {} })).status, 400);
  assert.equal((await fetch(`${gateway.url}/admin/v1/cache`)).status, 401);
});

describe('replicas on one PostgreSQL and one Redis', { skip: noPostgres || noRedis }, () => {
  test('what one is asked all are, what one keeps all have, and what is purged on one is gone on all', async (t) => {
    const [postgres, redis, upstream] = await Promise.all([startPostgres(), startRedis(), startUpstream()]);
    const env = {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      CAUSEWAY_MASTER_KEY: 'master-key-of-the-tests-0123456789',
    };
    const config = `${CONFIG}  told: { target: gpt/told, cache: {} }
providers:
  gpt: { type: openai, apiKey: upstream-key, baseUrl: "${upstream.url}/v1" }
`;
    const one = await startGateway({ config, env });
    const other = await startGateway({ config, env, apiKey: one.apiKey });
    t.after(async () => {
      await Promise.all([one.close(), other.close()]);
      await Promise.all([postgres.close(), redis.close(), upstream.close()]);
    });
    await sameAtBoth(upstream, one, other);
    const key = one.apiKey;
    const asked = { content: 'a', key };
    assert.equal((await ask(one, asked)).state, 'miss');
    await until(async () => Number((await levelOf(one, 'redis'))?.['entries']) === 1);
    assert.equal((await ask(other, asked)).state, 'exact');
    assert.equal(Number((await levelOf(other, 'memory'))?.['entries']), 1);
    assert.equal(await purge(one, { model: 'kept' }), 1);
    assert.equal((await ask(one, asked)).state, 'miss', 'Redis has it still, and it is not given');
    await purge(one, { all: true });
    await until(async () => Number((await levelOf(other, 'memory'))?.['entries']) === 0);
    assert.equal((await ask(other, asked)).state, 'miss');
  });
});

/** Both are asked for the same stream at the same time. */
async function sameAtBoth(upstream: Upstream, one: Gateway, other: Gateway): Promise<void> {
  const [beginning, rest] = [OPENAI_ROLE + OPENAI_HELLO, [OPENAI_HELLO, OPENAI_STOP, OPENAI_USAGE + DONE]];
  const messages = [{ role: 'user', content: 'Hello' }];
  const body = JSON.stringify({ model: 'told', messages, stream: true, stream_options: { include_usage: true } });
  const headers = { ...JSON_HEADERS, authorization: `Bearer ${one.apiKey}` };
  const streamFrom = ({ url }: Gateway): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
  upstream.answer({ headers: SSE_HEADERS, chunks: [beginning], ending: 'stall' });
  const [asked, first] = await Promise.all([upstream.next(), streamFrom(one)]);
  const second = await streamFrom(other);
  assert.equal(second.headers.get('x-causeway-cache'), 'coalesced');
  asked.release(rest);
  const whole = beginning + rest.join('');
  assert.deepEqual(await Promise.all([first.text(), second.text()]), [whole, whole]);
  assert.equal(upstream.received.length, 1);
  const trace = await other.trace(second.headers.get('x-causeway-request-id') ?? '');
  assert.deepEqual([trace.cost_usd, trace.attempts, trace.target], [0, [], 'gpt/told']);
}

async function levelOf({ admin }: Gateway, level: 'memory' | 'redis'): Promise<Record<string, unknown> | undefined> {
  const { json } = await admin('/cache');
  return json[level] as Record<string, unknown> | undefined;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const limit = performance.now() + PATIENCE_MS;
  while (!(await isSo())) assert.ok(performance.now() < limit, 'it never was so');
}
