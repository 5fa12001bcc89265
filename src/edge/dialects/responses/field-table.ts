import { UNKNOWN_FIELD } from '../decoding/fields.ts';
import { type FieldRow, approximated, carried, feature, mapped, refused } from '../field-table.ts';
import { LEFT_OUT as OPENAI_LEFT_OUT } from '../openai/left-out.ts';
import { HOSTED_TOOL, LEFT_OUT, REFUSED, UNKNOWN_ITEM, UNKNOWN_PART } from './left-out.ts';

const CONTENT = 'input[message].content';
const OUTPUT = 'input[function_call_output].output';

/** References are put in before anything is decoded. */
const KEPT = 'which the gateway keeps for its project; an error where it is not kept, is over, or storing is off';

const MESSAGES: readonly FieldRow[] = [
  carried('model', "names the virtual model or the target; the target's own name of it goes upstream"),
  feature('instructions', 'system-prompt'),
  carried('input (text)', 'is a message of the user'),
  feature('input[system], input[developer] at the start', 'system-prompt'),
  feature('input[system], input[developer] further on', 'system-mid-conversation'),
  feature('input[assistant] as the last', 'prefill'),
  approximated('input[assistant].phase', LEFT_OUT['input[].phase']),
  mapped('input[item_reference]', `becomes the item itself, ${KEPT}`),
  refused('input[any other type]', UNKNOWN_ITEM),
  mapped('previous_response_id', `becomes the items of the conversation before, ${KEPT}`),
  refused('conversation', REFUSED.conversation),
  refused('prompt', REFUSED.prompt),
];

const PARTS: readonly FieldRow[] = [
  carried(`${CONTENT}[input_text], ${CONTENT}[output_text]`, 'is text everywhere'),
  feature(`${CONTENT}[input_image].image_url (data:)`, 'image-data'),
  feature(`${CONTENT}[input_image].image_url (https:)`, 'image-url'),
  feature(`${CONTENT}[input_image].file_id`, 'image-file'),
  feature(`${CONTENT}[input_image].detail`, 'image-detail'),
  feature(`${CONTENT}[input_file].file_data`, 'document-data'),
  feature(`${CONTENT}[input_file].file_data (data:text/…)`, 'document-text'),
  feature(`${CONTENT}[input_file].file_url`, 'document-url'),
  feature(`${CONTENT}[input_file].file_id`, 'document-file'),
  feature(`${CONTENT}[input_file].filename`, 'document-title'),
  approximated(`${CONTENT}[input_file].detail`, LEFT_OUT['input[].content[].input_file.detail']),
  feature(`${CONTENT}[input_audio]`, 'audio-input'),
  feature(`${CONTENT}[refusal]`, 'refusal-history'),
  feature(`${CONTENT}[].prompt_cache_breakpoint`, 'cache-breakpoint'),
  refused(`${CONTENT}[any other part]`, UNKNOWN_PART),
];

const TURNS: readonly FieldRow[] = [
  feature('input[function_call]', 'tool-call-id'),
  feature('input[function_call].arguments that are no object', 'tool-arguments-not-json'),
  approximated('input[function_call].namespace', LEFT_OUT['input[].namespace']),
  approximated('input[function_call].caller', LEFT_OUT['input[].caller']),
  mapped('input[function_call_output]', 'one after the other they are one turn of the user'),
  feature(`${OUTPUT}[input_image]`, 'tool-result-image'),
  feature(`${OUTPUT}[input_file]`, 'tool-result-document'),
  feature('input[reasoning]', 'reasoning-history'),
  feature('input[reasoning].encrypted_content of a translated answer', 'reasoning-signature'),
  feature('input[reasoning].encrypted_content of a relayed answer', 'reasoning-history'),
];

const TOOLS: readonly FieldRow[] = [
  feature('tools[function]', 'tools'),
  feature('tools[function] without parameters', 'tool-without-parameters'),
  feature('tools[function].strict', 'strict-tools'),
  approximated('tools[function].output_schema', LEFT_OUT['tools[].output_schema']),
  approximated('tools[function].defer_loading', LEFT_OUT['tools[].defer_loading']),
  approximated('tools[function].allowed_callers', LEFT_OUT['tools[].allowed_callers']),
  refused('tools[custom]', REFUSED['tools[custom]']),
  refused('tools[any other type]', HOSTED_TOOL),
  feature('tool_choice (auto)', 'tool-choice-auto'),
  feature('tool_choice (none)', 'tool-choice-none'),
  feature('tool_choice (required)', 'tool-choice-required'),
  feature('tool_choice (function)', 'tool-choice-named'),
  feature('tool_choice (allowed_tools)', 'tool-choice-allowed'),
  refused('tool_choice (custom)', REFUSED['tool_choice[custom]']),
  refused('tool_choice (any other type)', HOSTED_TOOL),
  feature('parallel_tool_calls', 'parallel-tool-calls'),
  carried('max_tool_calls', 'limits tools that only OpenAI serves, of which there are none'),
];

const OPTIONS: readonly FieldRow[] = [
  feature('max_output_tokens', 'max-output-tokens'),
  feature('temperature', 'temperature'),
  feature('top_p', 'top-p'),
  refused('top_logprobs', REFUSED.logprobs),
  refused('include[message.output_text.logprobs]', REFUSED.logprobs),
  carried('include[reasoning.encrypted_content]', 'is always in the answer'),
  carried('include[of other tools and inputs]', 'asks for what no translated answer has'),
  approximated('include[any other]', LEFT_OUT['include[]']),
  feature('stream', 'streaming', 'usage-frame'),
  approximated('stream_options.include_obfuscation', LEFT_OUT['stream_options.include_obfuscation']),
  carried('text.format (text)', 'is what every model does'),
  feature('text.format (json_object)', 'json-object'),
  feature('text.format (json_schema)', 'json-schema'),
  feature('text.verbosity', 'verbosity'),
  feature('reasoning.effort', 'reasoning-effort'),
  feature('reasoning.effort (none)', 'reasoning-off'),
  feature('reasoning.summary', 'reasoning-display'),
  feature('reasoning.generate_summary', 'reasoning-display'),
  approximated('reasoning.mode', LEFT_OUT['reasoning.mode']),
  approximated('reasoning.context', LEFT_OUT['reasoning.context']),
  feature('service_tier', 'service-tier'),
  feature('user', 'user'),
  feature('safety_identifier', 'user'),
];

const KEEPING: readonly FieldRow[] = [
  feature('prompt_cache_key', 'prompt-cache-key'),
  feature('prompt_cache_options.mode (implicit)', 'auto-cache'),
  carried('prompt_cache_options.mode (explicit)', 'is what leaving it out means elsewhere'),
  approximated('prompt_cache_options.ttl', OPENAI_LEFT_OUT['prompt_cache_options.ttl']),
  approximated('prompt_cache_retention', OPENAI_LEFT_OUT.prompt_cache_retention),
  carried('metadata', 'is kept with the trace, and stands in the answer'),
  carried('store', 'is for the gateway itself, which keeps the answer where it is set up to'),
  approximated('truncation (auto)', LEFT_OUT.truncation),
  carried('truncation (disabled)', 'is what happens everywhere'),
  approximated('context_management', LEFT_OUT.context_management),
  refused('background', REFUSED.background),
  refused('moderation', REFUSED.moderation),
  approximated('any other field, at any depth', UNKNOWN_FIELD),
];

/**
 * Every field of `POST /v1/responses`, and what decoding does with it. Types of items, parts and tools, and roles, are
 * in brackets.
 */
export const RESPONSES_FIELDS: readonly FieldRow[] = [
  ...MESSAGES,
  ...PARTS,
  ...TURNS,
  ...TOOLS,
  ...OPTIONS,
  ...KEEPING,
];
