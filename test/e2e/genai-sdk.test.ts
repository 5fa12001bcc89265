import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import {
  ApiError,
  type Chat,
  type FunctionDeclaration,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
  Type,
} from '@google/genai';

import type { JsonObject } from '../../src/core/json.ts';
import { tokenizer } from '../../src/models/tokens/tokenizer.ts';
import { startProcess } from '../support/gateway-process.ts';
import { latestTraces } from '../support/gateway.ts';
import { claudeSays, gptSays } from '../support/provider-answers.ts';
import { type SdkGateway, startSdkGateway } from '../support/sdk-gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, SSE_HEADERS } from '../support/upstream.ts';
import { anthropicFrame } from '../support/wire-texts.ts';

let sdk: SdkGateway;
let ai: GoogleGenAI;

before(async () => {
  sdk = await startSdkGateway();
  ai = clientWith(sdk.gateway.apiKey);
});
after(async () => {
  await sdk.close();
  await tokenizer.close();
});

function clientWith(apiKey: string): GoogleGenAI {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: sdk.gateway.url } });
}

const CLAUDE = 'claude/claude-sonnet-4-6';
const CLAUDE_USAGE = { input_tokens: 30, cache_read_input_tokens: 70, output_tokens: 50 };
const GPT_USAGE = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
const WEATHER: FunctionDeclaration = {
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING, nullable: true } }, required: ['city'] },
};
const TIME: FunctionDeclaration = { name: 'get_time', parametersJsonSchema: { type: 'object', properties: {} } };

/** What a chat was answered, whole or chunk by chunk. */
interface Said {
  readonly text: string;
  readonly parts: readonly Part[];
  readonly finish: string | undefined;
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function readAll(chunks: readonly GenerateContentResponse[]): Said {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  return {
    text: parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join(''),
    parts,
    finish: chunks.at(-1)?.candidates?.[0]?.finishReason,
  };
}

const WAYS = [
  ['whole', async (chat: Chat, message: string | Part[]) => readAll([await chat.sendMessage({ message })])],
  [
    'streamed',
    async (chat: Chat, message: string | Part[]) => readAll(await collected(await chat.sendMessageStream({ message }))),
  ],
] as const;

for (const [way, send] of WAYS) {
  describe(`chats of the official Gemini client, ${way}`, () => {
    it('answer, turn after turn', async () => {
      sdk.gpt.answer(gptSays({ parts: [{ text: 'Hello, reader' }], stop: 'stop', usage: GPT_USAGE }));
      const chat = ai.chats.create({
        model: 'gpt/gpt-5-mini',
        config: { systemInstruction: 'Be brief.', maxOutputTokens: 300 },
      });
      const { text, finish } = await send(chat, 'Hello');
      assert.deepEqual([text, finish], ['Hello, reader', 'STOP']);
      await send(chat, 'Again');
      const sent = sdk.sent('gpt');
      assert.equal(sent['max_completion_tokens'], 300);
      assert.deepEqual(
        (sent['messages'] as JsonObject[]).slice(1).map(({ role, content }) => [role, content]),
        [
          ['user', 'Hello'],
          ['assistant', 'Hello, reader'],
          ['user', 'Again'],
        ],
      );
    });

    for (const includeThoughts of [true, false]) {
      it(`promise 2: a tool loop keeps ids, arguments and proofs, ${includeThoughts ? 'with' : 'without'} thoughts`, async () => {
        const thinking = 'First I look, and then I say.';
        const calls = [
          { call: 'toolu_1', name: 'get_weather', args: '{"city":"Paris"}' },
          { call: 'toolu_2', name: 'get_time', args: '{}' },
        ];
        sdk.claude.answer(
          claudeSays(
            {
              parts: [{ thinking, signature: 'sig+/=' }, { redacted: 'sealed' }, { text: 'Let me see.' }, ...calls],
              stop: 'tool_use',
              usage: CLAUDE_USAGE,
            },
            { parts: [{ text: 'Rain at noon.' }], stop: 'end_turn', usage: CLAUDE_USAGE },
          ),
        );
        const config: GenerateContentConfig = {
          tools: [{ functionDeclarations: [WEATHER, TIME] }],
          thinkingConfig: { thinkingBudget: 1024, includeThoughts },
          maxOutputTokens: 4096,
        };
        const chat = ai.chats.create({ model: CLAUDE, config });
        const first = await send(chat, 'Weather and time?');
        const thoughts = first.parts.flatMap(({ thought, text }) => (thought ? [text] : [])).join('');
        assert.equal(thoughts, includeThoughts ? thinking : '');
        assert.equal(first.text, 'Let me see.');
        assert.deepEqual(
          first.parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : [])),
          [
            { id: 'toolu_1', name: 'get_weather', args: { city: 'Paris' } },
            { id: 'toolu_2', name: 'get_time', args: {} },
          ],
        );
        const second = await send(chat, [
          { functionResponse: { id: 'toolu_1', name: 'get_weather', response: { output: 'wet' } } },
          { functionResponse: { name: 'get_time', response: { error: 'clock is broken' } } },
        ]);
        assert.deepEqual([second.text, second.finish], ['Rain at noon.', 'STOP']);
        const [, turn, results] = sdk.sent('claude')['messages'] as JsonObject[];
        assert.deepEqual(turn?.['content'], [
          { type: 'thinking', thinking, signature: 'sig+/=' },
          { type: 'redacted_thinking', data: 'sealed' },
          { type: 'text', text: 'Let me see.' },
          { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Paris' } },
          { type: 'tool_use', id: 'toolu_2', name: 'get_time', input: {} },
        ]);
        const read = results?.['content'] as JsonObject[];
        assert.deepEqual(
          read.map((block) => [block['tool_use_id'], block['is_error'] ?? false]),
          [
            ['toolu_1', false],
            ['toolu_2', true],
          ],
        );
        assert.match(JSON.stringify(read), /wet.*clock is broken/);
      });
    }
  });
}

describe('the official Gemini client', () => {
  it('reads usage, and the trace tells the same', async () => {
    sdk.claude.answer(claudeSays({ parts: [{ text: 'Hi' }], stop: 'max_tokens', usage: CLAUDE_USAGE }));
    const config = { maxOutputTokens: 5, topK: 4, safetySettings: [], labels: { team: 'a' } };
    const answer = await ai.models.generateContent({ model: CLAUDE, contents: 'Hello', config });
    assert.deepEqual([answer.text, answer.candidates?.[0]?.finishReason], ['Hi', 'MAX_TOKENS']);
    assert.deepEqual(JSON.parse(JSON.stringify(answer.usageMetadata)), {
      promptTokenCount: 100,
      candidatesTokenCount: 50,
      cachedContentTokenCount: 70,
      totalTokenCount: 150,
    });
    const trace = await sdk.trace(answer.sdkHttpResponse?.headers);
    assert.deepEqual(
      [trace.status, trace.endpoint, trace.dialect, trace.target, trace.tokens.input, trace.tokens.output],
      ['completed', '/v1beta/models:generateContent', 'gemini', CLAUDE, 100, 50],
    );
    const warnings = trace.warnings as string[];
    assert.ok(
      ['safetySettings', 'labels'].every((field) => warnings.some((warning) => warning.startsWith(`${field} `))),
      warnings.join('; '),
    );
  });

  it('gets JSON by its schema', async () => {
    sdk.gpt.answer(gptSays({ parts: [{ text: '{"a":1}' }], stop: 'stop', usage: GPT_USAGE }));
    const responseSchema = { type: Type.OBJECT, properties: { a: { type: Type.INTEGER } }, required: ['a'] };
    const config = { responseMimeType: 'application/json', responseSchema };
    const answer = await ai.models.generateContent({ model: 'gpt/gpt-5-mini', contents: 'Hello', config });
    assert.equal(answer.text, '{"a":1}');
    assert.match(JSON.stringify(sdk.sent('gpt')['response_format']), /"a":\{"type":"integer"\}/);
  });

  it('asks for models with colons and slashes, by both versions of the API', async () => {
    const { apiKey, url } = sdk.gateway;
    sdk.gpt.answer(gptSays({ parts: [{ text: 'Hi' }], stop: 'stop', usage: GPT_USAGE }));
    for (const apiVersion of ['v1beta', 'v1']) {
      const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url, apiVersion } });
      const answer = await client.models.generateContent({ model: 'server/org/qwen3:8b', contents: 'Hello' });
      assert.equal(answer.text, 'Hi');
      assert.equal(sdk.sent('gpt')['model'], 'org/qwen3:8b');
    }
  });

  it('counts tokens, embeds, and lists models', async () => {
    const counted = await ai.models.countTokens({ model: 'sim-gpt/gpt-5', contents: 'How many tokens is it?' });
    assert.ok((counted.totalTokens ?? 0) > 5);
    const model = 'sim-gpt/text-embedding-3-small';
    const embedded = await ai.models.embedContent({ model, contents: ['a', 'b'], config: { outputDimensionality: 8 } });
    assert.deepEqual(
      embedded.embeddings?.map(({ values }) => values?.length),
      [8, 8],
    );
    const names = (await collected(await ai.models.list())).map(({ name }) => name);
    assert.ok(names.includes('models/sim/echo'), names.join(', '));
    const one = await ai.models.get({ model: 'sim/echo' });
    assert.deepEqual([one.name, one.supportedActions?.includes('generateContent')], ['models/sim/echo', true]);
    await thrownBy(ai.models.get({ model: 'nobody/nothing' }), ApiError);
  });

  it('throws what it throws for Google', async () => {
    const contents = 'Hello';
    const search = { tools: [{ googleSearch: {} }] };
    const nobody = [{ role: 'narrator', parts: [] }];
    const wrong = clientWith('cw-wrong');
    const cases: readonly (readonly [() => Promise<unknown>, number, RegExp])[] = [
      [() => wrong.models.generateContent({ model: 'sim/echo', contents }), 401, /UNAUTHENTICATED/],
      [() => ai.models.generateContent({ model: 'nobody/nothing', contents }), 404, /NOT_FOUND/],
      [() => ai.models.generateContent({ model: CLAUDE, contents, config: search }), 400, /tools\[0\]\.googleSearch/],
      [() => ai.models.generateContent({ model: CLAUDE, contents: nobody }), 400, /INVALID_ARGUMENT.*contents\[0\]/],
    ];
    for (const [ask, status, says] of cases) {
      const thrown = await thrownBy(ask(), ApiError);
      assert.equal(thrown.status, status, thrown.message);
      assert.match(thrown.message, says);
    }
    sdk.claude.answer({ status: 429, headers: { ...JSON_HEADERS, 'retry-after': '7' }, chunks: ['{}'] });
    const limited = await thrownBy(ai.models.generateContent({ model: CLAUDE, contents }), ApiError);
    assert.match(limited.message, /RESOURCE_EXHAUSTED.*RetryInfo","retryDelay":"7s"/);
  });

  it('promise 1: a cut stream throws within it, after what came', async () => {
    const start = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage: CLAUDE_USAGE };
    sdk.claude.answer({
      headers: SSE_HEADERS,
      chunks: [
        anthropicFrame('message_start', { message: start }),
        anthropicFrame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        anthropicFrame('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Half' } }),
      ],
      ending: 'cut',
    });
    const heard: (string | undefined)[] = [];
    const stream = await ai.models.generateContentStream({ model: CLAUDE, contents: 'Hello' });
    const reading = (async () => {
      for await (const chunk of stream) heard.push(chunk.text, chunk.candidates?.[0]?.finishReason);
    })();
    assert.equal((await thrownBy(reading, ApiError)).status, 502);
    assert.deepEqual(heard, ['Half', undefined]);
  });
});

const BODY = JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] });

function post(url: string, path: string): Promise<Response> {
  return fetch(`${url}${path}`, { method: 'POST', headers: JSON_HEADERS, body: BODY });
}

describe('a key in the query', () => {
  it('is one, and promise 12: neither the record nor an answer has it', async () => {
    const { apiKey, url } = sdk.gateway;
    const key = await sdk.gateway.makeKey({ project: 'by-query' });
    for (const path of ['sim/echo:generateContent?', 'sim/echo:streamGenerateContent?alt=sse&']) {
      const response = await post(url, `/v1beta/models/${path}key=${key}`);
      assert.equal(response.status, 200);
      const text = await response.text();
      const trace = await sdk.trace(response.headers);
      assert.equal(trace.project, 'by-query');
      assert.ok(!`${text}${JSON.stringify(trace)}`.includes(key));
    }
    const wrong = 'cw-a-key-that-nobody-made';
    const refused = [
      await post(url, `/v1beta/models/sim/echo:generateContent?key=${wrong}`),
      await post(url, `/v1beta/nothing/here?key=${wrong}`),
      await post(url, `/v1beta/models/sim/echo:predict?key=${wrong}`),
      await fetch(`${url}/v1beta/models?key=${wrong}`),
      await fetch(`${url}/v1beta/%zz?key=${wrong}`),
    ];
    for (const response of refused) {
      assert.ok(response.status >= 400 && response.status < 500);
      const text = await response.text();
      assert.ok(!text.includes(wrong), text);
      assert.equal(typeof (JSON.parse(text) as { error: { status: string } }).error.status, 'string');
    }
    assert.ok(!JSON.stringify(await latestTraces(sdk.gateway)).includes(wrong));
    const listed = await fetch(`${url}/v1beta/models?key=${apiKey}`);
    assert.ok(Array.isArray(((await listed.json()) as JsonObject)['models']));
  });

  it('promise 12: is not in the log', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-log-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'causeway.yaml'), 'log: { level: debug }\n');
    const gateway = await startProcess(t, folder);
    const wrong = 'cw-a-key-that-nobody-made';
    for (const path of ['models/sim/echo:generateContent', 'nothing', 'models/sim/echo:predict', '%zz']) {
      await (await post(gateway.url, `/v1beta/${path}?key=${wrong}`)).text();
    }
    gateway.child.kill('SIGTERM');
    await gateway.exited;
    assert.ok(gateway.printed().length > 0 && !gateway.printed().includes(wrong), gateway.printed());
  });
});
