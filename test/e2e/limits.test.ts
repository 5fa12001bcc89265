import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { type Gateway, startGateway } from '../support/gateway.ts';

const CONFIG = `
limits:
  - { per: key, requests: 20/1m, burst: 0.1 }
  - { per: user, concurrency: 2 }
  - { per: project, id: talkers, tokens: 600/1m, burst: 1 }
`;

interface LimitShown {
  readonly text: string;
  readonly origin: string;
  readonly unit: string;
  readonly models: readonly string[];
  readonly id: string | null;
  readonly subjects: readonly { readonly id: string; readonly remaining: number }[] | null;
}

const MESSAGES = [{ role: 'user' as const, content: 'Hello' }];

describe('limits', () => {
  let gateway: Gateway;

  before(async () => {
    gateway = await startGateway({ config: CONFIG });
  });
  after(() => gateway.close());

  async function chat(apiKey: string, more: object = {}, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'sim/echo', messages: MESSAGES, ...more }),
    });
  }

  it('promise 5: let a burst pass, and say on each answer what is left of it', async () => {
    const key = await gateway.makeKey({ project: 'first' });
    const left: (string | null)[] = [];
    for (let at = 0; at < 2; at += 1) {
      const response = await chat(key);
      assert.equal(response.status, 200, await response.text());
      left.push(response.headers.get('x-ratelimit-remaining-requests'));
      assert.equal(response.headers.get('x-ratelimit-limit-requests'), '20');
      assert.match(response.headers.get('x-ratelimit-reset-requests') ?? '', /^\d+(\.\d+)?s$/);
    }
    assert.deepEqual(left, ['1', '0']);
    const refused = await chat(key);
    assert.equal(refused.status, 429);
    const { error } = (await refused.json()) as { error: { code: string; message: string } };
    assert.equal(error.code, 'limit_requests');
    assert.match(error.message, /20 requests in 1m per key/);
    assert.equal(refused.headers.get('x-should-retry'), 'true');
    const waitMs = Number(refused.headers.get('retry-after-ms'));
    assert.ok(waitMs > 0 && waitMs <= 3000, `${waitMs}`);
    assert.equal(refused.headers.get('retry-after'), String(Math.ceil(waitMs / 1000)));
  });

  it('are shown with how those stand who send most', async () => {
    const key = await gateway.makeKey({ project: 'shown' });
    const response = await chat(key);
    assert.equal(response.status, 200, await response.text());
    const { data } = (await gateway.admin('/limits')).json as unknown as { data: LimitShown[] };
    assert.deepEqual(
      data.map(({ text, origin, unit, models, id }) => [text, origin, unit, models, id]),
      [
        ['20 requests in 1m per key', 'file', 'requests', [], null],
        ['2 requests at a time per user', 'file', 'concurrency', [], null],
        ['600 tokens in 1m for the project talkers', 'file', 'tokens', [], 'talkers'],
      ],
    );
    assert.deepEqual(
      data[2]?.subjects?.map(({ id, remaining }) => [id, remaining]),
      [['talkers', 600]],
    );
    // What was counted is there at once, who is busy when the journal has been read.
    for (;;) {
      const { data: now } = (await gateway.admin('/limits')).json as unknown as { data: LimitShown[] };
      const busy = now[0]?.subjects ?? [];
      if (busy.length === 0) continue;
      assert.ok(
        busy.every(({ remaining }) => remaining >= 0 && remaining <= 2),
        JSON.stringify(busy),
      );
      break;
    }
  });

  it("promise 5: are obeyed by OpenAI's client, which waits as long as it is told", async () => {
    const apiKey = await gateway.makeKey({ project: 'second' });
    const client = new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 1 });
    for (let at = 0; at < 3; at += 1) {
      const { choices } = await client.chat.completions.create({ model: 'sim/echo', messages: MESSAGES });
      assert.equal(choices.length, 1);
    }
    const impatient = new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const asked = impatient.chat.completions.create({ model: 'sim/echo', messages: MESSAGES });
    await assert.rejects(asked, (error) => error instanceof OpenAI.RateLimitError && error.code === 'limit_requests');
  });

  it("promise 5: say it in Anthropic's words to its client", async () => {
    const apiKey = await gateway.makeKey({ project: 'third' });
    const client = new Anthropic({ apiKey, baseURL: gateway.url, maxRetries: 0 });
    const ask = () => client.messages.create({ model: 'sim/echo', max_tokens: 16, messages: MESSAGES }).asResponse();
    const { headers } = await ask();
    assert.equal(headers.get('anthropic-ratelimit-requests-limit'), '20');
    assert.equal(headers.get('anthropic-ratelimit-requests-remaining'), '1');
    assert.match(headers.get('anthropic-ratelimit-requests-reset') ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    await ask();
    await assert.rejects(ask(), (error) => error instanceof Anthropic.RateLimitError);
  });

  it('promise 5: give a place back when the answer has ended, or its reader has left', async () => {
    const user = { user: 'ada' };
    const keys = await Promise.all(Array.from({ length: 4 }, () => gateway.makeKey({ project: 'fourth' })));
    const slow = { stream: true, ...user, max_tokens: 4000 };
    const leaving = new AbortController();
    const open = await Promise.all(
      [0, 1].map((at) =>
        fetch(`${gateway.url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${keys[at]}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'sim/slow', messages: MESSAGES, ...slow }),
          signal: leaving.signal,
        }),
      ),
    );
    assert.deepEqual(
      open.map(({ status }) => status),
      [200, 200],
    );
    const third = await chat(keys[2] ?? '', user);
    assert.equal(third.status, 429);
    assert.equal(((await third.json()) as { error: { code: string } }).error.code, 'limit_concurrency');
    leaving.abort();
    await assert.rejects(Promise.all(open.map((one) => one.text())));
    for (;;) {
      const again = await chat(keys[3] ?? '', user);
      await again.text();
      if (again.status === 200) break;
      assert.equal(again.status, 429);
    }
  });

  it('promise 5: count the tokens that were used, and refuse until they have flowed off', async () => {
    const key = await gateway.makeKey({ project: 'talkers' });
    const long = { messages: [{ role: 'user', content: 'word '.repeat(700) }], max_tokens: 50 };
    const first = await chat(key, long);
    assert.equal(first.status, 200, await first.text());
    const refused = await chat(key);
    assert.equal(refused.status, 429);
    assert.equal(((await refused.json()) as { error: { code: string } }).error.code, 'limit_tokens');
    assert.equal(refused.headers.get('x-ratelimit-limit-tokens'), '600');
  });
});

describe('limits per address', () => {
  it('refuse before the key is looked at, by the address that trusted proxies tell', async (t) => {
    const config = 'server: { trustedProxies: 1 }\nlimits: [{ per: ip, requests: 10/1m, burst: 0.2 }]\n';
    const gateway = await startGateway({ config });
    t.after(() => gateway.close());
    const from = (forwarded: string): Promise<number> =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'x-forwarded-for': forwarded, 'content-type': 'application/json' },
        body: '{}',
      }).then(async (response) => {
        await response.text();
        return response.status;
      });
    assert.deepEqual(
      [await from('203.0.113.1'), await from('203.0.113.1'), await from('203.0.113.1')],
      [401, 401, 429],
    );
    // What a client claims itself stands further left, and counts for nothing.
    assert.equal(await from('198.51.100.9, 203.0.113.1'), 429);
    assert.equal(await from('203.0.113.2'), 401);
  });
});
