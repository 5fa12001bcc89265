import type { Json, JsonObject } from '../../src/core/json.ts';

const HELLO: JsonObject = { role: 'user', content: 'hi' };
/** The least that is a request. */
export const RESPONSES_BASE: JsonObject = { model: 'm', input: [HELLO] };
const TOOL: JsonObject = { type: 'function', name: 'f', parameters: { type: 'object' } };
const TEXT: JsonObject = { type: 'input_text', text: 'a' };
const IMAGE: JsonObject = { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' };
const PDF: JsonObject = { type: 'input_file', file_data: 'data:application/pdf;base64,JVBERi0=' };
const CALL: JsonObject = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };
const RESULT: JsonObject = { type: 'function_call_output', call_id: 'c1', output: 'x' };
const REASONING: JsonObject = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] };

/** What the pipeline has put into the input, or refused, by the time that a body is decoded. */
export const PUT_IN_BEFORE: ReadonlySet<string> = new Set(['previous_response_id', 'input[item_reference]']);

function input(...items: Json[]): JsonObject {
  return { input: items };
}

function says(...content: Json[]): JsonObject {
  return input({ type: 'message', role: 'user', content });
}

function said(...items: Json[]): JsonObject {
  return input(HELLO, ...items, HELLO);
}

function called(fields: JsonObject): JsonObject {
  return input(HELLO, { ...CALL, ...fields }, RESULT);
}

function result(...output: Json[]): JsonObject {
  return input(HELLO, CALL, { ...RESULT, output });
}

function tool(fields: JsonObject): JsonObject {
  return { tools: [{ ...TOOL, ...fields }] };
}

function choice(tool_choice: Json): JsonObject {
  return { tools: [TOOL], tool_choice };
}

/**
 * By the field's name in the dialect's table: what makes of {@link RESPONSES_BASE} a body that uses it and nothing else
 * that a row speaks of.
 */
export const RESPONSES_EXAMPLES: Readonly<Record<string, JsonObject>> = {
  model: {},
  instructions: { instructions: 'brief' },
  'input (text)': { input: 'hi' },
  'input[system], input[developer] at the start': input({ role: 'developer', content: 'brief' }, HELLO),
  'input[system], input[developer] further on': input(HELLO, { role: 'system', content: 'brief' }, HELLO),
  'input[assistant] as the last': input(HELLO, { role: 'assistant', content: '{' }),
  'input[assistant].phase': said({ role: 'assistant', content: 'a', phase: 'commentary' }),
  'input[item_reference]': said({ type: 'item_reference', id: 'msg_1' }),
  'input[any other type]': said({ type: 'web_search_call', id: 'ws_1', status: 'completed' }),
  previous_response_id: { previous_response_id: 'resp_1' },
  conversation: { conversation: 'conv_1' },
  prompt: { prompt: { id: 'pmpt_1' } },
  'input[message].content[input_text], input[message].content[output_text]': said({
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'a', annotations: [], logprobs: [] }],
  }),
  'input[message].content[input_image].image_url (data:)': says({
    type: 'input_image',
    image_url: 'data:image/png;base64,A',
  }),
  'input[message].content[input_image].image_url (https:)': says(IMAGE),
  'input[message].content[input_image].file_id': says({ type: 'input_image', file_id: 'file-1' }),
  'input[message].content[input_image].detail': says({ ...IMAGE, detail: 'low' }),
  'input[message].content[input_file].file_data': says(PDF),
  'input[message].content[input_file].file_data (data:text/…)': says({
    type: 'input_file',
    file_data: 'data:text/plain;base64,YQ==',
  }),
  'input[message].content[input_file].file_url': says({ type: 'input_file', file_url: 'https://example.com/a.pdf' }),
  'input[message].content[input_file].file_id': says({ type: 'input_file', file_id: 'file-1' }),
  'input[message].content[input_file].filename': says({ ...PDF, filename: 'a.pdf' }),
  'input[message].content[input_file].detail': says({ ...PDF, detail: 'low' }),
  'input[message].content[input_audio]': says({ type: 'input_audio', input_audio: { format: 'wav', data: 'AA==' } }),
  'input[message].content[refusal]': said({ role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] }),
  'input[message].content[].prompt_cache_breakpoint': says({ ...TEXT, prompt_cache_breakpoint: { mode: 'explicit' } }),
  'input[message].content[any other part]': says({ type: 'input_video', video_url: 'https://example.com/a.mp4' }),
  'input[function_call]': called({}),
  'input[function_call].arguments that are no object': called({ arguments: '{"a":' }),
  'input[function_call].namespace': called({ namespace: 'n' }),
  'input[function_call].caller': called({ caller: { type: 'program', caller_id: 'p1' } }),
  'input[function_call_output]': result(TEXT),
  'input[function_call_output].output[input_image]': result(IMAGE),
  'input[function_call_output].output[input_file]': result(PDF),
  'input[reasoning]': said(REASONING),
  'input[reasoning].encrypted_content of a translated answer': said({
    ...REASONING,
    encrypted_content: 'causeway:signature:s',
  }),
  'input[reasoning].encrypted_content of a relayed answer': said({ ...REASONING, encrypted_content: 'gAAAA' }),
  'tools[function]': tool({}),
  'tools[function] without parameters': tool({ parameters: null }),
  'tools[function].strict': tool({ strict: true }),
  'tools[function].output_schema': tool({ output_schema: { type: 'object' } }),
  'tools[function].defer_loading': tool({ defer_loading: true }),
  'tools[function].allowed_callers': tool({ allowed_callers: ['direct', 'programmatic'] }),
  'tools[custom]': { tools: [{ type: 'custom', name: 'c' }] },
  'tools[any other type]': { tools: [{ type: 'web_search' }] },
  'tool_choice (auto)': choice('auto'),
  'tool_choice (none)': choice('none'),
  'tool_choice (required)': choice('required'),
  'tool_choice (function)': choice({ type: 'function', name: 'f' }),
  'tool_choice (allowed_tools)': choice({
    type: 'allowed_tools',
    mode: 'auto',
    tools: [{ type: 'function', name: 'f' }],
  }),
  'tool_choice (custom)': choice({ type: 'custom', name: 'c' }),
  'tool_choice (any other type)': choice({ type: 'web_search_preview' }),
  parallel_tool_calls: { parallel_tool_calls: false },
  max_tool_calls: { max_tool_calls: 3 },
  max_output_tokens: { max_output_tokens: 100 },
  temperature: { temperature: 0.5 },
  top_p: { top_p: 0.5 },
  top_logprobs: { top_logprobs: 2 },
  'include[message.output_text.logprobs]': { include: ['message.output_text.logprobs'] },
  'include[reasoning.encrypted_content]': { include: ['reasoning.encrypted_content'] },
  'include[of other tools and inputs]': { include: ['file_search_call.results'] },
  'include[any other]': { include: ['dreams'] },
  stream: { stream: true },
  'stream_options.include_obfuscation': { stream_options: { include_obfuscation: true } },
  'text.format (text)': { text: { format: { type: 'text' } } },
  'text.format (json_object)': { text: { format: { type: 'json_object' } } },
  'text.format (json_schema)': { text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' } } } },
  'text.verbosity': { text: { verbosity: 'low' } },
  'reasoning.effort': { reasoning: { effort: 'low' } },
  'reasoning.effort (none)': { reasoning: { effort: 'none' } },
  'reasoning.summary': { reasoning: { summary: 'auto' } },
  'reasoning.generate_summary': { reasoning: { generate_summary: 'concise' } },
  'reasoning.mode': { reasoning: { mode: 'pro' } },
  'reasoning.context': { reasoning: { context: 'all_turns' } },
  service_tier: { service_tier: 'flex' },
  user: { user: 'u' },
  safety_identifier: { safety_identifier: 'u' },
  prompt_cache_key: { prompt_cache_key: 'k' },
  'prompt_cache_options.mode (implicit)': { prompt_cache_options: { mode: 'implicit' } },
  'prompt_cache_options.mode (explicit)': { prompt_cache_options: { mode: 'explicit' } },
  'prompt_cache_options.ttl': { prompt_cache_options: { ttl: '30m' } },
  prompt_cache_retention: { prompt_cache_retention: '24h' },
  metadata: { metadata: { a: 'b' } },
  store: { store: true },
  'truncation (auto)': { truncation: 'auto' },
  'truncation (disabled)': { truncation: 'disabled' },
  context_management: { context_management: [{ type: 'compaction' }] },
  background: { background: true },
  moderation: { moderation: { model: 'omni-moderation-latest' } },
  'any other field, at any depth': { dreams: true },
};
