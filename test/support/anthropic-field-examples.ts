import type { Json, JsonObject } from '../../src/core/json.ts';

/** The least that is a request. */
export const ANTHROPIC_BASE: JsonObject = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const TOOL: JsonObject = { name: 'f', description: 'd', input_schema: { type: 'object' } };
const CACHE: JsonObject = { type: 'ephemeral' };
const TEXT: JsonObject = { type: 'text', text: 'a' };
const TOOL_USE: JsonObject = { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } };
const SEARCH_RESULT: JsonObject = { type: 'search_result', title: 't', source: 's', content: [TEXT] };

function says(...content: Json[]): JsonObject {
  return { messages: [{ role: 'user', content }] };
}

function said(...content: Json[]): JsonObject {
  return {
    messages: [
      ...(ANTHROPIC_BASE['messages'] as Json[]),
      { role: 'assistant', content },
      { role: 'user', content: 'go' },
    ],
  };
}

function image(source: JsonObject): JsonObject {
  return says({ type: 'image', source });
}

function document(source: JsonObject, more: JsonObject = {}): JsonObject {
  return says({ type: 'document', source, ...more });
}

function result(...content: Json[]): JsonObject {
  return says({ type: 'tool_result', tool_use_id: 't1', content });
}

function serverResult(type: string, content: Json): JsonObject {
  return said({ type, tool_use_id: 'srvtoolu_1', content });
}

function tool(more: JsonObject): JsonObject {
  return { tools: [{ ...TOOL, ...more }] };
}

const PDF: JsonObject = { type: 'base64', media_type: 'application/pdf', data: 'AA==' };
const BLOCKS: JsonObject = { type: 'content', content: [TEXT] };
const CODE_RESULT: JsonObject = { type: 'code_execution_result', stdout: '1', stderr: '', return_code: 0, content: [] };

/** By the field's name in the dialect's table: what makes of {@link ANTHROPIC_BASE} a body that uses it and nothing else that a row speaks of. */
export const ANTHROPIC_EXAMPLES: Readonly<Record<string, JsonObject>> = {
  model: {},
  system: { system: 'be brief' },
  'system[].cache_control': { system: [{ ...TEXT, cache_control: CACHE }] },
  'messages[role=system]': {
    messages: [...(ANTHROPIC_BASE['messages'] as Json[]), { role: 'system', content: 'now brief' }],
  },
  'messages[role=assistant] as the last': { messages: [{ role: 'assistant', content: '{' }] },
  'messages[].content[text]': says(TEXT),
  'messages[].content[text].citations': said({ ...TEXT, citations: [{ type: 'char_location' }] }),
  'messages[].content[].cache_control': says({ ...TEXT, cache_control: CACHE }),
  'messages[].content[image].source (base64)': image({ type: 'base64', media_type: 'image/png', data: 'AA==' }),
  'messages[].content[image].source (url)': image({ type: 'url', url: 'https://example.com/a.png' }),
  'messages[].content[image].source (file)': image({ type: 'file', file_id: 'file_1' }),
  'messages[].content[document].source (base64)': document(PDF),
  'messages[].content[document].source (url)': document({ type: 'url', url: 'https://example.com/a.pdf' }),
  'messages[].content[document].source (file)': document({ type: 'file', file_id: 'file_1' }),
  'messages[].content[document].source (text)': document({ type: 'text', media_type: 'text/plain', data: 'a' }),
  'messages[].content[document].source (content)': document(BLOCKS),
  'messages[].content[document].source.content[].cache_control': document({
    type: 'content',
    content: [{ ...TEXT, cache_control: CACHE }],
  }),
  'messages[].content[document].title': document(PDF, { title: 't' }),
  'messages[].content[document].context': document(PDF, { context: 'c' }),
  'messages[].content[document].citations': document(PDF, { citations: { enabled: true } }),
  'messages[].content[search_result]': says(SEARCH_RESULT),
  'messages[].content[tool_use]': said(TOOL_USE),
  'messages[].content[tool_use].caller': said({
    ...TOOL_USE,
    caller: { type: 'code_execution_20250825', tool_id: 's' },
  }),
  'messages[].content[tool_result]': result(TEXT),
  'messages[].content[tool_result].content[image]': result({ type: 'image', source: { type: 'url', url: 'u' } }),
  'messages[].content[tool_result].content[document]': result({ type: 'document', source: PDF }),
  'messages[].content[tool_result].content[search_result]': result(SEARCH_RESULT),
  'messages[].content[tool_result].content[tool_reference]': result({ type: 'tool_reference', tool_name: 'f' }),
  'messages[].content[tool_result].is_error': says({ type: 'tool_result', tool_use_id: 't1', is_error: true }),
  'messages[].content[thinking]': said({ type: 'thinking', thinking: 'hm', signature: '' }, TEXT),
  'messages[].content[thinking].signature': said({ type: 'thinking', thinking: 'hm', signature: 'sig' }, TEXT),
  'messages[].content[redacted_thinking]': said({ type: 'redacted_thinking', data: 'x' }, TEXT),
  'messages[].content[server_tool_use]': said({ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
  'messages[].content[web_search_tool_result]': serverResult('web_search_tool_result', [
    { type: 'web_search_result', title: 't', url: 'u', encrypted_content: 'x' },
  ]),
  'messages[].content[web_fetch_tool_result]': serverResult('web_fetch_tool_result', {
    type: 'web_fetch_result',
    url: 'u',
    content: { type: 'document', source: PDF },
  }),
  'messages[].content[code_execution_tool_result]': serverResult('code_execution_tool_result', CODE_RESULT),
  'messages[].content[bash_code_execution_tool_result]': serverResult('bash_code_execution_tool_result', CODE_RESULT),
  'messages[].content[text_editor_code_execution_tool_result]': serverResult('text_editor_code_execution_tool_result', {
    type: 'text_editor_code_execution_create_result',
    is_file_update: false,
  }),
  'messages[].content[tool_search_tool_result]': serverResult('tool_search_tool_result', {
    type: 'tool_search_tool_search_result',
    tool_references: [],
  }),
  'messages[].content[mcp_tool_use]': said({ type: 'mcp_tool_use', id: 'm', name: 'f', server_name: 's', input: {} }),
  'messages[].content[mcp_tool_result]': said({ type: 'mcp_tool_result', tool_use_id: 'm', content: 'a' }),
  'messages[].content[advisor_tool_result]': serverResult('advisor_tool_result', { type: 'advisor_result', text: 'a' }),
  'messages[].content[compaction]': said({ type: 'compaction', content: 'so far' }),
  'messages[].content[fallback]': said({ type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }, TEXT),
  'messages[].content[container_upload]': says({ type: 'container_upload', file_id: 'file_1' }),
  'messages[].content[any other block]': says({ type: 'hologram' }),
  'tools[custom]': tool({}),
  'tools[custom].strict': tool({ type: 'custom', strict: true }),
  'tools[custom].cache_control': tool({ cache_control: { type: 'ephemeral', ttl: '1h' } }),
  'tools[custom].input_examples': tool({ input_examples: [{ a: 1 }] }),
  'tools[custom].defer_loading': tool({ defer_loading: true }),
  'tools[custom].allowed_callers': tool({ allowed_callers: ['direct', 'code_execution_20260120'] }),
  'tools[custom].eager_input_streaming': tool({ eager_input_streaming: true }),
  'tools[any other type]': { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
  'tool_choice (auto)': { tool_choice: { type: 'auto' } },
  'tool_choice (any)': { tool_choice: { type: 'any' } },
  'tool_choice (tool)': { tool_choice: { type: 'tool', name: 'f' } },
  'tool_choice (none)': { tool_choice: { type: 'none' } },
  'tool_choice.disable_parallel_tool_use': { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
  max_tokens: { max_tokens: 5 },
  temperature: { temperature: 0.5 },
  top_p: { top_p: 0.5 },
  top_k: { top_k: 5 },
  stop_sequences: { stop_sequences: ['.'] },
  stream: { stream: true },
  'thinking (enabled)': { thinking: { type: 'enabled', budget_tokens: 1024 } },
  'thinking (adaptive)': { thinking: { type: 'adaptive' } },
  'thinking (disabled)': { thinking: { type: 'disabled' } },
  'thinking (between_tools)': { thinking: { type: 'between_tools' } },
  'thinking.display': { thinking: { type: 'adaptive', display: 'omitted' } },
  'output_config.effort': { output_config: { effort: 'xhigh' } },
  'output_config.format': { output_config: { format: { type: 'json_schema', schema: {} } } },
  'output_config.task_budget': { output_config: { task_budget: { type: 'tokens', total: 2048 } } },
  output_format: { output_format: { type: 'json_schema', schema: {} } },
  'metadata.user_id': { metadata: { user_id: 'u' } },
  service_tier: { service_tier: 'standard_only' },
  cache_control: { cache_control: CACHE },
  context_management: { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
  'speed (fast)': { speed: 'fast' },
  user_profile_id: { user_profile_id: 'p' },
  diagnostics: { diagnostics: { previous_message_id: 'msg_1' } },
  fallbacks: { fallbacks: 'default' },
  fallback_credit_token: { fallback_credit_token: 'x' },
  inference_geo: { inference_geo: 'us' },
  container: { container: 'c' },
  mcp_servers: { mcp_servers: [{ type: 'url', name: 'm', url: 'u' }] },
  thread: { thread: { type: 'create' } },
  compaction: { compaction: { type: 'summarize' } },
  billing_policy: { billing_policy: { type: 'billing_policy', bill_to: 'user_profile' } },
  'any other field, at any depth': { metadata: { shoe_size: 42 } },
};
