import * as fc from './fast-check.ts';

import type { Json, JsonObject } from '../../src/core/json.ts';
import { jsonSchemas } from './openai-requests.ts';
import { valuesOf } from './schema-values.ts';

/** A pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const PDF = 'JVBERi0xLjQK';
/** How much oftener there is what every target takes. */
const USUAL = 40;

const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('Hello', 'What is the weather in Paris?', '你好', ' two  words \n') },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom('', ' ') },
);

const cacheControl = fc.constantFrom<Json>(
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '1h' },
  { type: 'ephemeral', ttl: '5m' },
  null,
);

function maybeCached(block: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return fc.oneof(
    { weight: 4, arbitrary: block },
    { weight: 1, arbitrary: fc.tuple(block, cacheControl).map(([each, cache]) => ({ ...each, cache_control: cache })) },
  );
}

const textBlock = maybeCached(texts.map((text) => ({ type: 'text', text: text === '' ? '-' : text })));

const imageBlock = maybeCached(
  fc
    .constantFrom<JsonObject>(
      { type: 'base64', media_type: 'image/png', data: PNG },
      { type: 'url', url: 'https://example.com/a.jpg' },
    )
    .map((source) => ({ type: 'image', source })),
);

const documentBlock = maybeCached(
  fc
    .record(
      {
        source: fc.oneof(
          {
            weight: USUAL,
            arbitrary: fc.constantFrom<JsonObject>(
              { type: 'base64', media_type: 'application/pdf', data: PDF },
              { type: 'text', media_type: 'text/plain', data: 'A long story.' },
              { type: 'content', content: [{ type: 'text', text: 'in blocks' }] },
              { type: 'content', content: 'in one' },
            ),
          },
          {
            weight: 1,
            arbitrary: fc.constant<JsonObject>({ type: 'url', url: 'https://example.com/a.pdf' }),
          },
        ),
        title: fc.constantFrom<Json>('a.pdf', 'A title', null),
        context: fc.constantFrom<Json>('what for', null),
        citations: fc.constantFrom<Json>({ enabled: true }, { enabled: false }, null),
      },
      { requiredKeys: ['source'] },
    )
    .map((block) => ({ type: 'document', ...block })),
);

const userBlock = fc.oneof(
  { weight: 8, arbitrary: textBlock },
  { weight: 3, arbitrary: imageBlock },
  { weight: 2, arbitrary: documentBlock },
);

function contentOf(block: fc.Arbitrary<JsonObject>): fc.Arbitrary<Json> {
  return fc.oneof(texts, fc.array(block, { minLength: 1, maxLength: 3 }));
}

const userTurn = contentOf(userBlock).map((content): JsonObject => ({ role: 'user', content }));

const thinkingBlock = fc.constantFrom<JsonObject>(
  { type: 'thinking', thinking: 'I think.', signature: 'sig' },
  { type: 'thinking', thinking: 'Not proven.', signature: 'causeway-unsigned' },
  { type: 'redacted_thinking', data: 'sealed' },
);

const assistantBlocks = fc
  .tuple(fc.array(thinkingBlock, { maxLength: 2 }), fc.array(textBlock, { maxLength: 2 }))
  .map((blocks) => blocks.flat());

const assistantTurn = fc
  .oneof(
    texts,
    assistantBlocks.filter((blocks) => blocks.length > 0),
  )
  .map((content): JsonObject => ({ role: 'assistant', content }));

const callIds = fc.constantFrom('toolu_01A', 'toolu_01B', 'call_0', 'x'.repeat(60), 'a-b_c');
const toolNames = fc.constantFrom('get_weather', 'search', 'f', 'n'.repeat(100));

const toolUse = maybeCached(
  fc
    .record({
      id: callIds,
      name: toolNames,
      input: fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>, {
        maxKeys: 2,
      }),
    })
    .map((call) => ({ type: 'tool_use', ...call })),
);

const resultBlock = fc.oneof(
  { weight: 6, arbitrary: textBlock },
  { weight: 2, arbitrary: imageBlock },
  { weight: 1, arbitrary: documentBlock },
);

const result = fc.record(
  { content: contentOf(resultBlock), is_error: fc.boolean(), cache_control: cacheControl },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

/** A turn with calls and all their results, in any order, and maybe words behind them. */
const toolLoop = fc
  .tuple(
    assistantBlocks,
    fc.uniqueArray(toolUse, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
    fc.array(result, { minLength: 3, maxLength: 3 }),
    fc.boolean(),
    fc.array(userBlock, { maxLength: 1 }),
  )
  .map(([said, calls, results, isReversed, more]): JsonObject[] => {
    const answers = calls.map(({ id }, at): JsonObject => ({ type: 'tool_result', tool_use_id: id, ...results[at] }));
    return [
      { role: 'assistant', content: [...said, ...calls] },
      { role: 'user', content: [...(isReversed ? answers.toReversed() : answers), ...more] },
    ];
  });

/** What only Anthropic has, with every field of its document. */
function exotic(): fc.Arbitrary<JsonObject> {
  const block = valuesOf('anthropic', 'InputContentBlock');
  const request = valuesOf('anthropic', 'CreateMessageParams') as fc.Arbitrary<JsonObject>;
  return fc.oneof(
    fc.tuple(fc.constantFrom('user', 'assistant'), block).map(([role, each]) => ({ turn: { role, content: [each] } })),
    request.map(({ model: _model, messages: _messages, ...rest }) => ({ options: rest })),
    request.map(({ tools: own }) => ({ options: own === undefined ? {} : { tools: own } })),
  );
}

function tools(): fc.Arbitrary<JsonObject> {
  const optional = {
    description: fc.constantFrom('Looks it up.', ''),
    strict: fc.boolean(),
    type: fc.constantFrom<Json>('custom', null),
    cache_control: cacheControl,
    eager_input_streaming: fc.constantFrom<Json>(true, null),
    input_examples: fc.constant<Json>([{ a: 'x' }]),
    defer_loading: fc.constant<Json>(false),
    allowed_callers: fc.constant<Json>(['direct']),
  };
  const tool = fc
    .record({ name: toolNames, input_schema: jsonSchemas(), ...optional }, { requiredKeys: ['name', 'input_schema'] })
    .map((each) => each as JsonObject);
  const offered = fc.uniqueArray(tool, { minLength: 1, maxLength: 3, selector: ({ name }) => name });
  return offered.chain((list) => {
    const names = list.map(({ name }) => name as string);
    const single = fc.constantFrom<JsonObject>(
      {},
      { disable_parallel_tool_use: true },
      { disable_parallel_tool_use: false },
    );
    const choice = fc.oneof(
      fc.tuple(fc.constantFrom('auto', 'any'), single).map(([type, more]): JsonObject => ({ type, ...more })),
      fc.tuple(fc.constantFrom(...names), single).map(([name, more]): JsonObject => ({ type: 'tool', name, ...more })),
      fc.constant<JsonObject>({ type: 'none' }),
    );
    return fc.record({ tools: fc.constant<Json>(list), tool_choice: choice }, { requiredKeys: ['tools'] });
  });
}

/** Fields by which an answer is steered. */
function options(): Readonly<Record<string, fc.Arbitrary<Json>>> {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0);
  return {
    system: fc.oneof(texts, fc.array(textBlock, { minLength: 1, maxLength: 2 })),
    cache_control: cacheControl,
    metadata: fc.constantFrom<Json>({ user_id: 'u-1' }, { user_id: 'u'.repeat(200) }, { user_id: null }, {}),
    output_config: fc.record(
      {
        effort: fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max'),
        format: jsonSchemas().map((schema) => ({ type: 'json_schema', schema })),
      },
      { requiredKeys: [] },
    ),
    service_tier: fc.constantFrom('auto', 'standard_only'),
    stop_sequences: fc.constantFrom<Json>([], ['END'], ['a', 'b', 'c', 'd', 'e', 'f']),
    stream: fc.boolean(),
    temperature: fraction,
    thinking: fc.constantFrom<Json>(
      { type: 'enabled', budget_tokens: 1024 },
      { type: 'enabled', budget_tokens: 30_000, display: 'summarized' },
      { type: 'adaptive' },
      { type: 'adaptive', display: 'omitted' },
      { type: 'disabled' },
    ),
    top_k: fc.integer({ min: 0, max: 100 }),
    top_p: fraction,
  };
}

/**
 * Bodies of `POST /v1/messages` that use every field of `CreateMessageParams`, all valid by it. What only Anthropic
 * can serve is seldom among them.
 */
export function anthropicRequests(): fc.Arbitrary<JsonObject> {
  const steered = fc.record(options(), { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
  const some = fc.oneof(
    { weight: 1, arbitrary: steered },
    { weight: 3, arbitrary: fc.tuple(steered, fc.subarray(Object.keys(options()), { maxLength: 4 })).map(pick) },
  );
  const turn = fc.oneof(
    { weight: 4, arbitrary: userTurn.map((each) => [each]) },
    { weight: 4, arbitrary: assistantTurn.map((each) => [each]) },
    { weight: 4, arbitrary: toolLoop },
  );
  const maxTokens = fc.constantFrom(1, 100, 3000, 50_000);
  const extra = fc.oneof(
    { weight: USUAL / 4, arbitrary: fc.constant<JsonObject>({}) },
    { weight: 1, arbitrary: exotic() },
  );
  const offered = fc.oneof({ weight: 1, arbitrary: fc.constant<JsonObject>({}) }, { weight: 1, arbitrary: tools() });
  return fc
    .tuple(userTurn, fc.array(turn, { maxLength: 4 }), maxTokens, some, offered, extra)
    .map(([first, turns, max_tokens, steering, withTools, { turn: last, options: more }]) => {
      const messages = [first, ...turns.flat(), ...(last === undefined ? [] : [last])];
      const body = { model: 'claude-x', max_tokens, messages, ...steering, ...withTools };
      return { ...body, ...(more as JsonObject | undefined) };
    });
}

function pick([object, names]: [JsonObject, string[]]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}
