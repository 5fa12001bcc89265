import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

import * as fc from '../support/fast-check.ts';
import { GUARD_APIS, type GuardApi } from '../support/guard-apis.ts';
import { saidAt } from '../support/guard-cases.ts';
import { type GuardHouse, guardModel, startGuardHouse, verdictsOf } from '../support/guard-house.ts';
import { newWord } from '../support/guard-upstream.ts';

const PHRASE = 'purple elephant';
const POLICIES = {
  words: { keywords: { lists: { house: { words: [PHRASE] } } } },
  told: { keywords: { lists: { house: { words: [PHRASE] } } }, refusal: { as: 'answer', en: 'No, thank you.' } },
};
const STREAMED = GUARD_APIS.filter(({ isStream }) => isStream);

let house: GuardHouse;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;
before(async () => {
  house = await startGuardHouse({ policies: POLICIES });
  const { url, apiKey } = house.gateway;
  openai = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });
  google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
});
after(() => house.close());

interface Blocked {
  readonly api: GuardApi;
  readonly first: string;
  readonly sizes: number[];
}

async function streamsBlocked({ api, first, sizes }: Blocked): Promise<void> {
  const word = newWord();
  house.upstream.say(word, { text: `${first} ${PHRASE} and more`, sizes });
  const { stop, text, raw, error } = await house.ask(api, 'words', { user: `Hello ${word}.` });
  assert.deepEqual([stop, error], [api.blocked, undefined], raw);
  assert.ok(!raw.includes(PHRASE) && `${first} ${PHRASE}`.startsWith(text), raw);
}

describe('promise 9: a phrase that is blocked, in a stream', () => {
  it('reaches no client in full, wherever it is cut, and the answer ends as its dialect has it', () => {
    const streams = fc.record({
      api: fc.constantFrom(...STREAMED),
      first: fc.string({ maxLength: 60, unit: fc.constantFrom('a', ' ', 'ü', '中', '🙂') }),
      sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
    });
    return fc.assert(fc.asyncProperty(streams, streamsBlocked), { numRuns: 60 });
  });

  it('has the provider stop, and the record says what came of it and what it cost', async () => {
    await Promise.all(
      STREAMED.map(async (api) => {
        const word = newWord();
        house.upstream.say(word, { text: `You see a ${PHRASE} there and it goes on`, ending: 'stall' });
        const { stop, id, raw } = await house.ask(api, 'words', { user: `Hello ${word}.` });
        assert.equal(stop, api.blocked, raw);
        await house.upstream.sent(word)[0]?.closed;
        const trace = await house.gateway.trace(id);
        assert.deepEqual(
          [trace.status, trace.finish_reason, trace.error, saidAt(verdictsOf(trace), 'keywords', 'output')],
          ['completed', 'content-filter', null, ['blocked']],
          api.name,
        );
        const [attempt] = trace.attempts;
        assert.deepEqual([trace.attempts.length, attempt?.outcome, attempt?.usage_source], [1, 'aborted', 'assumed']);
        assert.ok((attempt?.tokens?.output ?? 0) > 0 && (attempt?.cost_usd ?? 0) > 0, JSON.stringify(attempt));
        assert.ok(!JSON.stringify(trace).includes(PHRASE));
      }),
    );
  });
});

describe('promise 9: official clients read what is blocked without an exception', () => {
  /** Blocked at the start, in the middle, and in a call of a tool; refused as a request with an answer. */
  const said = [
    { text: PHRASE },
    { text: `You see a ${PHRASE} there` },
    { text: 'I call.', args: JSON.stringify({ value: PHRASE }) },
  ];
  const asks = said.map((one) => ({ policy: 'words', prompt: 'Hello', says: one }));
  const all = [...asks, { policy: 'told', prompt: `Tell me of a ${PHRASE}`, says: { text: 'never asked' } }];
  const newAsk = (one: (typeof all)[number], models: string) => {
    const word = newWord();
    house.upstream.say(word, one.says);
    return { model: guardModel(one.policy, models), prompt: `${one.prompt} ${word}.` };
  };

  it('OpenAI, chat', async () => {
    for (const one of all) {
      const { model, prompt } = newAsk(one, 'gpt');
      const request = { model, messages: [{ role: 'user' as const, content: prompt }] };
      for (const { choices } of [
        await openai.chat.completions.create(request),
        await openai.chat.completions.stream(request).finalChatCompletion(),
      ]) {
        assert.equal(choices[0]?.finish_reason, 'content_filter');
        assert.equal(choices[0].message.tool_calls?.length ?? 0, 0);
      }
    }
  });

  it('OpenAI, responses', async () => {
    for (const one of all) {
      const { model, prompt } = newAsk(one, 'gpt');
      const streamed = await openai.responses.stream({ model, input: prompt, store: false }).finalResponse();
      const whole = await openai.responses.create({ model, input: prompt, store: false });
      for (const { status, incomplete_details: details, output } of [streamed, whole]) {
        assert.deepEqual([status, details?.reason], ['incomplete', 'content_filter']);
        assert.ok(!output.some(({ type }) => type === 'function_call'));
      }
    }
  });

  it('OpenAI, completions', async () => {
    for (const one of asks.slice(0, 2)) {
      const { model, prompt } = newAsk(one, 'text');
      assert.equal((await openai.completions.create({ model, prompt })).choices[0]?.finish_reason, 'content_filter');
      const reasons: (string | null)[] = [];
      for await (const { choices } of await openai.completions.create({ model, prompt, stream: true })) {
        for (const { finish_reason: reason } of choices) reasons.push(reason);
      }
      assert.equal(reasons.at(-1), 'content_filter');
    }
  });

  it('Anthropic', async () => {
    for (const one of all) {
      for (const models of ['claude', 'gpt']) {
        const { model, prompt } = newAsk(one, models);
        const request = { model, max_tokens: 100, messages: [{ role: 'user' as const, content: prompt }] };
        for (const message of [
          await anthropic.messages.create(request),
          await anthropic.messages.stream(request).finalMessage(),
        ]) {
          assert.equal(message.stop_reason, 'refusal');
          assert.ok(!message.content.some(({ type }) => type === 'tool_use'));
        }
      }
    }
  });

  it('Google', async () => {
    for (const one of all) {
      const { model, prompt } = newAsk(one, 'google');
      const whole = await google.models.generateContent({ model, contents: prompt });
      assert.deepEqual([whole.candidates?.[0]?.finishReason, whole.functionCalls], ['SAFETY', undefined]);
      const reasons: unknown[] = [];
      for await (const part of await google.models.generateContentStream({ model, contents: prompt })) {
        assert.equal(part.functionCalls, undefined);
        reasons.push(part.candidates?.[0]?.finishReason);
      }
      assert.equal(reasons.at(-1), 'SAFETY');
    }
  });
});
