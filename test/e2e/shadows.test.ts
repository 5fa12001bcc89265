import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

const CONFIG = `
providers:
  live: { type: simulator }
  other: { type: simulator }
models:
  chat: { target: live/echo }
prices:
  live/echo: { input: 10, output: 40 }
  other/echo: { input: 1, output: 4 }
shadows:
  of-file: { model: chat, enabled: false, set: { target: other/echo }, usd: 1 }
`;
const SHADOW = {
  model: 'chat',
  set: { target: 'other/echo', prompt: { version: 'brief@1.0.0', system: 'Be brief.' } },
  share: 1,
  concurrency: 8,
  usd: 5,
};
const PATIENCE_MS = 20_000;
const REQUESTS = 6;

describe('shadow traffic', () => {
  let gateway: Gateway;
  before(async () => (gateway = await startGateway({ config: CONFIG })));
  after(() => gateway.close());

  async function ask(path: string, stream: boolean): Promise<string | null> {
    const response = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, authorization: `Bearer ${gateway.apiKey}`, 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({
        model: 'chat',
        max_tokens: 50,
        stream,
        messages: [{ role: 'user', content: 'Where is it?' }],
      }),
    });
    assert.equal(response.status, 200);
    await response.text();
    assert.equal(response.headers.get('x-causeway-target'), 'live/echo');
    return response.headers.get('x-causeway-request-id');
  }
  async function admin(path: string, method = 'GET', body?: JsonObject): Promise<JsonObject> {
    const { status, text, json } = await gateway.admin(path, { method, ...(body && { body }) });
    assert.equal(status, 200, text);
    return json;
  }
  async function mirrored(name: string, requests: number): Promise<JsonObject> {
    const began = performance.now();
    for (;;) {
      const { report } = (await admin(`/shadows/${name}`)) as { report: JsonObject };
      if (report['pairs'] === requests) return report;
      assert.ok(performance.now() - began < PATIENCE_MS, JSON.stringify(report));
      await new Promise((go) => setTimeout(go, 100));
    }
  }

  test('a candidate gets what was answered, with its own prompt, and its report says how it did', async () => {
    const made = await admin('/shadows/copy', 'PUT', SHADOW);
    assert.deepEqual([made['origin'], made['usd'], made['enabled']], ['admin', 5, true]);
    let id: string | null = null;
    for (let at = 0; at < REQUESTS; at += 1) {
      id = await ask(at % 3 === 0 ? '/v1/messages' : '/v1/chat/completions', at % 2 === 1);
    }
    const report = await mirrored('copy', REQUESTS);
    const cost = report['cost'] as { pairs: number; live_usd: number; candidate_usd: number };
    assert.equal(cost.pairs, REQUESTS);
    assert.ok(cost.candidate_usd > 0 && cost.candidate_usd < cost.live_usd);
    assert.deepEqual(report['left_out'], []);
    const budget = report['budget'] as { spent_usd: number; reserved_usd: number };
    assert.ok(Math.abs(budget.spent_usd - REQUESTS * cost.candidate_usd) < 1e-6, JSON.stringify({ budget, cost }));
    assert.match(JSON.stringify(report['verdict']), /^"6 pairs are too few/);
    const copies = await copiesOf(id);
    assert.equal(copies.length, 1);
    assert.equal(copies[0]?.['prompt_version'], 'brief@1.0.0');
    assert.equal(copies[0]?.['endpoint'], 'causeway/shadow');
    assert.equal((await gateway.trace(id)).prompt_version, null);
  });

  async function copiesOf(id: string | null): Promise<readonly JsonObject[]> {
    await gateway.trace(id);
    const began = performance.now();
    for (;;) {
      const { data } = (await admin('/traces?endpoint=causeway/shadow&limit=50')) as { data: JsonObject[] };
      const copies = data.filter(({ metadata }) => (metadata as JsonObject | null)?.['shadow_of'] === id);
      if (copies.length > 0 || performance.now() - began > PATIENCE_MS) return copies;
    }
  }

  test('shadows are listed, refused with what is wrong, and deleted; those of the file are left to the file', async () => {
    const { data } = (await admin('/shadows')) as { data: JsonObject[] };
    assert.deepEqual(
      data.map(({ id, origin, enabled }) => [id, origin, enabled]),
      [
        ['copy', 'admin', true],
        ['of-file', 'file', false],
      ],
    );
    const wrong = await gateway.admin('/shadows/copy', { method: 'PUT', body: { ...SHADOW, share: 2, model: 'none' } });
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /share/);
    assert.equal((await gateway.admin('/shadows/of-file', { method: 'DELETE' })).status, 400);
    assert.deepEqual(await admin('/shadows/copy', 'DELETE'), { id: 'copy', deleted: true });
    assert.equal((await gateway.admin('/shadows/copy')).status, 404);
  });
});
