import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { parseJson } from '../../src/core/json.ts';
import { type Gateway, latestTraces, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS, type ReceivedRequest, type Upstream, startUpstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: Gateway;

/** What the model says, by what is meant: the same for all wordings, and another for each number. */
function answerTo(question: string): string {
  const [number = ''] = /\d+/.exec(question) ?? [];
  if (question.includes('password')) return `Follow the link in the mail ${number}.`;
  if (question.includes('card')) return `Your card comes by post ${number}.`;
  return `I do not know ${number}.`;
}

function answering({ path, body }: ReceivedRequest) {
  const asked = parseJson(body) as { messages?: { content: string }[]; input?: string[] };
  if (path.endsWith('/embeddings')) {
    const data = (asked.input ?? []).map((text, index) => ({ object: 'embedding', index, embedding: letters(text) }));
    const usage = { prompt_tokens: 4, total_tokens: 4 };
    return { headers: JSON_HEADERS, chunks: [JSON.stringify({ object: 'list', data, model: 'e', usage })] };
  }
  const content = answerTo(asked.messages?.at(-1)?.content ?? '');
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  const usage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 };
  const whole = { id: 'c', object: 'chat.completion', created: 1, model: 'gpt-5-mini', choices, usage };
  return { headers: JSON_HEADERS, chunks: [JSON.stringify(whole)] };
}

/** How often a text has each letter. */
function letters(text: string): number[] {
  return Array.from({ length: 26 }, (_, at) => text.toLowerCase().split(String.fromCodePoint(97 + at)).length);
}

before(async () => {
  upstream = await startUpstream();
  upstream.answer(answering);
  const easy = 'maxErrorRate: 0.5, confidence: 0.5';
  gateway = await startGateway({
    config: [
      'providers:',
      `  gpt: { type: openai, apiKey: upstream-key, baseUrl: "${upstream.url}/v1" }`,
      'prices:',
      '  gpt/gpt-5-mini: { input: 1, output: 2 }',
      '  gpt/text-embedding-3-small: { input: 0.5, output: 0 }',
      'budgets: [{ per: project, id: poor, usd: 0.000001, period: day, hard: true }]',
      'models:',
      `  help: { target: gpt/gpt-5-mini, cache: { semantic: { ${easy} } } }`,
      `  hers: { target: gpt/gpt-5-mini, cache: { semantic: { ${easy} } } }`,
      `  bought: { target: gpt/gpt-5-mini, cache: { semantic: { ${easy}, embedder: gpt/text-embedding-3-small } } }`,
      '',
    ].join('\n'),
  });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

interface Got {
  readonly state: string | null;
  readonly text: string;
  readonly id: string | null;
  /** Requests that the model's provider had for it. */
  readonly sent: number;
}

function isForModel({ path }: ReceivedRequest): boolean {
  return path.endsWith('/chat/completions');
}

async function ask(content: string, headers: Record<string, string> = {}, model = 'help'): Promise<Got> {
  const before_ = upstream.received.filter(isForModel).length;
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, ...JSON_HEADERS, ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content }] }),
  });
  const json = (await response.json()) as { choices?: { message: { content: string } }[] };
  assert.equal(response.status, 200, JSON.stringify(json));
  return {
    state: response.headers.get('x-causeway-cache'),
    text: json.choices?.[0]?.message.content ?? '',
    id: response.headers.get('x-causeway-request-id'),
    sent: upstream.received.filter(isForModel).length - before_,
  };
}

const WAYS = [
  'How do I reset',
  'How can I reset',
  'Please tell me how to reset',
  'How should I reset',
  'Help me reset',
];
const WHAT = ['my password', 'my own password', 'the password', 'a password', 'this password', 'my old password'];
const ENDS = ['?', ' please?', ' here?', ' somehow?', ' with you?', ' quickly?', ' easily?'];

/** A wording of one question, another one for each number. */
function wording(nth: number): string {
  const [way, what, end] = [WAYS[nth % 5], WHAT[Math.floor(nth / 5) % 6], ENDS[Math.floor(nth / 30) % 7]];
  return `${way} ${what}${end}`;
}

let next = 0;

/** Asks in ever new words until one is answered by what they mean: what is learned is learned beside the requests. */
async function untilServed(headers?: Record<string, string>, model?: string): Promise<Got> {
  for (let tries = 0; tries < 500; tries += 1) {
    const got = await ask(wording((next += 1)), headers, model);
    assert.equal(got.text, 'Follow the link in the mail .');
    assert.equal(got.sent, got.state === 'semantic' ? 0 : 1);
    if (got.state === 'semantic') return got;
  }
  throw new Error('nothing was served by meaning');
}

describe('the semantic cache of a gateway', () => {
  it('promise 8: serves another wording without asking the model, once its answers have shown to be right', async () => {
    const { id } = await untilServed();
    const trace = await gateway.trace(id);
    assert.equal(trace.cache, 'semantic');
    assert.equal(trace.cost_usd, 0);
    assert.deepEqual(trace.attempts, []);
    assert.equal(trace.target, 'gpt/gpt-5-mini');
  });

  it('promise 8: never serves where a number or a negation differs, or something else is meant', async () => {
    await untilServed();
    for (const number of [2, 3, 4]) {
      const got = await ask(`How do I reset my password ${number} times?`);
      assert.deepEqual([got.state, got.text, got.sent], ['miss', `Follow the link in the mail ${number}.`, 1]);
    }
    const negated = await ask('How do I not reset my password?');
    assert.equal(negated.state, 'miss');
    const other = await ask('Where in the world is the credit card that you sent me by post?');
    assert.equal(other.text, 'Your card comes by post .');
  });

  it('promise 8: never serves another tenant', async () => {
    await untilServed();
    const key = await gateway.makeKey({ project: 'other' });
    const got = await ask(wording((next += 1)), { authorization: `Bearer ${key}` });
    assert.deepEqual([got.state, got.sent], ['miss', 1]);
  });

  it('does not look where the request says so', async () => {
    await untilServed();
    for (const mode of ['bypass', 'refresh']) {
      const got = await ask(wording((next += 1)), { 'x-causeway-cache': mode });
      assert.equal(got.sent, 1);
      assert.notEqual(got.state, 'semantic');
    }
  });

  it("deletes a user's entries with their vectors", async () => {
    const ann = { 'x-causeway-user': 'ann' };
    await untilServed(ann, 'hers');
    const bob = { method: 'POST', body: { user: 'bob' } };
    assert.equal((await gateway.admin('/cache/purge', bob)).json['purged'], 0);
    assert.equal((await untilServed(ann, 'hers')).state, 'semantic');
    const { json } = await gateway.admin('/cache/purge', { method: 'POST', body: { user: 'ann' } });
    assert.ok(Number(json['purged']) > 0);
    assert.equal((await ask(wording((next += 1)), ann, 'hers')).state, 'miss');
  });

  it('has a target make the vectors where one is named, which is recorded and paid for by the caller', async () => {
    await untilServed({}, 'bought');
    const own = await latestTraces(gateway, '?endpoint=causeway/semantic-cache');
    assert.ok(own.length > 0);
    assert.equal(own[0]?.target, 'gpt/text-embedding-3-small');
    assert.equal(own[0]?.project, 'default');
    assert.equal(own[0]?.cost_usd, 0.000002);
  });

  it('promise 4: asks no embedder that the budget does not pay for', async () => {
    const key = await gateway.makeKey({ project: 'poor' });
    const before_ = upstream.received.length;
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, ...JSON_HEADERS },
      body: JSON.stringify({ model: 'bought', messages: [{ role: 'user', content: wording(0) }] }),
    });
    await response.text();
    assert.equal(upstream.received.length, before_);
  });
});
