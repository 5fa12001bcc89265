import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { BodyPatch } from '../../src/core/body-patch.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { GroupDetail } from '../../src/pipeline/prompt-cache/doctor/view.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

/** About 1,400 tokens. */
const RULES = 'You answer questions about parcels, politely and in whole sentences. '.repeat(90);

const CONFIG = `
providers: { lab: { type: simulator, ttft: 0ms, tokensPerSecond: 0 } }
records: { projects: { quiet: { bodies: none } } }
`;

let gateway: Gateway;
before(async () => {
  gateway = await startGateway({ config: CONFIG });
});
after(() => gateway.close());

/** Asks without marks. */
async function post(body: string, key = gateway.apiKey): Promise<string | null> {
  const headers = { ...JSON_HEADERS, 'x-api-key': key, 'anthropic-version': '2023-06-01' };
  const response = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', headers, body });
  assert.equal(response.status, 200, await response.text());
  return response.headers.get('x-causeway-request-id');
}

/** Asks as Anthropic's SDK does, with a mark behind the system prompt. */
async function ask(model: string, system: string, question: string, key = gateway.apiKey): Promise<void> {
  const marked = [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }];
  const messages = [{ role: 'user', content: question }];
  await post(JSON.stringify({ model, max_tokens: 20, system: marked, messages }), key);
}

async function group(query: string): Promise<GroupDetail> {
  const { status, text, json } = await gateway.admin(`/prompt-cache${query}`);
  assert.equal(status, 200, text);
  const [found, ...others] = json['data'] as JsonObject[];
  assert.deepEqual(others, []);
  const detail = await gateway.admin(`/prompt-cache/${found?.['id'] as string}`);
  assert.equal(detail.status, 200, detail.text);
  const { causes: _causes, findings: _findings, ...row } = detail.json;
  assert.deepEqual(row, found);
  return detail.json as unknown as GroupDetail;
}

test('a timestamp that was planted in a system prompt is named as the cause, with its place, its values and its cost', async () => {
  for (let second = 1; second <= 8; second += 1) {
    await ask('lab/large', `${RULES}It is 2026-11-21T10:00:0${second}. ${RULES}`, `Question ${second}?`);
    await ask('lab/small', RULES + RULES, `Question ${second}?`);
  }

  const planted = await group('?model=lab/large&endpoint=/v1/messages&state=low');
  const [finding, ...others] = planted.findings;
  assert.deepEqual(others, []);
  assert.deepEqual(finding, planted.top_finding);
  assert.deepEqual([finding?.segment, finding?.kind, finding?.exact], ['system', 'timestamp', true]);
  assert.equal(finding?.byte_offset, Buffer.byteLength(`${RULES}It is 2026-11-21T10:00:0`));
  assert.deepEqual([finding.earlier, finding.later], ['2026-11-21T10:00:07', '2026-11-21T10:00:08']);
  assert.ok(finding.lead?.endsWith('It is '));
  assert.equal(finding.requests, 7);
  assert.ok(Math.abs(Date.parse(finding.since) - Date.now()) < 60_000);
  // The simulator's large model: 2 dollars per million tokens, and 0.2 where they are read from the cache.
  assert.ok(finding.lost_tokens > 7 * 2000, `${finding.lost_tokens}`);
  assert.ok(Math.abs((finding.lost_usd ?? 0) - (finding.lost_tokens * 1.8) / 1e6) < 1e-6, `${finding.lost_usd}`);
  assert.deepEqual([planted.state, planted.hit_rate_now, planted.lost_usd_24h], ['low', 0, finding.lost_usd]);

  const steady = await group('?model=lab/small');
  assert.deepEqual([steady.findings, steady.top_finding, steady.state], [[], null, 'ok']);
  assert.ok((steady.hit_rate_now ?? 0) > 0.7, `${steady.hit_rate_now}`);

  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  assert.match(metrics, /^causeway_prompt_cache_hit_ratio\{model="lab\/large",target="lab\/large"\} 0$/m);
  const [, lost] =
    /^causeway_prompt_cache_lost_usd_total\{model="lab\/large",target="lab\/large"\} (.+)$/m.exec(metrics) ?? [];
  assert.ok(Math.abs(Number(lost) - (finding.lost_usd ?? 0)) < 1e-9, String(lost));
});

test('promise 12: of a project whose texts are not kept the place is told and no text; lists are paged and filtered', async () => {
  const key = await gateway.makeKey({ project: 'quiet' });
  for (const model of ['lab/large', 'lab/small'])
    for (const secret of ['hunter2', 'letmein']) await ask(model, `${secret} ${RULES}`, 'Hm?', key);
  const first = await gateway.admin('/prompt-cache?project=quiet&limit=1');
  assert.equal(first.status, 200, first.text);
  const [one] = first.json['data'] as JsonObject[];
  const second = await gateway.admin(`/prompt-cache?project=quiet&limit=1&cursor=${first.json['next'] as string}`);
  const [other] = second.json['data'] as JsonObject[];
  assert.deepEqual(new Set([one?.['model'], other?.['model']]), new Set(['lab/large', 'lab/small']));
  assert.equal(second.json['next'], null);
  const { findings } = await group('?model=lab/large&project=quiet');
  assert.deepEqual(
    findings.map(({ segment, byte_offset, lead, earlier, later }) => [segment, byte_offset, lead, earlier, later]),
    [['system', 0, null, null, null]],
  );
  for (const { text } of [first, second]) assert.ok(!text.includes('hunter2') && !text.includes('letmein'));
  assert.equal((await gateway.admin('/prompt-cache?state=bad')).status, 400);
  assert.equal((await gateway.admin('/prompt-cache?cursor=bad')).status, 400);
  assert.equal((await gateway.admin('/prompt-cache/0123456789abcdef')).status, 404);
});

test('promise 12: a short turn that gets a mark is in no patch of its record', async () => {
  const key = await gateway.makeKey({ project: 'quiet' });
  const messages = ['My PIN is 4711', 'Hm', 'And hers is 0815'].map((content, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content,
  }));
  const id = await post(JSON.stringify({ model: 'lab/tiny', max_tokens: 5, system: RULES, messages }), key);
  const trace = await gateway.trace(id);
  const paths = trace.attempts.flatMap(({ patches }) => (patches as BodyPatch[]).map(({ path }) => path));
  assert.ok(paths.includes('/messages/2/content'), paths.join());
  assert.doesNotMatch(JSON.stringify(trace), /4711|0815/);
});

test('promise 11: a body that is nested without end is answered, and what looks at it goes on', async () => {
  const deep = `${'['.repeat(12_000)}${']'.repeat(12_000)}`;
  const rules = JSON.stringify(RULES);
  const tool = `{"name":"f","input_schema":{"type":"object","x":${deep}}}`;
  const message = `{"role":"user","content":"Hi","x":${deep}}`;
  await post(`{"model":"lab/deep","max_tokens":5,"system":${rules},"tools":[${tool}],"messages":[${message}]}`);
  const { requests, skipped, causes } = await group('?model=lab/deep');
  assert.deepEqual([requests, skipped, causes.map(({ cause }) => cause)], [1, 0, ['first']]);
});
