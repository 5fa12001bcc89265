import * as fc from './fast-check.ts';

import { type Json, type JsonObject, isJsonObject } from '../../src/core/json.ts';
import { openAiMessages } from './openai-messages.ts';

/** How often a field is there that most targets of another dialect refuse: seldom, or no request would get through. */
const SELDOM = 60;

/** JSON Schemas as clients write them by hand or have them made, with what some providers do not take. */
export function jsonSchemas(): fc.Arbitrary<JsonObject> {
  const leaf = fc.constantFrom<JsonObject>(
    { type: 'string' },
    { type: ['string', 'null'], description: 'what for' },
    { type: 'string', enum: ['a', 'b'] },
    { type: 'string', format: 'email', minLength: 3 },
    { type: 'integer', minimum: 0, maximum: 10 },
    { type: 'number', multipleOf: 0.5 },
    { type: 'boolean', default: true },
    { const: 'fixed' },
    { $ref: '#/$defs/point' },
    {},
  );
  const { root } = fc.letrec<{ root: JsonObject; any: JsonObject }>((tie) => ({
    root: objectSchemas(tie('any')),
    any: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'schema' },
      leaf,
      tie('root'),
      tie('any').map((items) => ({ type: 'array', items, minItems: 1 })),
      fc.array(tie('any'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
    ),
  }));
  const point = { type: 'object', properties: { x: { type: 'number' } }, required: ['x'], additionalProperties: false };
  return root.map((schema) => ({ ...schema, $defs: { point } }));
}

function objectSchemas(members: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return fc
    .record({
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), members, { maxKeys: 3 }),
      required: fc.subarray(['a', 'b']),
      additionalProperties: fc.option(fc.constantFrom<Json>(false, true, { type: 'string' }), { nil: undefined }),
    })
    .map(({ additionalProperties, ...schema }) => {
      const rest = additionalProperties === undefined ? {} : { additionalProperties };
      return { type: 'object', ...schema, ...rest };
    });
}

const toolNames = fc.constantFrom('get_weather', 'search', 'f', 'lookup-2', 'n'.repeat(64));

function functions(): fc.Arbitrary<JsonObject> {
  return fc.record(
    {
      name: toolNames,
      description: fc.constantFrom('Looks it up.', ''),
      parameters: jsonSchemas(),
      strict: fc.constantFrom(true, false, null),
    },
    { requiredKeys: ['name'] },
  );
}

function tools(): fc.Arbitrary<JsonObject[]> {
  const custom = fc
    .constantFrom<JsonObject | undefined>(undefined, { type: 'text' }, grammar())
    .map((format) => ({ type: 'custom', custom: { name: 'write', description: 'x', ...(format ? { format } : {}) } }));
  const fn = functions().map((each) => ({ type: 'function', function: each }));
  return fc.uniqueArray(fc.oneof({ weight: SELDOM, arbitrary: fn }, { weight: 1, arbitrary: custom }), {
    maxLength: 3,
    selector: (tool) => JSON.stringify('function' in tool ? tool.function['name'] : 'write'),
  });
}

function grammar(): JsonObject {
  return { type: 'grammar', grammar: { definition: 'start: "a"', syntax: 'lark' } };
}

/** Tools with a choice among them; seldom one that is not among them. */
function toolFields(): fc.Arbitrary<JsonObject> {
  return tools().chain((offered) => {
    const names = offered.flatMap(({ function: fn }) =>
      isJsonObject(fn) && typeof fn['name'] === 'string' ? [fn['name']] : [],
    );
    const some = names.length === 0 ? ['missing'] : names;
    return fc.oneof(
      { weight: SELDOM / 2, arbitrary: fc.constant({ tools: offered }) },
      { weight: SELDOM / 2, arbitrary: toolChoices(some).map((tool_choice) => ({ tools: offered, tool_choice })) },
      { weight: SELDOM / 2, arbitrary: fc.constant({}) },
      { weight: 2, arbitrary: toolChoices(['missing']).map((tool_choice) => ({ tools: offered, tool_choice })) },
      { weight: 1, arbitrary: fc.constant({ tool_choice: { type: 'custom', custom: { name: 'write' } } }) },
    );
  });
}

function toolChoices(names: readonly string[]): fc.Arbitrary<Json> {
  const name = fc.constantFrom(...names);
  const one = name.map((each) => ({ type: 'function', function: { name: each } }));
  const allowed = fc.record({ mode: fc.constantFrom('auto', 'required'), tools: fc.tuple(one) });
  return fc.oneof(
    fc.constantFrom<Json>('auto', 'none', 'required'),
    one,
    allowed.map((allowed_tools) => ({ type: 'allowed_tools', allowed_tools })),
  );
}

function responseFormats(): fc.Arbitrary<Json> {
  const schema = fc
    .record(
      { name: fc.constant('answer'), description: fc.constant('d'), schema: jsonSchemas(), strict: fc.boolean() },
      {
        requiredKeys: ['name', 'schema'],
      },
    )
    .map((json_schema): Json => ({ type: 'json_schema', json_schema }));
  return fc.oneof(fc.constantFrom<Json>({ type: 'text' }, { type: 'json_object' }), schema);
}

function fraction(max: number): fc.Arbitrary<number> {
  return fc.double({ min: 0, max, noNaN: true }).map((x) => x + 0);
}

/** Fields by which an answer is steered; `null` is what SDKs send for "not set". */
function options(): Readonly<Record<string, fc.Arbitrary<Json>>> {
  const penalty = fc.constantFrom<Json>(0, 0.5, -2, 2, null);
  return {
    temperature: fc.oneof(fraction(2), fc.constantFrom<Json>(0, 1, 2, null)),
    top_p: fc.oneof(fraction(1), fc.constantFrom<Json>(0, 1, null)),
    max_tokens: fc.constantFrom<Json>(1, 100, 3000, 50_000, null),
    max_completion_tokens: fc.constantFrom<Json>(1, 100, 3000, 50_000, null),
    stop: fc.constantFrom<Json>('\n', 'END', ['a', ' ', ''], ['x'], null),
    seed: fc.constantFrom<Json>(0, 42, -1, null),
    frequency_penalty: penalty,
    presence_penalty: penalty,
    logit_bias: fc.constantFrom<Json>({ '50256': -100 }, {}, null),
    logprobs: fc.constant<Json>(false),
    n: fc.constantFrom<Json>(1, 2, null),
    stream: fc.constantFrom<Json>(true, false, null),
    stream_options: fc.constantFrom<Json>({ include_usage: true }, { include_obfuscation: false }, null),
    parallel_tool_calls: fc.boolean(),
    response_format: responseFormats(),
    reasoning_effort: fc.constantFrom<Json>('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', null),
    verbosity: fc.constantFrom<Json>('low', 'medium', 'high', null),
    service_tier: fc.constantFrom<Json>('auto', 'default', 'flex', 'scale', 'priority', 'fast', null),
    user: fc.constantFrom<Json>('u-1', 'ann@example.com', '', 'u'.repeat(600)),
    safety_identifier: fc.constantFrom<Json>('hash-1', null),
    prompt_cache_key: fc.constantFrom<Json>('key', null),
    prompt_cache_retention: fc.constantFrom<Json>('in_memory', '24h', null),
    prompt_cache_options: fc.constantFrom<Json>({}, { mode: 'implicit', ttl: '30m' }, { mode: 'explicit' }),
    metadata: fc.constantFrom<Json>({ team: 'a' }, {}, null),
    store: fc.constantFrom<Json>(true, false, null),
    prediction: fc.constantFrom<Json>({ type: 'content', content: 'guess' }, null),
    modalities: fc.constantFrom<Json>(['text'], null),
    audio: fc.constant<Json>(null),
    moderation: fc.constant<Json>(null),
  };
}

const PLACE = { country: 'FR', region: 'Île-de-France', city: 'Paris', timezone: 'Europe/Paris' };

/** Fields that ask for what few targets have. */
const EXTRAS: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: SELDOM, arbitrary: fc.constant({}) },
  {
    weight: 6,
    arbitrary: fc.constantFrom<JsonObject>(
      { logprobs: true, top_logprobs: 3 },
      { logprobs: true },
      { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'mp3' } },
      {
        web_search_options: { search_context_size: 'low', user_location: { type: 'approximate', approximate: PLACE } },
      },
      {
        moderation: {
          model: 'omni-moderation-latest',
          policy: { input: { mode: 'score' }, output: { mode: 'block' } },
        },
      },
      { functions: [{ name: 'f', parameters: { type: 'object', properties: {} } }], function_call: 'auto' },
      { functions: [{ name: 'f' }], function_call: { name: 'f' } },
    ),
  },
);

/**
 * Bodies of `POST /v1/chat/completions` that use every field of `CreateChatCompletionRequest`, all valid by it.
 * Those that only a model of OpenAI can serve (custom tools, audio, log probabilities) are seldom among them.
 */
export function openAiRequests(): fc.Arbitrary<JsonObject> {
  const model = fc.constantFrom('chat', 'gpt-5', 'anthropic/claude-x');
  const steered = fc.record(options(), { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
  // A few of them at a time: with half of thirty set, each request would be a heap of losses.
  const some = fc.oneof(
    { weight: 1, arbitrary: steered },
    { weight: 3, arbitrary: fc.tuple(steered, fc.subarray(Object.keys(options()), { maxLength: 5 })).map(pick) },
  );
  return fc
    .tuple(model, openAiMessages(), some, toolFields(), EXTRAS)
    .map(([name, messages, ...parts]) => Object.assign({ model: name, messages }, ...parts) as JsonObject);
}

function pick([object, names]: [JsonObject, string[]]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}
