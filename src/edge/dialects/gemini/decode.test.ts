import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Message } from '../../../core/inference/content.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { decode } from './decode.ts';
import { jsonSchemaOf } from './decode-schema.ts';
import { camelCased } from './names.ts';

const HI: JsonObject = { role: 'user', parts: [{ text: 'hi' }] };

function decodeWith(more: JsonObject): InferenceRequest {
  return decode({ contents: [HI], ...more }, {});
}

function messagesOf(...contents: Json[]): readonly Message[] {
  return decodeWith({ contents }).messages;
}

function notesOf(more: JsonObject): string[] {
  return decodeWith(more).notes.map(({ field, says }) => `${field} ${says}`);
}

const CALL: JsonObject = { functionCall: { name: 'f' } };
const RESULT: JsonObject = { functionResponse: { name: 'f', response: {} } };

test('a plain request, and the same streamed', () => {
  const plain = {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    tools: [],
    stream: false,
    includeUsage: false,
    fields: {},
    notes: [],
  };
  assert.deepEqual(decodeWith({}), plain);
  const place = 'streamGenerateContent';
  assert.deepEqual(decode({ contents: [HI] }, { stream: true }), {
    ...plain,
    stream: true,
    includeUsage: true,
    fields: { streaming: place, 'usage-frame': place },
  });
});

const FULL: JsonObject = {
  systemInstruction: { parts: [{ text: 'a' }, { text: 'b' }] },
  tools: [
    { functionDeclarations: [{ name: 'f', description: 'd', parameters: { type: 'OBJECT' } }] },
    { functionDeclarations: [{ name: 'g', parametersJsonSchema: { type: 'object' } }] },
  ],
  toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f', 'g'] } },
  generationConfig: {
    temperature: 0.1,
    topP: 0.2,
    topK: 3,
    candidateCount: 2,
    maxOutputTokens: 9,
    stopSequences: ['.', '!'],
    seed: -1,
    presencePenalty: 0.3,
    frequencyPenalty: 0.4,
    responseLogprobs: true,
    logprobs: 5,
    responseMimeType: 'application/json',
    responseSchema: { type: 'STRING' },
    thinkingConfig: { thinkingBudget: 2000, thinkingLevel: 'low', includeThoughts: true },
  },
  serviceTier: 'standard',
};
const DECODED = {
  tools: [
    { name: 'f', description: 'd', parameters: { type: 'object' } },
    { name: 'g', parameters: { type: 'object' } },
  ],
  toolChoice: { type: 'allowed', names: ['f', 'g'], required: true },
  temperature: 0.1,
  topP: 0.2,
  topK: 3,
  choices: 2,
  maxOutputTokens: 9,
  stop: ['.', '!'],
  seed: -1,
  presencePenalty: 0.3,
  frequencyPenalty: 0.4,
  logprobs: { top: 5 },
  responseFormat: { type: 'json-schema', schema: { type: 'string' } },
  reasoning: { enabled: true, budgetTokens: 2000, effort: 'low', display: 'summarized' },
  serviceTier: 'default',
  stream: false,
  includeUsage: false,
};

test('all options at once, in both forms of their names', () => {
  const snake = (value: Json | undefined): Json | undefined => {
    if (Array.isArray(value)) return value.map((item) => snake(item) ?? null);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, item]) => {
      return [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), snake(item)];
    });
    return Object.fromEntries(entries) as JsonObject;
  };
  const snakeCased = snake(FULL) as JsonObject;
  assert.ok('generation_config' in snakeCased);
  for (const body of [FULL, snakeCased]) {
    const { fields, notes, messages, ...rest } = decodeWith(body);
    assert.deepEqual(rest, DECODED);
    const system = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    assert.deepEqual(messages[0], { role: 'system', content: system });
    assert.deepEqual(notes, []);
    assert.equal(fields['reasoning-budget'], 'generationConfig.thinkingConfig.thinkingBudget');
    assert.equal(fields['json-schema'], 'generationConfig.responseSchema');
  }
});

test('one object may stand where a list is expected', () => {
  const { messages, tools } = decode(
    {
      system_instruction: { parts: { text: 'a' } },
      contents: { parts: { text: 'hi' } },
      tools: { function_declarations: { name: 'f' } },
    },
    {},
  );
  assert.deepEqual(messages, [
    { role: 'system', content: [{ type: 'text', text: 'a' }] },
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
  ]);
  assert.deepEqual(tools, [{ name: 'f' }]);
});

test("names are the client's own inside of arguments, results and schemas", () => {
  const own = { snake_case: { inner_name: 1 } };
  assert.deepEqual(
    camelCased({ tool_config: { function_calling_config: {} }, function_call: { args: own }, parameters: own }),
    { toolConfig: { functionCallingConfig: {} }, functionCall: { args: own }, parameters: own },
  );
});

test('media', () => {
  const data = 'aGk-_w==';
  const content = messagesOf({
    role: 'user',
    parts: [
      { inlineData: { mimeType: 'image/PNG', data } },
      { inlineData: { mimeType: 'audio/mpeg', data } },
      { inlineData: { mimeType: 'text/markdown', data: 'YQ==', displayName: 'a.md' } },
      { fileData: { fileUri: 'https://example.com/a.webp' } },
      { fileData: { fileUri: 'https://example.com/a' } },
      { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/x', mimeType: 'image/png' } },
    ],
  })[0]?.content;
  assert.deepEqual(content, [
    { type: 'image', source: { kind: 'data', mediaType: 'image/png', base64: 'aGk+/w==' } },
    { type: 'audio', format: 'mp3', base64: 'aGk+/w==' },
    { type: 'document', source: { kind: 'text', text: 'a' }, title: 'a.md' },
    { type: 'image', source: { kind: 'url', url: 'https://example.com/a.webp' } },
    { type: 'document', source: { kind: 'url', url: 'https://example.com/a' } },
    {
      type: 'image',
      source: { kind: 'file', fileId: 'https://generativelanguage.googleapis.com/v1beta/files/x' },
    },
  ]);
});

test("Gemini's schemas as JSON Schema", () => {
  assert.deepEqual(
    jsonSchemaOf({
      type: 'OBJECT',
      property_ordering: ['b', 'a'],
      properties: {
        a: { type: 'ARRAY', min_items: '1', items: { type: 'STRING', format: 'enum', enum: ['x'], nullable: true } },
        b: { anyOf: [{ type: 'INTEGER' }, { type: 'NULL' }], example: 1 },
        c_d: { type: 'TYPE_UNSPECIFIED', nullable: true },
      },
      required: ['a'],
    }),
    {
      type: 'object',
      properties: {
        b: { anyOf: [{ type: 'integer' }, { type: 'null' }], examples: [1] },
        a: { type: 'array', minItems: 1, items: { type: ['string', 'null'], enum: ['x', null] } },
        c_d: { anyOf: [{}, { type: 'null' }] },
      },
      required: ['a'],
    },
  );
  assert.deepEqual(
    Object.keys(jsonSchemaOf({ propertyOrdering: ['b'], properties: { a: {}, b: {} } })['properties'] ?? {}),
    ['b', 'a'],
  );
  const already = { type: 'object', properties: { type: { type: ['string', 'null'] } }, additionalProperties: false };
  assert.deepEqual(jsonSchemaOf(already), already);
});

function choiceOf(functionCallingConfig: JsonObject): unknown {
  return decodeWith({ toolConfig: { functionCallingConfig } }).toolChoice;
}

test('how tools may be called', () => {
  assert.deepEqual(choiceOf({}), undefined);
  assert.deepEqual(choiceOf({ mode: 'AUTO' }), { type: 'auto' });
  assert.deepEqual(choiceOf({ mode: 'NONE' }), { type: 'none' });
  assert.deepEqual(choiceOf({ mode: 'ANY' }), { type: 'required' });
  assert.deepEqual(choiceOf({ mode: 'ANY', allowedFunctionNames: ['f'] }), { type: 'tool', name: 'f' });
  assert.deepEqual(choiceOf({ mode: 'VALIDATED', allowedFunctionNames: ['f'] }), {
    type: 'allowed',
    names: ['f'],
    required: false,
  });
});

test('null is not set', () => {
  const { fields, notes } = decodeWith({
    systemInstruction: null,
    tools: null,
    toolConfig: null,
    generationConfig: { temperature: null, thinkingConfig: null, stopSequences: [] },
    cachedContent: null,
    shoeSize: null,
  });
  assert.deepEqual([fields, notes], [{}, []]);
});

test('promise 2: unknown fields are noted wherever they are, each kind once', () => {
  const part = { text: 'a', mood: 'good' };
  const says = 'is left out: the gateway does not know this field, so it cannot translate it';
  assert.deepEqual(
    notesOf({
      contents: [{ role: 'user', parts: [part, part], weather: 1 }, HI],
      generationConfig: { hue: 1 },
      shoeSize: 42,
    }),
    [
      `contents[0].parts[0].mood ${says}`,
      `contents[0].weather ${says}`,
      `generationConfig.hue ${says}`,
      `shoeSize ${says}`,
    ],
  );
});

const INVALID: readonly (readonly [string, JsonObject])[] = [
  ['contents[0]', { contents: ['hi'] }],
  ['contents[0].role', { contents: [{ role: 'narrator', parts: [] }] }],
  ['contents[0].parts[0].text', { contents: [{ parts: [{ text: 5 }] }] }],
  ['contents[0].parts[0]', { contents: [{ parts: [CALL] }] }],
  ['contents[0].parts[0]', { contents: [{ role: 'model', parts: [RESULT] }] }],
  ['contents[0].parts[0].inlineData.mimeType', { contents: [{ parts: [{ inlineData: { data: '' } }] }] }],
  ['contents[0].parts[0].functionCall.name', { contents: [{ role: 'model', parts: [{ functionCall: {} }] }] }],
  ['systemInstruction', { systemInstruction: 'brief' }],
  ['systemInstruction.parts[0].text', { systemInstruction: { parts: [{ inlineData: {} }] } }],
  ['tools[0].functionDeclarations[0].name', { tools: [{ functionDeclarations: [{}] }] }],
  [
    'tools[0].functionDeclarations[0].parametersJsonSchema',
    { tools: [{ functionDeclarations: [{ name: 'f', parameters: {}, parametersJsonSchema: {} }] }] },
  ],
  ['toolConfig.functionCallingConfig.mode', { toolConfig: { functionCallingConfig: { mode: 'SOME' } } }],
  ['generationConfig.temperature', { generationConfig: { temperature: 'hot' } }],
  ['generationConfig.maxOutputTokens', { generationConfig: { maxOutputTokens: 1.5 } }],
  ['generationConfig.stopSequences[1]', { generationConfig: { stopSequences: ['a', 1] } }],
  ['generationConfig.thinkingConfig.thinkingBudget', { generationConfig: { thinkingConfig: { thinkingBudget: -2 } } }],
  [
    'generationConfig.thinkingConfig.thinkingLevel',
    { generationConfig: { thinkingConfig: { thinkingLevel: 'DEEP' } } },
  ],
  ['generationConfig.responseSchema', { generationConfig: { responseSchema: 'x' } }],
];

test('a field of another type is named', () => {
  for (const [param, body] of INVALID) {
    assert.throws(() => decodeWith(body), { code: 'request_invalid', param }, param);
  }
});
