import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS, type Upstream, type UpstreamAnswer, startUpstream } from '../support/upstream.ts';
import { OPENAI_ANSWER } from '../support/wire-texts.ts';

const LOADING: UpstreamAnswer = { status: 503, headers: JSON_HEADERS, chunks: ['{"error":"loading"}'] };
const SERVING: UpstreamAnswer = { headers: JSON_HEADERS, chunks: [JSON.stringify(OPENAI_ANSWER)] };

let local: Upstream;
let gateway: Gateway;

before(async () => {
  local = await startUpstream(LOADING);
  gateway = await startGateway({
    config: `
providers:
  local: { type: openai-compatible, preset: vllm, baseUrl: "${local.url}/v1", readiness: { interval: 50ms } }
  lab: { type: simulator }
models:
  chat: { target: local/qwen3-8b, fallback: [lab/echo] }
  alone: { target: local/qwen3-8b }
`,
  });
});
after(async () => {
  await gateway.close();
  await local.close();
});

async function ask(model: string): Promise<{ status: number; target: string | null; attempts: string | null }> {
  const { status, headers, body } = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  await body?.cancel();
  return { status, target: headers.get('x-causeway-target'), attempts: headers.get('x-causeway-attempts') };
}

describe('a local model that is still loading', () => {
  it('is passed over for its fallback, asked where there is none, and used once it is warm', async () => {
    assert.deepEqual(await ask('chat'), { status: 200, target: 'lab/echo', attempts: '1' });
    assert.equal((await ask('alone')).status, 503);
    local.answer(SERVING);
    let seen = await ask('chat');
    while (seen.target !== 'local/qwen3-8b') seen = await ask('chat');
    assert.deepEqual(seen, { status: 200, target: 'local/qwen3-8b', attempts: '1' });
    const warmedUp = local.received.findIndex(
      ({ method, body }) => method === 'POST' && body.includes('"max_tokens":1'),
    );
    const used = local.received.findLastIndex(({ body }) => body.includes('Hello'));
    assert.ok(warmedUp >= 0 && warmedUp < used, 'a token was asked for before anybody waited for one');
  });
});
