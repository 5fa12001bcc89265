import { UNKNOWN_FIELD } from '../decoding/fields.ts';
import { type FieldRow, approximated, carried, feature, mapped, refused } from '../field-table.ts';
import { LEFT_OUT, REFUSED, UNKNOWN_PART, UNKNOWN_TOOL } from './left-out.ts';

const CONTENT = 'messages[].content';
const ASSISTANT = 'messages[assistant]';

const MESSAGES: readonly FieldRow[] = [
  carried('model', "names the virtual model or the target; the target's own name of it goes upstream"),
  feature('messages[system], messages[developer] at the start', 'system-prompt'),
  feature('messages[system], messages[developer] further on', 'system-mid-conversation'),
  feature('messages[].name', 'participant-name'),
  feature(`${ASSISTANT} as the last`, 'prefill'),
  mapped('messages[tool]', 'one after the other they are one turn of the user'),
  mapped('messages[function]', 'is the result of the last call of that function, under an id that is made for it'),
  feature('messages[].cache_control', 'cache-breakpoint'),
];

const PARTS: readonly FieldRow[] = [
  carried(`${CONTENT}[text]`, 'is text everywhere'),
  feature(`${CONTENT}[image_url].url (data:)`, 'image-data'),
  feature(`${CONTENT}[image_url].url (https:)`, 'image-url'),
  feature(`${CONTENT}[image_url].detail`, 'image-detail'),
  feature(`${CONTENT}[input_audio]`, 'audio-input'),
  feature(`${CONTENT}[file].file_data`, 'document-data'),
  feature(`${CONTENT}[file].file_data (data:text/…)`, 'document-text'),
  feature(`${CONTENT}[file].file_data (https:)`, 'document-url'),
  feature(`${CONTENT}[file].file_id`, 'document-file'),
  feature(`${CONTENT}[file].filename`, 'document-title'),
  feature('messages[tool].content[image_url]', 'tool-result-image'),
  feature('messages[tool].content[file]', 'tool-result-document'),
  feature(`${CONTENT}[].prompt_cache_breakpoint`, 'cache-breakpoint'),
  feature(`${CONTENT}[].cache_control`, 'cache-breakpoint'),
  approximated(`${CONTENT}[input_audio].cache_control`, LEFT_OUT['messages[].content[].input_audio.cache_control']),
  refused(`${CONTENT}[any other part]`, UNKNOWN_PART),
];

const TURNS: readonly FieldRow[] = [
  feature(`${ASSISTANT}.content[refusal]`, 'refusal-history'),
  feature(`${ASSISTANT}.refusal`, 'refusal-history'),
  feature(`${ASSISTANT}.reasoning_content`, 'reasoning-history'),
  feature(`${ASSISTANT}.causeway_reasoning`, 'reasoning-history'),
  feature(`${ASSISTANT}.causeway_reasoning[text].signature`, 'reasoning-signature'),
  feature(`${ASSISTANT}.causeway_reasoning[redacted]`, 'redacted-reasoning'),
  feature(`${ASSISTANT}.tool_calls[function]`, 'tool-call-id'),
  feature(`${ASSISTANT}.tool_calls[function].arguments that are no object`, 'tool-arguments-not-json'),
  refused(`${ASSISTANT}.tool_calls[custom]`, REFUSED['messages[].tool_calls[].custom']),
  mapped(`${ASSISTANT}.function_call`, 'is a tool call, under an id that is made for it'),
  refused(`${ASSISTANT}.audio`, REFUSED['messages[].audio']),
];

const TOOLS: readonly FieldRow[] = [
  feature('tools[function]', 'tools'),
  feature('tools[function] without parameters', 'tool-without-parameters'),
  feature('tools[function].strict', 'strict-tools'),
  feature('tools[].cache_control', 'cache-breakpoint'),
  refused('tools[custom]', REFUSED['tools[].custom']),
  refused('tools[any other type]', UNKNOWN_TOOL),
  feature('tool_choice (auto)', 'tool-choice-auto'),
  feature('tool_choice (none)', 'tool-choice-none'),
  feature('tool_choice (required)', 'tool-choice-required'),
  feature('tool_choice (function)', 'tool-choice-named'),
  feature('tool_choice (allowed_tools)', 'tool-choice-allowed'),
  refused('tool_choice (custom)', REFUSED['tool_choice.custom']),
  feature('parallel_tool_calls', 'parallel-tool-calls'),
  feature('functions', 'tools', 'parallel-tool-calls'),
  feature('function_call (auto)', 'tool-choice-auto'),
  feature('function_call (none)', 'tool-choice-none'),
  feature('function_call (name)', 'tool-choice-named'),
  approximated('function_call without functions', LEFT_OUT.function_call),
  approximated('tool_choice beside functions', LEFT_OUT.tool_choice),
  approximated('parallel_tool_calls beside functions', LEFT_OUT.parallel_tool_calls),
];

const OPTIONS: readonly FieldRow[] = [
  feature('max_completion_tokens', 'max-output-tokens'),
  feature('max_tokens', 'max-output-tokens'),
  approximated('max_tokens beside max_completion_tokens', LEFT_OUT.max_tokens),
  feature('temperature', 'temperature'),
  feature('top_p', 'top-p'),
  feature('top_k', 'top-k'),
  feature('stop', 'stop'),
  feature('seed', 'seed'),
  feature('frequency_penalty', 'frequency-penalty'),
  feature('presence_penalty', 'presence-penalty'),
  feature('logit_bias', 'logit-bias'),
  feature('logprobs', 'logprobs'),
  feature('top_logprobs', 'logprobs'),
  feature('n', 'choices'),
  feature('stream', 'streaming'),
  feature('stream_options.include_usage', 'usage-frame'),
  approximated('stream_options.include_obfuscation', LEFT_OUT['stream_options.include_obfuscation']),
  carried('response_format (text)', 'is what every model does'),
  feature('response_format (json_object)', 'json-object'),
  feature('response_format (json_schema)', 'json-schema'),
  feature('response_format (json_schema) without a schema', 'json-object'),
  feature('reasoning_effort', 'reasoning-effort'),
  feature('reasoning_effort (none)', 'reasoning-off'),
  feature('thinking (enabled) with budget_tokens', 'reasoning-budget'),
  feature('thinking (enabled), thinking (adaptive)', 'reasoning-adaptive'),
  feature('thinking (disabled)', 'reasoning-off'),
  feature('verbosity', 'verbosity'),
  feature('service_tier', 'service-tier'),
  feature('user', 'user'),
  feature('safety_identifier', 'user'),
];

const KEEPING: readonly FieldRow[] = [
  feature('prompt_cache_key', 'prompt-cache-key'),
  feature('prompt_cache_options.mode (implicit)', 'auto-cache'),
  carried('prompt_cache_options.mode (explicit)', 'is what leaving it out means elsewhere'),
  approximated('prompt_cache_options.ttl', LEFT_OUT['prompt_cache_options.ttl']),
  feature('cache_control', 'auto-cache'),
  approximated('prompt_cache_retention', LEFT_OUT.prompt_cache_retention),
  approximated('metadata', LEFT_OUT.metadata),
  approximated('store', LEFT_OUT.store),
  approximated('prediction', LEFT_OUT.prediction),
  carried('modalities (text)', 'is what every model does'),
  refused('modalities (audio)', REFUSED.modalities),
  refused('audio', REFUSED.audio),
  refused('web_search_options', REFUSED.web_search_options),
  refused('moderation', REFUSED.moderation),
  approximated('any other field, at any depth', UNKNOWN_FIELD),
];

/**
 * Every field of `POST /v1/chat/completions`, and what decoding does with it. Roles and types of parts and tools are in
 * brackets.
 */
export const OPENAI_FIELDS: readonly FieldRow[] = [...MESSAGES, ...PARTS, ...TURNS, ...TOOLS, ...OPTIONS, ...KEEPING];
