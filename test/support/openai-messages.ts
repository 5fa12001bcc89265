import * as fc from './fast-check.ts';

import type { Json, JsonObject } from '../../src/core/json.ts';

/** A pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const PDF = 'JVBERi0xLjQK';
/** How much oftener there is what every target takes. */
const USUAL = 40;

const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('Hello', 'What is the weather in Paris?', '你好', ' two  words \n') },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\n') },
);

const breakpoint = { mode: 'explicit' };

function maybeCached(part: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return fc.oneof(
    { weight: 4, arbitrary: part },
    { weight: 1, arbitrary: part.map((each) => ({ ...each, prompt_cache_breakpoint: breakpoint })) },
  );
}

const textPart = maybeCached(texts.map((text) => ({ type: 'text', text })));

const imagePart = maybeCached(
  fc
    .record(
      {
        url: fc.oneof(
          { weight: USUAL, arbitrary: fc.constantFrom(`data:image/png;base64,${PNG}`, 'https://example.com/a.jpg') },
          { weight: 1, arbitrary: fc.constantFrom('data:image/svg+xml;base64,PHN2Zy8+', 'ftp://example.com/a') },
        ),
        detail: fc.constantFrom('auto', 'low', 'high'),
      },
      { requiredKeys: ['url'] },
    )
    .map((image_url) => ({ type: 'image_url', image_url })),
);

const filePart = maybeCached(
  fc
    .oneof(
      {
        weight: USUAL,
        arbitrary: fc.constantFrom<JsonObject>(
          { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` },
          { file_data: 'data:text/plain;base64,SGVsbG8=' },
          { filename: 't'.repeat(600), file_data: `data:application/pdf;base64,${PDF}` },
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom<JsonObject>({ file_id: 'file-1' }, { filename: 'a.bin', file_data: 'AA' }, {}),
      },
    )
    .map((file) => ({ type: 'file', file })),
);

const audioPart = fc
  .constantFrom('wav', 'mp3')
  .map((format) => ({ type: 'input_audio', input_audio: { data: 'UklGRg==', format } }));

const userPart = fc.oneof(
  { weight: USUAL, arbitrary: textPart },
  { weight: USUAL / 2, arbitrary: imagePart },
  { weight: USUAL / 4, arbitrary: filePart },
  { weight: 1, arbitrary: audioPart },
);

function contentOf(part: fc.Arbitrary<JsonObject>): fc.Arbitrary<Json> {
  return fc.oneof(texts, fc.array(part, { minLength: 1, maxLength: 3 }));
}

const name = fc.option(fc.constantFrom('ann', 'bob'), { nil: undefined, freq: 4 });

function message(role: string, content: fc.Arbitrary<Json>): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(content, name)
    .map(([said, who]) => ({ role, content: said, ...(who === undefined ? {} : { name: who }) }));
}

const instructions = fc.constantFrom('system', 'developer').chain((role) => message(role, contentOf(textPart)));

const userMessage = message('user', contentOf(userPart));

const refusalPart = fc.constant<JsonObject>({ type: 'refusal', refusal: 'I cannot help with that.' });

const spoken = fc.oneof(
  {
    weight: 4,
    arbitrary: contentOf(fc.oneof({ weight: 4, arbitrary: textPart }, { weight: 1, arbitrary: refusalPart })),
  },
  { weight: 1, arbitrary: fc.constant<Json>(null) },
);

/** Reasoning as compatible servers give it, and with the proofs of another provider as the gateway does. */
const reasoning = fc.oneof(
  { weight: 4, arbitrary: fc.constant<JsonObject>({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<JsonObject>(
      { reasoning_content: 'I think.' },
      { causeway_reasoning: [{ type: 'text', text: 'I think.', signature: 'sig' }] },
      { causeway_reasoning: [{ type: 'redacted', data: 'sealed' }] },
    ),
  },
);

const assistantExtras = fc.oneof(
  { weight: USUAL, arbitrary: fc.constant<JsonObject>({}) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<JsonObject>({ refusal: 'No.' }, { refusal: null }, { name: 'bot' }, { audio: null }),
  },
  { weight: 1, arbitrary: fc.constant<JsonObject>({ audio: { id: 'audio_1' } }) },
);

const assistantMessage = fc
  .tuple(spoken, reasoning, assistantExtras)
  .map(([content, ...more]) => Object.assign({ role: 'assistant', content }, ...more) as JsonObject);

const toolArguments = fc.oneof(
  { weight: 6, arbitrary: fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify({ value })) },
  { weight: 2, arbitrary: fc.constantFrom('', '{}', '{"id":12345678901234567890}', '{"a": 1.10}') },
  { weight: 1, arbitrary: fc.constantFrom('{"cut', '[1]', '"text"') },
);

/** Ids as other servers make them; some begin anew in each turn. */
const callIds = fc.constantFrom('call_abc', 'call_0', 'call_1', 'functions.f:0', 'x'.repeat(80), 'id with spaces');

const toolCall = fc
  .tuple(callIds, fc.constantFrom('get_weather', 'f', 'web.search'), toolArguments)
  .map(([id, called, args]) => ({ id, type: 'function', function: { name: called, arguments: args } }));

const calls = fc.oneof(
  {
    weight: USUAL,
    arbitrary: fc.uniqueArray(toolCall, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
  },
  {
    weight: 1,
    arbitrary: fc.constant<JsonObject[]>([{ id: 'c1', type: 'custom', custom: { name: 'write', input: 'x' } }]),
  },
);

/** A turn with calls and all their results, in any order. */
const toolLoop = fc
  .tuple(assistantMessage, calls, fc.array(contentOf(textPart), { minLength: 3, maxLength: 3 }), fc.boolean())
  .map(([assistant, tool_calls, results, isReversed]) => {
    const answers = tool_calls.map(({ id }, at): JsonObject => ({
      role: 'tool',
      tool_call_id: id,
      content: results[at] ?? '',
    }));
    return [{ ...assistant, tool_calls }, ...(isReversed ? answers.toReversed() : answers)];
  });

/** The form before tools. */
const functionLoop = fc.tuple(toolArguments, fc.constantFrom('ok', null)).map(([args, content]): JsonObject[] => [
  { role: 'assistant', content: null, function_call: { name: 'f', arguments: args } },
  { role: 'function', name: 'f', content },
]);

function one(each: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject[]> {
  return each.map((single) => [single]);
}

/** Conversations as clients have them, and some that no model has begun. */
export function openAiMessages(): fc.Arbitrary<readonly Json[]> {
  const turn = fc.oneof(
    { weight: 6, arbitrary: one(userMessage) },
    { weight: 4, arbitrary: one(assistantMessage) },
    { weight: 4, arbitrary: toolLoop },
    { weight: 1, arbitrary: functionLoop },
    { weight: 2, arbitrary: one(instructions) },
  );
  const opening = fc.oneof(
    { weight: 1, arbitrary: one(instructions) },
    { weight: 2, arbitrary: fc.constant<JsonObject[]>([]) },
  );
  return fc
    .tuple(opening, one(userMessage), fc.array(turn, { maxLength: 5 }))
    .chain(([first, asked, turns]) =>
      fc.oneof(
        { weight: 8, arbitrary: fc.constant([...first, ...asked, ...turns.flat()]) },
        { weight: 1, arbitrary: fc.constant(turns.flat().length > 0 ? turns.flat() : asked) },
      ),
    );
}
