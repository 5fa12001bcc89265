import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import {
  type BoundTarget,
  MESSAGE,
  TOOL,
  TOOLS,
  addFrame,
  addImage,
  addSchema,
  fields,
  isOff,
  withoutCache,
} from './bound-margins.ts';
import type { BoundSum } from './bound-sum.ts';
import type { KnownParts } from './known-parts.ts';

/** Fields that the model does not see. */
const UNSEEN = fields(
  'include max_output_tokens max_tool_calls metadata model parallel_tool_calls prompt_cache_key',
  'prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream',
  'stream_options temperature top_logprobs top_p truncation user',
);

/**
 * What the provider keeps, and puts before the input: nobody here knows how long it is. The tools of an earlier response
 * do not come with it. Of an answer in the background nobody hears how it came about.
 * @see https://platform.openai.com/docs/guides/conversation-state (checked 2026-11-21)
 */
const KEPT = fields('background conversation previous_response_id');

/** A request for a response. A prompt that the provider keeps (`prompt`) may have tools of its provider in it. */
export function addResponse(sum: BoundSum, body: JsonObject, target: BoundTarget, parts: KnownParts): void {
  addFrame(sum, target);
  for (const [name, value] of Object.entries(body)) {
    if (isOff(value) || UNSEEN.has(name)) continue;
    if (name === 'input' || name === 'instructions') parts.add(sum, value, target, addInput);
    else if (name === 'tools') parts.add(sum, value, target, addTools);
    else if (name === 'text' || name === 'tool_choice') addSchema(sum, value);
    else if (KEPT.has(name)) sum.context();
    else sum.unbounded();
  }
}

function addInput(sum: BoundSum, input: Json, target: BoundTarget): void {
  if (typeof input === 'string') sum.add(MESSAGE + sum.text(input));
  else if (Array.isArray(input)) for (const item of input) addItem(sum, item, target);
  else sum.unbounded();
}

function addItem(sum: BoundSum, item: Json, target: BoundTarget): void {
  if (!isJsonObject(item)) return sum.context();
  sum.add(MESSAGE);
  switch (item['type'] ?? (item['role'] === undefined ? undefined : 'message')) {
    case 'message':
      return addMessage(sum, item, target);
    case 'function_call':
    case 'custom_tool_call':
      return sum.add(sum.structure(item));
    case 'function_call_output':
    case 'custom_tool_call_output':
      return addResult(sum, item, target);
    // References, sealed reasoning, what the provider's own tools did and found.
    default:
      return sum.context();
  }
}

function addMessage(sum: BoundSum, message: JsonObject, target: BoundTarget): void {
  for (const [name, value] of Object.entries(message)) {
    if (isOff(value) || name === 'id' || name === 'status' || name === 'type') continue;
    if (name === 'content') addContent(sum, value, target);
    else if (typeof value === 'string') sum.add(sum.text(value));
    else sum.context();
  }
}

function addResult(sum: BoundSum, { output, ...item }: JsonObject, target: BoundTarget): void {
  sum.add(sum.structure(item));
  addContent(sum, output, target);
}

function addContent(sum: BoundSum, content: Json | undefined, target: BoundTarget): void {
  if (typeof content === 'string') sum.add(sum.text(content));
  else if (Array.isArray(content)) for (const part of content) addPart(sum, part, target);
  else if (content !== undefined && content !== null) sum.context();
}

function addPart(sum: BoundSum, part: Json, target: BoundTarget): void {
  if (!isJsonObject(part)) return sum.context();
  sum.add(MESSAGE);
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'refusal':
    case 'text':
      for (const said of [part['text'], part['refusal']]) if (typeof said === 'string') sum.add(sum.text(said));
      if (Array.isArray(part['annotations'])) sum.add(sum.structure(part['annotations']));
      return;
    case 'input_image':
      return addImage(sum, target, !isOff(part['file_id']));
    default:
      return sum.context();
  }
}

/** Run by the client, under a description that OpenAI does not show. */
const RUN_BY_CLIENT = fields('apply_patch computer computer_use_preview local_shell');

function addTools(sum: BoundSum, tools: Json): void {
  if (!Array.isArray(tools) || tools.length === 0) return;
  sum.add(TOOLS);
  for (const tool of tools) {
    const type = isJsonObject(tool) ? tool['type'] : undefined;
    if (typeof type === 'string' && RUN_BY_CLIENT.has(type)) sum.context();
    else if (type !== 'function' && type !== 'custom') return sum.unbounded();
    sum.add(TOOL + sum.structure(isJsonObject(tool) ? withoutCache(tool) : tool));
  }
}
