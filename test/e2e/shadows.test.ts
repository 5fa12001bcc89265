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

interface Report {
  readonly verdict: string;
  readonly pairs: number;
  readonly cost: { readonly pairs: number; readonly live_usd: number; readonly candidate_usd: number };
  readonly left_out: readonly { readonly reason: string; readonly count: number }[];
  readonly budget: { readonly spent_usd: number; readonly reserved_usd: number };
}

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
  /** Once so many requests were mirrored or left out. */
  async function settled(name: string, asked: number): Promise<Report> {
    const began = performance.now();
    for (;;) {
      const { report } = (await admin(`/shadows/${name}`)) as unknown as { report: Report };
      if (report.pairs + report.left_out.reduce((sum, { count }) => sum + count, 0) === asked) return report;
      assert.ok(performance.now() - began < PATIENCE_MS, JSON.stringify(report));
      await new Promise((go) => setTimeout(go, 50));
    }
  }

  /** On a machine that is busy some are left out. @returns the last one that was mirrored, with the report */
  async function mirrored(name: string, requests: number): Promise<{ id: string | null; report: Report }> {
    for (let [at, pairs] = [0, 0]; ; at += 1) {
      const id = await ask(at % 3 === 0 ? '/v1/messages' : '/v1/chat/completions', at % 2 === 1);
      const report = await settled(name, at + 1);
      if (report.pairs > pairs && report.pairs === requests) return { id, report };
      pairs = report.pairs;
    }
  }

  test('a candidate gets what was answered, with its own prompt, and its report says how it did', async () => {
    const made = await admin('/shadows/copy', 'PUT', SHADOW);
    assert.deepEqual([made['origin'], made['usd'], made['enabled']], ['admin', 5, true]);
    const { id, report } = await mirrored('copy', REQUESTS);
    const { cost, budget } = report;
    assert.equal(cost.pairs, REQUESTS);
    assert.ok(cost.candidate_usd > 0 && cost.candidate_usd < cost.live_usd);
    assert.ok(
      report.left_out.every(({ reason }) => reason === 'overload'),
      JSON.stringify(report),
    );
    assert.ok(Math.abs(budget.spent_usd - REQUESTS * cost.candidate_usd) < 1e-6, JSON.stringify({ budget, cost }));
    assert.match(report.verdict, /^6 pairs are too few/);
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
