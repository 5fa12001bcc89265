import type { Operation } from '../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import { BoundSum } from './bound-sum.ts';
import { imageUpperBound } from './image-tokens.ts';

/** Whom the request goes to. */
export interface BoundTarget {
  /** The provider's preset, or its type. */
  readonly family: string;
  readonly model: string;
  readonly capabilities: Capabilities | undefined;
}

/**
 * A number of input tokens that the request cannot exceed at this target; undefined where there is none.
 * It reads the client's own body, of either dialect, so it holds for what is relayed unread as well.
 *
 * The argument, step by step:
 *
 * 1. Text. Tokenizers of language models work on bytes or fall back to them, so a token stands for at least one byte of
 *    UTF-8: a text has no more tokens than bytes. Some first rewrite it in one of Unicode's composed forms (Qwen3's in
 *    NFC), which can make it longer, so the longest of the forms counts; OpenAI's do not (tiktoken has no such step).
 * 2. Templates. Around each message stand a few special tokens and its role, around all of them what a template says by
 *    itself. `MESSAGE` and `PROMPT` are several times what the templates of known models add.
 * 3. Structures: tools, their calls, schemas. How they are written before the model is seldom known: as TypeScript, JSON
 *    indented or not, XML. Twice the bytes of JSON with an indentation of four and every other letter as `\uXXXX` is more
 *    than any of them. Anthropic documents at most 804 tokens for its own words about tools; `TOOLS` is above that.
 *    https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing (checked 2026-11-21)
 * 4. Images cost what the provider documents as the most for one; where nothing is documented, see 5.
 * 5. PDF files, audio, files by id, sealed reasoning: their bytes do not bound their tokens (a compressed page can be a
 *    thousand times its size, a reference points to anything). But a prompt is never longer than the model's context.
 * 6. Tools that the provider runs itself put their results before the model and ask it again, any number of times, so not
 *    even the context bounds the sum: there is no bound. So it is with every field whose meaning is not known here.
 * 7. A prompt over the context is refused, so the context, where known, bounds everything that is one prompt.
 */
export function inputUpperBound(body: JsonObject, operation: Operation, target: BoundTarget): number | undefined {
  const sum = new BoundSum(target.family === 'openai');
  // Several texts are several prompts, so no context bounds them together.
  if (operation === 'embeddings') return embeddingInput(sum, body['input']);
  addChat(sum, body, target);
  return sum.within(target.capabilities?.contextTokens);
}

/** Tokens around a message: its role, what separates it, the name of who speaks. */
const MESSAGE = 32;
/** Tokens around the prompt: what the template or the provider says of itself, the date, the beginning of the answer. */
const PROMPT = 1024;
const TOOLS = 1024;
/** Around one tool. */
const TOOL = 64;
/** Around one image. */
const IMAGE = 16;

/** What Anthropic says of one of its own tools that the client runs. */
const CLIENT_TOOL = 4096;

/** Fields that are said to the model as they are. */
const STRUCTURES: ReadonlySet<string> = new Set([
  'function_call',
  'functions',
  'output_config',
  'output_format',
  'response_format',
  'tool_choice',
]);

/** Fields that the model does not see. Any other may mean anything: a search on the web, another template. */
const UNSEEN: ReadonlySet<string> = new Set(
  [
    'audio cache_control enable_thinking frequency_penalty inference_geo logit_bias logprobs',
    'max_completion_tokens max_tokens metadata min_p modalities model n parallel_tool_calls prediction',
    'presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention reasoning reasoning_effort',
    'repetition_penalty safety_identifier seed service_tier speed stop stop_sequences store stream',
    'stream_options temperature thinking thinking_budget top_k top_logprobs top_p user verbosity',
  ].flatMap((names) => names.split(' ')),
);

/** Models that search, or ask themselves again, without being told to. */
const SELF_DRIVEN = /^sonar|compound|multi-agent|deep-research|search-preview|search-api/;

function addChat(sum: BoundSum, body: JsonObject, target: BoundTarget): void {
  sum.add(PROMPT);
  if (SELF_DRIVEN.test(target.model)) sum.unbounded();
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined || value === null || value === false || UNSEEN.has(name)) continue;
    if (name === 'messages') addMessages(sum, value, target);
    else if (name === 'system') addContent(sum, value, target);
    else if (name === 'tools') addTools(sum, value);
    else if (STRUCTURES.has(name)) sum.add(TOOLS + sum.structure(value));
    else sum.unbounded();
  }
}

function addMessages(sum: BoundSum, messages: Json, target: BoundTarget): void {
  if (!Array.isArray(messages)) return;
  for (const message of messages) {
    sum.add(MESSAGE);
    if (!isJsonObject(message)) continue;
    for (const [name, value] of Object.entries(message)) {
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
    case 'image_url': {
      const most = imageUpperBound(target.family, target.model);
      return most === undefined || hasFileId(part) ? sum.context() : sum.add(most + IMAGE);
    }
    case 'tool_use':
      return sum.add(sum.structure(withoutCache(part)));
    case 'tool_result':
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

function withoutCache(part: JsonObject): JsonObject {
  return 'cache_control' in part ? { ...part, cache_control: undefined } : part;
}

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

/** A text, several, or tokens that the client has counted itself. */
function embeddingInput(sum: BoundSum, input: Json | undefined): number {
  if (typeof input === 'string') return MESSAGE + sum.text(input);
  if (!Array.isArray(input)) return 0;
  let tokens = 0;
  for (const one of input) tokens += typeof one === 'number' ? 1 : embeddingInput(sum, one);
  return tokens;
}
