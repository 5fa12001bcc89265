import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
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

/** What Anthropic says of one of its own tools that the client runs. */
const CLIENT_TOOL = 4096;

/** Fields that are said to the model as they are. */
const STRUCTURES = fields('function_call functions output_config output_format response_format tool_choice');

/** Fields that the model does not see. Any other may mean anything: a search on the web, another template. */
const UNSEEN = fields(
  'audio cache_control enable_thinking frequency_penalty inference_geo logit_bias logprobs',
  'max_completion_tokens max_tokens metadata min_p modalities model n parallel_tool_calls prediction',
  'presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention reasoning reasoning_effort',
  'repetition_penalty safety_identifier seed service_tier speed stop stop_sequences store stream',
  'stream_options temperature thinking thinking_budget top_k top_logprobs top_p user verbosity',
);

/** A chat in the words of OpenAI's chat completions or of Anthropic's messages. */
export function addChat(sum: BoundSum, body: JsonObject, target: BoundTarget, parts: KnownParts): void {
  addFrame(sum, target);
  for (const name of Object.keys(body)) {
    const value = body[name];
    if (isOff(value) || UNSEEN.has(name)) continue;
    if (name === 'messages') parts.add(sum, value, target, addMessages);
    else if (name === 'system') addContent(sum, value, target);
    else if (name === 'tools') parts.add(sum, value, target, addTools);
    else if (STRUCTURES.has(name)) addSchema(sum, value);
    else if (name !== 'context_management' || !onlyClears(value)) sum.unbounded();
  }
}

/** Earlier thinking or results are left out; other edits ask the model to write a summary, which is billed too. */
function onlyClears(management: Json): boolean {
  const edits = isJsonObject(management) ? management['edits'] : undefined;
  return Array.isArray(edits) && edits.every(isClearing);
}

function isClearing(edit: Json): boolean {
  return isJsonObject(edit) && (asString(edit['type'])?.startsWith('clear_') ?? false);
}

function addMessages(sum: BoundSum, messages: Json, target: BoundTarget): void {
  if (!Array.isArray(messages)) return;
  for (const message of messages) {
    sum.add(MESSAGE);
    if (!isJsonObject(message)) continue;
    for (const name of Object.keys(message)) {
      const value = message[name];
      if (value === undefined || value === null || name === 'cache_control') continue;
      if (name === 'content') addContent(sum, value, target);
      else if (typeof value === 'string') sum.add(sum.text(value));
      else if (name === 'tool_calls' || name === 'function_call' || name === 'annotations')
        sum.add(MESSAGE + sum.structure(value));
      // An answer's audio by its id, sealed reasoning, whatever a server calls its own.
      else if (typeof value === 'object') sum.context();
    }
  }
}

function addContent(sum: BoundSum, content: Json, target: BoundTarget): void {
  if (typeof content === 'string') sum.add(sum.text(content));
  else if (Array.isArray(content)) for (const part of content) addPart(sum, part, target);
  else if (isJsonObject(content)) addPart(sum, content, target);
}

function addPart(sum: BoundSum, part: Json, target: BoundTarget): void {
  if (typeof part === 'string') return sum.add(sum.text(part));
  if (!isJsonObject(part)) return;
  sum.add(MESSAGE);
  switch (part['type']) {
    case 'text':
    case 'refusal':
      return addText(sum, part);
    case 'image':
    case 'image_url':
      return addImage(sum, target, hasFileId(part));
    case 'tool_use':
      return sum.add(sum.structure(withoutCache(part)));
    case 'tool_result':
      if (typeof part['tool_use_id'] === 'string') sum.add(sum.text(part['tool_use_id']));
      return addContent(sum, part['content'] ?? '', target);
    case 'document':
      return addDocument(sum, part, target);
    default:
      return sum.context();
  }
}

/** Citations of an earlier answer may be shown again. */
function addText(sum: BoundSum, { text, refusal, citations }: JsonObject): void {
  for (const said of [text, refusal]) if (typeof said === 'string') sum.add(sum.text(said));
  if (typeof citations === 'object' && citations !== null) sum.add(sum.structure(citations));
}

/** A plain text as a document, or parts; a file in any form is bounded by the context alone. */
function addDocument(sum: BoundSum, part: JsonObject, target: BoundTarget): void {
  const source = part['source'];
  if (!isJsonObject(source)) return sum.context();
  for (const name of ['title', 'context'] as const) sum.add(sum.structure(part[name] ?? ''));
  // With citations the text is cut into sentences, each with its number.
  const factor = isJsonObject(part['citations']) ? CITED : 1;
  if (source['type'] === 'text' && typeof source['data'] === 'string') sum.add(factor * sum.text(source['data']));
  else if (source['type'] === 'content') addContent(sum, source['content'] ?? '', target);
  else sum.context();
}

/** A sentence has at least a letter and a full stop, and its mark is not known. */
const CITED = 16;

function hasFileId(part: JsonObject): boolean {
  const source = part['source'];
  return isJsonObject(source) && source['type'] === 'file';
}

/** A `type` with a date is a tool of Anthropic's; these are run by the client, the others by the provider. */
const RUN_BY_CLIENT = /^(bash|computer|memory|text_editor)_\d{8}$/;
const FUNCTIONS: ReadonlySet<unknown> = new Set([undefined, null, 'function', 'custom']);

function addTools(sum: BoundSum, tools: Json): void {
  if (!Array.isArray(tools) || tools.length === 0) return;
  sum.add(TOOLS);
  for (const tool of tools) {
    const type = isJsonObject(tool) ? tool['type'] : undefined;
    if (typeof type === 'string' && RUN_BY_CLIENT.test(type)) sum.add(CLIENT_TOOL);
    else if (!FUNCTIONS.has(type)) return sum.unbounded();
    sum.add(TOOL + sum.structure(isJsonObject(tool) ? withoutCache(tool) : tool));
  }
}
