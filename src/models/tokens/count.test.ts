import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import type { MediaSource, Message } from '../../core/inference/content.ts';
import type { FunctionTool, InferenceRequest } from '../../core/inference/request.ts';
import { countTokens } from './count.ts';
import { renderTools } from './render-tools.ts';
import { tokenizer } from './tokenizer.ts';

const PLAIN: Omit<InferenceRequest, 'messages'> = {
  tools: [],
  stream: false,
  includeUsage: false,
  fields: {},
  notes: [],
};

function system(text: string, name?: string): Message {
  return { role: 'system', content: [{ type: 'text', text }], ...(name === undefined ? {} : { name }) };
}

function user(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

function picture(source: MediaSource): InferenceRequest {
  return { ...PLAIN, messages: [{ role: 'user', content: [{ type: 'image', source }] }] };
}

/** https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb (checked 2026-11-21) */
const JARGON: InferenceRequest = {
  ...PLAIN,
  messages: [
    system('You are a helpful, pattern-following assistant that translates corporate jargon into plain English.'),
    system('New synergies will help drive top-line growth.', 'example_user'),
    system('Things working well together will increase revenue.', 'example_assistant'),
    system(
      "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
      'example_user',
    ),
    system("Let's talk later when we're less busy about how to do better.", 'example_assistant'),
    user("This late pivot means we don't have time to boil the ocean for the client deliverable."),
  ],
};

const WEATHER: FunctionTool = {
  name: 'get_current_weather',
  description: 'Get the current weather in a given location',
  parameters: {
    type: 'object',
    properties: {
      location: { type: 'string', description: 'The city and state, e.g. San Francisco, CA' },
      unit: { type: 'string', description: 'The unit of temperature to return', enum: ['celsius', 'fahrenheit'] },
    },
    required: ['location'],
  },
};

describe('countTokens', () => {
  after(() => tokenizer.close());

  it('is what OpenAI bills for its own examples', async () => {
    assert.deepEqual(await countTokens(JARGON, 'openai', 'gpt-4o'), { tokens: 124, method: 'tokenizer' });
    assert.deepEqual(await countTokens(JARGON, 'openai', 'gpt-4'), { tokens: 129, method: 'tokenizer' });
    assert.deepEqual(await countTokens(JARGON, 'openai', 'gpt-3.5-turbo'), { tokens: 129, method: 'tokenizer' });
  });

  it('is what OpenAI bills for its example with a function', async () => {
    const request: InferenceRequest = {
      ...PLAIN,
      tools: [WEATHER],
      messages: [
        system('You are a helpful assistant that can answer to questions about the weather.'),
        user("What's the weather like in Pittsburgh?"),
      ],
    };
    for (const [model, billed] of [
      ['gpt-4o', 101],
      ['gpt-4', 105],
    ] as const) {
      assert.deepEqual(await countTokens(request, 'openai', model), { tokens: billed, method: 'tokenizer' }, model);
    }
  });

  /** https://platform.claude.com/docs/en/build-with-claude/token-counting (checked 2026-11-21) */
  it('is near what Anthropic says of its own examples', async () => {
    const plain = await countTokens(
      { ...PLAIN, messages: [system('You are a scientist'), user('Hello, Claude')] },
      'anthropic',
      'claude-opus-4-1',
    );
    assert.equal(plain.method, 'estimate');
    assert.ok(Math.abs(plain.tokens - 14) <= 4, `${plain.tokens}`);
    const tool: FunctionTool = {
      name: 'get_weather',
      description: 'Get the current weather in a given location',
      parameters: {
        type: 'object',
        properties: { location: { type: 'string', description: 'The city and state, e.g. San Francisco, CA' } },
        required: ['location'],
      },
    };
    const messages = [user("What's the weather like in San Francisco?")];
    const withTool = await countTokens({ ...PLAIN, tools: [tool], messages }, 'anthropic', 'claude-opus-4-20250514');
    assert.ok(Math.abs(withTool.tokens - 403) <= 10, `${withTool.tokens}`);
  });

  it('counts images whose size is in the request, and guesses others', async () => {
    const png = Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),
      Buffer.from([0, 0, 4, 0, 0, 0, 4, 0]),
    ]).toString('base64');
    const data = picture({ kind: 'data', mediaType: 'image/png', base64: png });
    // One for the role, three around the message, three for the answer.
    assert.deepEqual(await countTokens(data, 'openai', 'gpt-4o'), { tokens: 7 + 765, method: 'tokenizer' });
    const url = picture({ kind: 'url', url: 'https://example.com/a.png' });
    assert.equal((await countTokens(url, 'openai', 'gpt-4o')).method, 'estimate');
  });

  it('counts tool calls, their results, documents and audio', async () => {
    const base = await countTokens({ ...PLAIN, messages: [user('Hi')] }, 'openai', 'gpt-4o');
    const more: Message[] = [
      user('Hi'),
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: 'f', argumentsText: '{"a":1}' }] },
      { role: 'user', content: [{ type: 'tool-result', toolCallId: 'c', content: [{ type: 'text', text: 'done' }] }] },
      { role: 'user', content: [{ type: 'document', source: { kind: 'text', text: 'one two three' }, title: 'T' }] },
    ];
    const counted = await countTokens({ ...PLAIN, messages: more }, 'openai', 'gpt-4o');
    assert.ok(counted.tokens > base.tokens + 20 && counted.tokens < base.tokens + 45, `${counted.tokens}`);
    assert.equal(counted.method, 'tokenizer');
    const pdf = Buffer.from('%PDF-1.4 /Type /Pages /Type /Page /Type/Page').toString('base64');
    const wav = Buffer.alloc(44 + 32_000);
    wav.writeUInt32LE(32_000, 28);
    const media: Message = {
      role: 'user',
      content: [
        { type: 'document', source: { kind: 'data', mediaType: 'application/pdf', base64: pdf } },
        { type: 'audio', format: 'wav', base64: wav.toString('base64') },
      ],
    };
    const guessed = await countTokens({ ...PLAIN, messages: [media] }, 'openai', 'gpt-4o');
    assert.equal(guessed.method, 'estimate');
    assert.ok(guessed.tokens > 5000 && guessed.tokens < 6000, `${guessed.tokens}`);
  });

  it('estimates where no tokenizer is known', async () => {
    const { tokens, method } = await countTokens(JARGON, 'dashscope', 'qwen3-max');
    assert.equal(method, 'estimate');
    assert.ok(tokens > 95 && tokens < 155, `${tokens}`);
  });
});

describe('functions as TypeScript', () => {
  it('have types, comments and question marks', () => {
    assert.equal(
      renderTools([WEATHER, { name: 'stop' }]),
      [
        'namespace functions {',
        '',
        '// Get the current weather in a given location',
        'type get_current_weather = (_: {',
        '// The city and state, e.g. San Francisco, CA',
        'location: string,',
        '// The unit of temperature to return',
        'unit?: "celsius" | "fahrenheit",',
        '}) => any;',
        '',
        'type stop = () => any;',
        '',
        '} // namespace functions',
      ].join('\n'),
    );
  });

  it('nest, and come to an end', () => {
    let schema: object = { type: 'string' };
    for (let depth = 0; depth < 500; depth += 1) schema = { type: 'object', properties: { a: schema } };
    const text = renderTools([{ name: 'deep', parameters: schema as never }]);
    assert.ok(text.includes('any') && text.length < 10_000);
    const list = { type: 'object', properties: { a: { type: 'array', items: { type: 'integer' } }, b: true } };
    assert.match(renderTools([{ name: 'f', parameters: list }]), /a\?: number\[\],\nb\?: any,/);
  });
});
