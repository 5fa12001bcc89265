import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { BodyPatch } from '../../src/core/body-patch.ts';
import { type JsonObject, asString } from '../../src/core/json.ts';
import { type RunningSimulator, startSimulator } from '../../src/models/simulator/start.ts';
import type { TraceView } from '../../src/records/traces/view-schema.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { gptSays } from '../support/provider-answers.ts';
import { type Upstream, startUpstream } from '../support/upstream.ts';

/** About 7,500 tokens. */
const system = (name: string): string =>
  `You work for ${name}. ${'Answer with care, and name your sources. '.repeat(750)}`;

const USAGE = { prompt_tokens: 2000, completion_tokens: 5, total_tokens: 2005 };

let simulator: RunningSimulator;
let gpt: Upstream;
let gateway: Gateway;
let anthropic: Anthropic;
let openai: OpenAI;
before(async () => {
  [simulator, gpt] = await Promise.all([
    startSimulator({ settings: { ttft: 0, tokensPerSecond: 0 } }),
    startUpstream(),
  ]);
  gpt.answer(
    gptSays({
      parts: [{ text: 'Yes.' }],
      stop: 'stop',
      usage: { ...USAGE, prompt_tokens_details: { cached_tokens: 1536 } },
    }),
  );
  gateway = await startGateway({
    config: `
providers:
  claude: { type: anthropic, apiKey: upstream-key, baseUrl: "${simulator.url}" }
  gpt: { type: openai, apiKeys: [key-a, key-b, key-c], baseUrl: "${gpt.url}/v1" }
models:
  changing: { target: claude/small }
  unmarked: { target: claude/small, promptCache: { breakpoints: false, sticky: false } }
prices:
  claude/small: { input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 }
  gpt/gpt-5-mini: { input: 0.25, cacheRead: 0.025, output: 2 }
`,
  });
  anthropic = new Anthropic({ apiKey: gateway.apiKey, baseURL: gateway.url, maxRetries: 0 });
  openai = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await Promise.all([simulator.close(), gpt.close()]);
});

type Params = Anthropic.MessageCreateParamsNonStreaming;

function ask(own: Partial<Params>): Params {
  return { model: 'claude/small', max_tokens: 20, messages: [{ role: 'user', content: 'Hi' }], ...own };
}

async function message(own: Partial<Params>) {
  const { data, response } = await anthropic.messages.create(ask(own)).withResponse();
  return { usage: data.usage, trace: await gateway.trace(response.headers.get('x-causeway-request-id')) };
}

/** For a client of OpenAI. */
function asked(name: string, question: string): OpenAI.ChatCompletionMessageParam[] {
  return [
    { role: 'system', content: system(name) },
    { role: 'user', content: question },
  ];
}

/** Three questions of a client that places its own breakpoint. */
function markedRequests(name: string): Params[] {
  const text: Anthropic.TextBlockParam = { type: 'text', text: system(name), cache_control: { type: 'ephemeral' } };
  return ['Hi', 'And then?', 'Why?'].map((content) =>
    ask({ model: 'small', system: [text], messages: [{ role: 'user', content }] }),
  );
}

async function inputsOf(requests: readonly Params[], client: Anthropic): Promise<object[]> {
  const seen: object[] = [];
  for (const params of requests) {
    const { usage } = await client.messages.create(params);
    const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = usage;
    seen.push({ input_tokens, cache_read_input_tokens, cache_creation_input_tokens });
  }
  return seen;
}

/** Where the bodies sent differ from the client's. */
function patchedIn({ attempts }: TraceView): string[] {
  return attempts.flatMap(({ patches }) => (patches as BodyPatch[]).map(({ path }) => path));
}

function cachedShare({ input_tokens, cache_read_input_tokens, cache_creation_input_tokens }: Anthropic.Usage): number {
  const read = cache_read_input_tokens ?? 0;
  return read / (input_tokens + read + (cache_creation_input_tokens ?? 0));
}

describe('the prompt cache of a provider that wants breakpoints', () => {
  it('holds at least 95 % of the second request with a long system prompt, and the ledger says what that saved', async () => {
    const first = await message({ system: system('Acme') });
    const second = await message({ system: system('Acme'), messages: [{ role: 'user', content: 'And then?' }] });
    assert.equal(first.usage.cache_read_input_tokens, 0);
    assert.ok(cachedShare(second.usage) >= 0.95, JSON.stringify(second.usage));
    const [loss] = first.trace.savings;
    const [saving, ...others] = second.trace.savings;
    assert.deepEqual(others, []);
    assert.equal(saving?.mechanism, 'prompt-cache');
    const read = second.usage.cache_read_input_tokens ?? 0;
    assert.equal(saving.saved_usd, Number((read * 2.7e-6).toFixed(9)));
    assert.ok((loss?.saved_usd ?? 0) < 0 && (saving.saved_usd ?? 0) + (loss?.saved_usd ?? 0) > 0);
    assert.equal(second.trace.tokens.cached, read);
    assert.deepEqual(patchedIn(second.trace), ['/model', '/system']);
    assert.ok(!JSON.stringify(second.trace.attempts).includes('You work for'), 'promise 12: texts are the input alone');
  });

  it('holds a conversation up to the turn before, also where the client streams', async () => {
    const history: Anthropic.MessageParam[] = [];
    const shares: number[] = [];
    for (const turn of ['one', 'two', 'three', 'four']) {
      history.push({ role: 'user', content: `${turn}: ${'What else is there to say of rivers? '.repeat(60)}` });
      const stream = anthropic.messages.stream(ask({ system: system('Rivers'), messages: history }));
      const { content, usage } = await stream.finalMessage();
      shares.push(cachedShare(usage));
      history.push({ role: 'assistant', content: content.flatMap((one) => (one.type === 'text' ? [one] : [])) });
    }
    // What the turn before asked is read, and only what is new is not.
    assert.ok((shares.at(-1) ?? 0) >= 0.9, shares.join(', '));
  });

  it('is used by clients of another dialect as well', async () => {
    await openai.chat.completions.create({ model: 'claude/small', messages: asked('Omega', 'Hi') });
    const { usage } = await openai.chat.completions.create({
      model: 'claude/small',
      messages: asked('Omega', 'And then?'),
    });
    const cached = usage?.prompt_tokens_details?.cached_tokens ?? 0;
    assert.ok(cached / (usage?.prompt_tokens ?? 1) >= 0.95, JSON.stringify(usage));
  });

  it('promise 3: a client with breakpoints of its own has the hit rate that it has without the gateway', async () => {
    const direct = new Anthropic({ apiKey: 'any', baseURL: simulator.url, maxRetries: 0 });
    const through = markedRequests('Through').map((params) => ({ ...params, model: 'claude/small' }));
    assert.deepEqual(await inputsOf(through, anthropic), await inputsOf(markedRequests('Straight'), direct));
  });

  it('leaves short prompts as they came, and long ones where it is turned off', async () => {
    const short = await message({ system: 'Be brief.' });
    const off = await message({ model: 'unmarked', system: system('Off') });
    for (const { trace } of [short, off]) {
      assert.deepEqual(patchedIn(trace), ['/model']);
      assert.deepEqual([trace.savings, trace.tokens.cached, trace.tokens.cache_write], [[], 0, 0]);
    }
  });

  it('is written to no more where nothing of it is read again', async () => {
    const written: boolean[] = [];
    for (let at = 0; at < 24; at += 1) {
      const { trace } = await message({
        model: 'changing',
        system: `${at} ${'is the number of the day. '.repeat(700)}`,
      });
      written.push((trace.tokens.cache_write ?? 0) > 0);
    }
    assert.deepEqual([written[0], written.at(-1)], [true, false]);
    const { json } = await gateway.admin('/prompt-cache?endpoint=/v1/messages');
    const states = (json['data'] as JsonObject[]).map((row) => [row['model'], row['breakpoints']]);
    assert.deepEqual(new Map(states as [string, string][]).get('changing'), 'stopped');
    assert.deepEqual(new Map(states as [string, string][]).get('claude/small'), 'placing');
  });
});

describe('a provider that caches by itself', () => {
  it('is told which requests share a prefix, always with the same key, and what that saved is booked', async () => {
    const ids: (string | undefined)[] = [];
    for (const question of ['Hi', 'And then?', 'Why?', 'Who?', 'When?']) {
      const { response } = await openai.chat.completions
        .create({
          model: 'gpt/gpt-5-mini',
          messages: asked('Sigma', question),
        })
        .withResponse();
      ids.push(response.headers.get('x-causeway-request-id') ?? undefined);
    }
    const keys = gpt.received.map(({ body }) => (JSON.parse(body) as JsonObject)['prompt_cache_key']);
    assert.equal(keys.length, 5);
    assert.equal(new Set(keys).size, 1);
    assert.match(asString(keys[0]) ?? '', /^[\w-]{22}$/);
    assert.equal(new Set(gpt.received.map(({ headers }) => headers.authorization)).size, 1);
    const { savings, attempts } = await gateway.trace(ids[0]);
    assert.deepEqual(
      savings.map(({ mechanism, saved_usd }) => ({ mechanism, saved_usd })),
      [{ mechanism: 'prompt-cache', saved_usd: Number((1536 * 0.225e-6).toFixed(9)) }],
    );
    assert.deepEqual(attempts[0]?.patches, [
      { op: 'set', path: '/model', value: 'gpt-5-mini' },
      { op: 'set', path: '/prompt_cache_key', value: keys[0] },
    ]);
  });
});
