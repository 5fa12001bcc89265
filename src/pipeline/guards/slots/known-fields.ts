import type { JsonObject } from '../../../core/json.ts';
import { type SlotCollector, isFilled } from './collector.ts';

/**
 * Fields of requests that are read elsewhere, or in which no text of a conversation stands: names of models and tools, ids,
 * settings. A field that is not among them, and says something, is one that guards cannot read.
 */
function fields(names: string): ReadonlySet<string> {
  return new Set(names.trim().split(/\s+/));
}

const OF_CALLERS = `model user metadata safety_identifier prompt_cache_key prompt_cache_retention service_tier stream_options
  cache_control`;

/** @see https://platform.openai.com/docs/api-reference/chat/create, and servers like it (checked 2026-11-22) */
export const CHAT = fields(`${OF_CALLERS} messages tools functions tool_choice function_call response_format prediction
  reasoning_effort reasoning modalities audio logit_bias verbosity stop documents chat_template_kwargs web_search_options
  thinking usage provider models transforms moderation`);

export const MESSAGE =
  fields(`role content name refusal reasoning_content reasoning causeway_reasoning reasoning_details parsed
  annotations audio tool_calls function_call tool_call_id id cache_control`);

/** Those of OpenAI's two APIs. */
export const TOOL =
  fields(`type name description parameters output_schema strict format tools function custom cache_control
  vector_store_ids filters ranking_options user_location search_context_size search_content_types server_label server_url
  server_description headers authorization connector_id allowed_tools require_approval container environment model moderation
  quality size background output_format input_fidelity input_image_mask action execution`);

/** @see https://platform.openai.com/docs/api-reference/responses/create (checked 2026-11-22) */
export const RESPONSES = fields(`${OF_CALLERS} input instructions prompt tools text tool_choice previous_response_id
  conversation include reasoning truncation context_management moderation`);

export const ITEM =
  fields(`type role content id status phase call_id name namespace summary encrypted_content results result
  pending_safety_checks acknowledged_safety_checks container_id environment server_label approval_request_id created_by execution
  caller size quality background output_format output`);

/** @see https://docs.anthropic.com/en/api/messages (checked 2026-11-22) */
export const MESSAGES = fields(`model messages system tools tool_choice metadata stop_sequences thinking output_config
  output_format container mcp_servers betas service_tier context_management speed inference_geo anthropic_version
  anthropic_beta cache_control`);

export const ANTHROPIC_MESSAGE = fields('role content');

export const ANTHROPIC_TOOL = fields(`type name description input_schema input_examples cache_control allowed_callers
  allowed_domains blocked_domains user_location citations model default_config configs mcp_server_name`);

/** @see https://ai.google.dev/api/generate-content (checked 2026-11-22) */
export const GENERATE =
  fields(`model contents systemInstruction tools toolConfig safetySettings generationConfig cachedContent
  generateContentRequest labels serviceTier`);

export const GENERATION = fields(`responseSchema responseJsonSchema responseMimeType responseModalities speechConfig
  thinkingConfig mediaResolution imageConfig stopSequences modelConfig routingConfig`);

export const GEMINI_CONTENT = fields('role parts');

export const GEMINI_PART = fields('thought videoMetadata mediaResolution');

export const GEMINI_TOOL =
  fields(`functionDeclarations googleSearch googleSearchRetrieval codeExecution urlContext computerUse
  googleMaps enterpriseWebSearch retrieval fileSearch`);

export const GEMINI_FUNCTION = fields(`name description parameters parametersJsonSchema response responseJsonSchema
  behavior`);

export const GEMINI_TOOL_CONFIG = fields('functionCallingConfig retrievalConfig');

/** Of OpenAI's operations that are no chat. Forms have numbers and flags as texts. */
export const OTHERS =
  fields(`${OF_CALLERS} prompt suffix stop logit_bias input encoding_format task input_type embedding_type
  embedding_types truncate query documents rank_fields voice instructions response_format stream_format size quality style
  background moderation output_format input_fidelity image image[] mask file language timestamp_granularities
  timestamp_granularities[] include include[] chunking_strategy temperature n stream seed output_compression partial_images`);

/** Notes what an object says in fields that nobody knows. */
export function noteRest(
  into: SlotCollector,
  object: JsonObject,
  known: ReadonlySet<string>,
  named: (name: string) => string = (name) => name,
): void {
  for (const [name, value] of Object.entries(object)) {
    if (known.has(named(name)) || !says(value)) continue;
    into.note('other');
    return;
  }
}

/** Fields of most messages and chats that are read first, or not at all. */
export const PLAIN_MESSAGE = fields('role content');
export const PLAIN_CHAT = fields('messages model user metadata stream_options reasoning_effort service_tier');

/** Fields of chats that are numbers or flags. */
const SCALARS =
  fields(`stream temperature top_p max_tokens max_completion_tokens n seed presence_penalty frequency_penalty
  logprobs top_logprobs store parallel_tool_calls`);

/** Whether an object has surely nothing to be read beside these fields: what most have nothing of need not be looked for. */
export function isPlain(object: JsonObject, plain: ReadonlySet<string>): boolean {
  for (const name in object) {
    if (plain.has(name)) continue;
    const value = object[name];
    if (value === undefined || value === null) continue;
    if ((typeof value !== 'number' && typeof value !== 'boolean') || !SCALARS.has(name)) return false;
  }
  return true;
}

function says(value: JsonObject[string]): boolean {
  return typeof value === 'string' ? value !== '' : isFilled(value);
}

const LONGEST_STOP = 64;

/** Texts at which an answer ends. Long ones are none. */
export function noteStops(into: SlotCollector, stops: JsonObject[string] | undefined): void {
  for (const stop of Array.isArray(stops) ? stops : [stops]) {
    const isShort = typeof stop === 'string' ? stop.length <= LONGEST_STOP : stop === undefined || stop === null;
    if (!isShort) into.note('other');
  }
}

const TOOL_NAME = /^[\p{L}\p{N}_.:/@-]{0,128}$/u;

/** The name of a tool. One that is a text is none. */
export function noteToolName(into: SlotCollector, name: JsonObject[string] | undefined): void {
  if (typeof name === 'string' && !TOOL_NAME.test(name)) into.note('other');
}
