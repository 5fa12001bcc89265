import { UNKNOWN_FIELD } from '../decoding/fields.ts';
import { type FieldRow, approximated, carried, feature, mapped, refused } from '../field-table.ts';
import { LOSSES } from './losses.ts';

const BLOCK = 'messages[].content';

const MESSAGES: readonly FieldRow[] = [
  carried('model', "names the virtual model or the target; the target's own name of it goes upstream"),
  feature('system', 'system-prompt'),
  feature('system[].cache_control', 'cache-breakpoint'),
  feature('messages[role=system]', 'system-mid-conversation'),
  feature('messages[role=assistant] as the last', 'prefill'),
  carried(`${BLOCK}[text]`, 'is text everywhere'),
  approximated(`${BLOCK}[text].citations`, LOSSES.citations),
  feature(`${BLOCK}[].cache_control`, 'cache-breakpoint'),
];

const MEDIA: readonly FieldRow[] = [
  feature(`${BLOCK}[image].source (base64)`, 'image-data'),
  feature(`${BLOCK}[image].source (url)`, 'image-url'),
  feature(`${BLOCK}[image].source (file)`, 'image-file'),
  feature(`${BLOCK}[document].source (base64)`, 'document-data'),
  feature(`${BLOCK}[document].source (url)`, 'document-url'),
  feature(`${BLOCK}[document].source (file)`, 'document-file'),
  feature(`${BLOCK}[document].source (text)`, 'document-text'),
  approximated(`${BLOCK}[document].source (content)`, LOSSES.documentBlocks),
  approximated(`${BLOCK}[document].source.content[].cache_control`, LOSSES.innerCache),
  feature(`${BLOCK}[document].title`, 'document-title'),
  feature(`${BLOCK}[document].context`, 'document-context'),
  feature(`${BLOCK}[document].citations`, 'document-citations'),
  approximated(`${BLOCK}[search_result]`, LOSSES.searchResult),
];

const TURNS: readonly FieldRow[] = [
  feature(`${BLOCK}[tool_use]`, 'tool-call-id'),
  approximated(`${BLOCK}[tool_use].caller`, LOSSES.caller),
  mapped(`${BLOCK}[tool_result]`, 'stands before all else in its message, and joins the user message before it'),
  feature(`${BLOCK}[tool_result].content[image]`, 'tool-result-image'),
  feature(`${BLOCK}[tool_result].content[document]`, 'tool-result-document'),
  approximated(`${BLOCK}[tool_result].content[search_result]`, LOSSES.searchResult),
  approximated(`${BLOCK}[tool_result].content[tool_reference]`, LOSSES.serverTool),
  feature(`${BLOCK}[tool_result].is_error`, 'tool-result-error'),
  feature(`${BLOCK}[thinking]`, 'reasoning-history'),
  feature(`${BLOCK}[thinking].signature`, 'reasoning-signature'),
  feature(`${BLOCK}[redacted_thinking]`, 'redacted-reasoning'),
];

/** Blocks of what ran at Anthropic in an earlier turn. */
const SERVER_BLOCKS: readonly FieldRow[] = [
  approximated(`${BLOCK}[server_tool_use]`, LOSSES.serverTool),
  approximated(`${BLOCK}[web_search_tool_result]`, LOSSES.serverTool),
  approximated(`${BLOCK}[web_fetch_tool_result]`, LOSSES.serverTool),
  approximated(`${BLOCK}[code_execution_tool_result]`, LOSSES.serverTool),
  approximated(`${BLOCK}[bash_code_execution_tool_result]`, LOSSES.serverTool),
  approximated(`${BLOCK}[text_editor_code_execution_tool_result]`, LOSSES.serverTool),
  approximated(`${BLOCK}[tool_search_tool_result]`, LOSSES.serverTool),
  approximated(`${BLOCK}[mcp_tool_use]`, LOSSES.serverTool),
  approximated(`${BLOCK}[mcp_tool_result]`, LOSSES.serverTool),
  approximated(`${BLOCK}[advisor_tool_result]`, LOSSES.serverTool),
  approximated(`${BLOCK}[compaction]`, LOSSES.summary),
  approximated(`${BLOCK}[fallback]`, LOSSES.hop),
  refused(`${BLOCK}[container_upload]`, LOSSES.upload),
  refused(`${BLOCK}[any other block]`, LOSSES.unknownBlock),
];

const TOOLS: readonly FieldRow[] = [
  feature('tools[custom]', 'tools'),
  feature('tools[custom].strict', 'strict-tools'),
  feature('tools[custom].cache_control', 'cache-breakpoint'),
  approximated('tools[custom].input_examples', LOSSES.examples),
  approximated('tools[custom].defer_loading', LOSSES.deferred),
  approximated('tools[custom].allowed_callers', LOSSES.callers),
  approximated('tools[custom].eager_input_streaming', LOSSES.eager),
  refused('tools[any other type]', LOSSES.builtInTool),
  feature('tool_choice (auto)', 'tool-choice-auto'),
  feature('tool_choice (any)', 'tool-choice-required'),
  feature('tool_choice (tool)', 'tool-choice-named'),
  feature('tool_choice (none)', 'tool-choice-none'),
  feature('tool_choice.disable_parallel_tool_use', 'parallel-tool-calls'),
];

const OPTIONS: readonly FieldRow[] = [
  feature('max_tokens', 'max-output-tokens'),
  feature('temperature', 'temperature'),
  feature('top_p', 'top-p'),
  feature('top_k', 'top-k'),
  feature('stop_sequences', 'stop'),
  feature('stream', 'streaming', 'usage-frame'),
  feature('thinking (enabled)', 'reasoning-budget'),
  feature('thinking (adaptive)', 'reasoning-adaptive'),
  feature('thinking (disabled)', 'reasoning-off'),
  approximated('thinking (between_tools)', LOSSES.betweenTools),
  feature('thinking.display', 'reasoning-display'),
  feature('output_config.effort', 'reasoning-effort'),
  feature('output_config.format', 'json-schema'),
  approximated('output_config.task_budget', LOSSES.taskBudget),
  feature('output_format', 'json-schema'),
  feature('metadata.user_id', 'user'),
  feature('service_tier', 'service-tier'),
  feature('cache_control', 'auto-cache'),
  approximated('context_management', LOSSES.contextEdits),
  approximated('speed (fast)', LOSSES.fast),
  approximated('user_profile_id', LOSSES.profile),
  approximated('diagnostics', LOSSES.diagnostics),
  approximated('fallbacks', LOSSES.fallbacks),
  approximated('fallback_credit_token', LOSSES.fallbackCredit),
  refused('inference_geo', LOSSES.residence),
  refused('container', LOSSES.container),
  refused('mcp_servers', LOSSES.mcpServers),
  refused('thread', LOSSES.thread),
  refused('compaction', LOSSES.compaction),
  refused('billing_policy', LOSSES.billing),
  approximated('any other field, at any depth', UNKNOWN_FIELD),
];

/** Every field of `POST /v1/messages`, and what decoding does with it. Types of blocks and tools are in brackets. */
export const ANTHROPIC_FIELDS: readonly FieldRow[] = [
  ...MESSAGES,
  ...MEDIA,
  ...TURNS,
  ...SERVER_BLOCKS,
  ...TOOLS,
  ...OPTIONS,
];
