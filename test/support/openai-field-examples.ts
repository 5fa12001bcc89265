import type { Json, JsonObject } from '../../src/core/json.ts';

const HELLO: JsonObject = { role: 'user', content: 'hi' };
/** The least that is a request. */
export const OPENAI_BASE: JsonObject = { model: 'm', messages: [HELLO] };
const FUNCTION: JsonObject = { name: 'f', parameters: { type: 'object' } };
const TOOL: JsonObject = { type: 'function', function: FUNCTION };
const CUSTOM: JsonObject = { type: 'custom', custom: { name: 'c' } };
const CACHE: JsonObject = { type: 'ephemeral' };
const TEXT: JsonObject = { type: 'text', text: 'a' };
const IMAGE: JsonObject = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
const PDF: JsonObject = { file_data: 'data:application/pdf;base64,JVBERi0=' };
const AUDIO: JsonObject = { type: 'input_audio', input_audio: { format: 'wav', data: 'AA==' } };
const CALL: JsonObject = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };

function says(...content: Json[]): JsonObject {
  return { messages: [{ role: 'user', content }] };
}

function said(message: JsonObject): JsonObject {
  return { messages: [HELLO, { role: 'assistant', content: 'a', ...message }, HELLO] };
}

function result(...content: Json[]): JsonObject {
  return { messages: [HELLO, { role: 'tool', tool_call_id: 'c1', content }] };
}

function fileOf(file: JsonObject): JsonObject {
  return says({ type: 'file', file });
}

function choice(tool_choice: Json): JsonObject {
  return { tools: [TOOL], tool_choice };
}

function functionCall(function_call: Json): JsonObject {
  return { functions: [FUNCTION], function_call };
}

/** By the field's name in the dialect's table: what makes of {@link OPENAI_BASE} a body that uses it and nothing else that a row speaks of. */
export const OPENAI_EXAMPLES: Readonly<Record<string, JsonObject>> = {
  model: {},
  'messages[system], messages[developer] at the start': { messages: [{ role: 'developer', content: 'brief' }, HELLO] },
  'messages[system], messages[developer] further on': { messages: [HELLO, { role: 'system', content: 'brief' }] },
  'messages[].name': { messages: [{ ...HELLO, name: 'ann' }] },
  'messages[assistant] as the last': { messages: [HELLO, { role: 'assistant', content: '{' }] },
  'messages[tool]': result(TEXT),
  'messages[function]': {
    messages: [
      HELLO,
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'a' },
    ],
  },
  'messages[].cache_control': { messages: [{ ...HELLO, cache_control: CACHE }] },
  'messages[].content[text]': says(TEXT),
  'messages[].content[image_url].url (data:)': says({
    type: 'image_url',
    image_url: { url: 'data:image/png;base64,A' },
  }),
  'messages[].content[image_url].url (https:)': says(IMAGE),
  'messages[].content[image_url].detail': says({
    type: 'image_url',
    image_url: { url: 'https://example.com/a.png', detail: 'low' },
  }),
  'messages[].content[input_audio]': says(AUDIO),
  'messages[].content[file].file_data': fileOf(PDF),
  'messages[].content[file].file_data (data:text/…)': fileOf({ file_data: 'data:text/plain;base64,YQ==' }),
  'messages[].content[file].file_data (https:)': fileOf({ file_data: 'https://example.com/a.pdf' }),
  'messages[].content[file].file_id': fileOf({ file_id: 'file-1' }),
  'messages[].content[file].filename': fileOf({ ...PDF, filename: 'a.pdf' }),
  'messages[tool].content[image_url]': result(IMAGE),
  'messages[tool].content[file]': result({ type: 'file', file: PDF }),
  'messages[].content[].prompt_cache_breakpoint': says({ ...TEXT, prompt_cache_breakpoint: { mode: 'explicit' } }),
  'messages[].content[].cache_control': says({ ...TEXT, cache_control: { ...CACHE, ttl: '1h' } }),
  'messages[].content[input_audio].cache_control': says({ ...AUDIO, cache_control: CACHE }),
  'messages[].content[any other part]': says({ type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } }),
  'messages[assistant].content[refusal]': said({ content: [{ type: 'refusal', refusal: 'no' }] }),
  'messages[assistant].refusal': said({ refusal: 'no' }),
  'messages[assistant].reasoning_content': said({ reasoning_content: 'hm' }),
  'messages[assistant].causeway_reasoning': said({ causeway_reasoning: [{ type: 'text', text: 'hm' }] }),
  'messages[assistant].causeway_reasoning[text].signature': said({
    causeway_reasoning: [{ type: 'text', text: 'hm', signature: 'sig' }],
  }),
  'messages[assistant].causeway_reasoning[redacted]': said({ causeway_reasoning: [{ type: 'redacted', data: 'x' }] }),
  'messages[assistant].tool_calls[function]': said({ tool_calls: [CALL] }),
  'messages[assistant].tool_calls[function].arguments that are no object': said({
    tool_calls: [{ ...CALL, function: { name: 'f', arguments: '{"cut' } }],
  }),
  'messages[assistant].tool_calls[custom]': said({
    tool_calls: [{ id: 'c1', type: 'custom', custom: { name: 'c', input: 'x' } }],
  }),
  'messages[assistant].function_call': said({ function_call: { name: 'f', arguments: '{}' } }),
  'messages[assistant].audio': said({ audio: { id: 'audio_1' } }),
  'tools[function]': { tools: [TOOL] },
  'tools[function] without parameters': { tools: [{ type: 'function', function: { name: 'f' } }] },
  'tools[function].strict': { tools: [{ type: 'function', function: { ...FUNCTION, strict: true } }] },
  'tools[].cache_control': { tools: [{ ...TOOL, cache_control: CACHE }] },
  'tools[custom]': { tools: [CUSTOM] },
  'tools[any other type]': { tools: [{ type: 'web_search_preview' }] },
  'tool_choice (auto)': choice('auto'),
  'tool_choice (none)': choice('none'),
  'tool_choice (required)': choice('required'),
  'tool_choice (function)': choice({ type: 'function', function: { name: 'f' } }),
  'tool_choice (allowed_tools)': choice({
    type: 'allowed_tools',
    allowed_tools: { mode: 'auto', tools: [TOOL] },
  }),
  'tool_choice (custom)': choice(CUSTOM),
  parallel_tool_calls: { tools: [TOOL], parallel_tool_calls: true },
  functions: { functions: [FUNCTION] },
  'function_call (auto)': functionCall('auto'),
  'function_call (none)': functionCall('none'),
  'function_call (name)': functionCall({ name: 'f' }),
  'function_call without functions': { function_call: 'auto' },
  'tool_choice beside functions': { functions: [FUNCTION], tool_choice: 'auto' },
  'parallel_tool_calls beside functions': { functions: [FUNCTION], parallel_tool_calls: true },
  max_completion_tokens: { max_completion_tokens: 5 },
  max_tokens: { max_tokens: 5 },
  'max_tokens beside max_completion_tokens': { max_completion_tokens: 5, max_tokens: 6 },
  temperature: { temperature: 0.5 },
  top_p: { top_p: 0.5 },
  top_k: { top_k: 5 },
  stop: { stop: '.' },
  seed: { seed: 5 },
  frequency_penalty: { frequency_penalty: 0.5 },
  presence_penalty: { presence_penalty: 0.5 },
  logit_bias: { logit_bias: { '50256': -100 } },
  logprobs: { logprobs: true },
  top_logprobs: { logprobs: true, top_logprobs: 2 },
  n: { n: 2 },
  stream: { stream: true },
  'stream_options.include_usage': { stream: true, stream_options: { include_usage: true } },
  'stream_options.include_obfuscation': { stream: true, stream_options: { include_obfuscation: true } },
  'response_format (text)': { response_format: { type: 'text' } },
  'response_format (json_object)': { response_format: { type: 'json_object' } },
  'response_format (json_schema)': { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } } },
  'response_format (json_schema) without a schema': {
    response_format: { type: 'json_schema', json_schema: { name: 'a' } },
  },
  reasoning_effort: { reasoning_effort: 'high' },
  'reasoning_effort (none)': { reasoning_effort: 'none' },
  'thinking (enabled) with budget_tokens': { thinking: { type: 'enabled', budget_tokens: 2000 } },
  'thinking (enabled), thinking (adaptive)': { thinking: { type: 'enabled' } },
  'thinking (disabled)': { thinking: { type: 'disabled' } },
  verbosity: { verbosity: 'low' },
  service_tier: { service_tier: 'flex' },
  user: { user: 'u' },
  safety_identifier: { safety_identifier: 's' },
  prompt_cache_key: { prompt_cache_key: 'k' },
  'prompt_cache_options.mode (implicit)': { prompt_cache_options: { mode: 'implicit' } },
  'prompt_cache_options.mode (explicit)': { prompt_cache_options: { mode: 'explicit' } },
  'prompt_cache_options.ttl': { prompt_cache_options: { ttl: '30m' } },
  cache_control: { cache_control: CACHE },
  prompt_cache_retention: { prompt_cache_retention: '24h' },
  metadata: { metadata: { team: 'a' } },
  store: { store: true },
  prediction: { prediction: { type: 'content', content: 'a' } },
  'modalities (text)': { modalities: ['text'] },
  'modalities (audio)': { modalities: ['text', 'audio'] },
  audio: { audio: { voice: 'alloy', format: 'mp3' } },
  web_search_options: { web_search_options: {} },
  moderation: { moderation: { model: 'omni-moderation-latest' } },
  'any other field, at any depth': says({ ...TEXT, shoe_size: 42 }),
};
