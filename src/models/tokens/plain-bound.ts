import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import { type BoundTarget, MESSAGE, fields, isOff, objectsIn } from './bound-margins.ts';
import { BoundSum } from './bound-sum.ts';

/** Fields of requests without a conversation that no model sees. */
const UNSEEN = fields(
  'autoTruncate background best_of dimensions echo embedContentConfig embed_content_config embedding_type',
  'encoding_format frequency_penalty input_type late_chunking logit_bias logprobs max_completion_tokens max_tokens',
  'metadata min_tokens moderation model n normalized output_compression output_dimension output_dimensionality',
  'output_dtype output_format outputDimensionality partial_images presence_penalty priority quality random_seed',
  'response_format safety_identifier seed size speed stop stream stream_format stream_options style task taskType',
  'task_type temperature top_p truncate truncation user voice',
);

/** Legacy completions: a text, several, or tokens that the client has counted itself, with what follows each. */
export function addCompletion(sum: BoundSum, { prompt, suffix, ...options }: JsonObject): void {
  const prompts = Math.max(1, isOff(prompt) ? 0 : addTexts(sum, prompt));
  if (typeof suffix === 'string') sum.add(prompts * (MESSAGE + sum.text(suffix)));
  else if (!isOff(suffix)) sum.unbounded();
  sum.prompts = prompts;
  requireKnown(sum, options, NONE);
}

/** Texts to embed, in the words of OpenAI (`input`), or of Google (`content`, `requests`). */
export function addEmbeddings(sum: BoundSum, { input, content, requests, title, ...options }: JsonObject): void {
  let prompts = isOff(input) ? 0 : addTexts(sum, input);
  for (const one of [{ content, title }, ...objectsIn(requests)]) prompts += addContent(sum, one);
  sum.prompts = Math.max(1, prompts);
  requireKnown(sum, options, NONE);
}

const RANK_OPTIONS = fields('max_chunks_per_doc max_tokens_per_doc rank_fields return_documents top_n top_k');

/** Families that cut what is too long, or refuse it; others make several pieces of a document. */
const WHOLE_DOCUMENTS = fields('ray-serve sglang tei vllm voyage');

/**
 * A query and documents. Each document goes before the model with the query. Where a long one is cut into several, the
 * query goes along with each, so that no context bounds it.
 */
export function addRanking(sum: BoundSum, body: JsonObject, { family }: BoundTarget): void {
  const { query, documents, ...options } = body;
  const all = Array.isArray(documents) ? documents : [];
  const asked = MESSAGE + (typeof query === 'string' ? sum.text(query) : 0);
  let pieces = 0;
  for (const document of all) {
    pieces += WHOLE_DOCUMENTS.has(family) ? 1 : piecesOf(sum, document, asked);
    sum.add(tokensOf(sum, document));
    if (isJsonObject(document) && isPicture(document)) sum.unbounded();
  }
  sum.add(pieces * asked);
  sum.prompts = Infinity;
  requireKnown(sum, options, RANK_OPTIONS);
}

/** As many tokens as the smallest window has that a reranker is documented to bill by. */
const SMALLEST_WINDOW = 500;

/** How many pieces of a document there may be that each go with the query. */
function piecesOf(sum: BoundSum, document: Json, asked: number): number {
  const tokens = tokensOf(sum, document);
  if (tokens + asked <= SMALLEST_WINDOW) return 1;
  return Math.ceil(tokens / Math.max(1, SMALLEST_WINDOW - asked));
}

function tokensOf(sum: BoundSum, document: Json): number {
  return typeof document === 'string' ? sum.text(document) : sum.structure(document);
}

const DOCUMENTS_PER_UNIT = 100;

/**
 * Search units: a query with up to 100 documents, where pieces of a long one count as documents.
 * @see https://docs.cohere.com/v2/docs/how-does-cohere-pricing-work (checked 2026-11-21)
 */
export function searchUnitsOf({ query, documents }: JsonObject): number | undefined {
  if (typeof query !== 'string' || !Array.isArray(documents)) return undefined;
  const sum = new BoundSum(false);
  const asked = MESSAGE + sum.text(query);
  const pieces = documents.reduce<number>((count, document) => count + piecesOf(sum, document, asked), 0);
  return Math.ceil(pieces / DOCUMENTS_PER_UNIT);
}

/** Texts to look at, to speak or to draw: `input`, `prompt` and, of speech, how it shall sound. */
export function addPlain(sum: BoundSum, { input, prompt, instructions, ...options }: JsonObject): void {
  let prompts = 0;
  for (const text of [input, prompt]) prompts += isOff(text) ? 0 : addTexts(sum, text);
  if (!isOff(instructions)) addTexts(sum, instructions);
  sum.prompts = Math.max(1, prompts);
  requireKnown(sum, options, NONE);
}

const NONE: ReadonlySet<string> = new Set();

/** A field that is not known may mean anything. */
function requireKnown(sum: BoundSum, options: JsonObject, more: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isOff(value) && !UNSEEN.has(name) && !more.has(name)) sum.unbounded();
  }
}

/** A text, several, or tokens. Returns how many prompts they are. */
function addTexts(sum: BoundSum, input: Json): number {
  if (typeof input === 'string') {
    sum.add(MESSAGE + sum.text(input));
    return 1;
  }
  if (!Array.isArray(input)) return addObject(sum, input);
  if (typeof input[0] === 'number') {
    sum.add(MESSAGE + input.length);
    return 1;
  }
  return input.reduce<number>((prompts, one) => prompts + addTexts(sum, one), 0);
}

/** A text as a part; pictures, and what else an object may say, are not known. */
function addObject(sum: BoundSum, part: Json): number {
  const { type = 'text', text, ...others } = isJsonObject(part) ? part : {};
  if (type === 'text' && typeof text === 'string' && !isPicture(others)) return addTexts(sum, text);
  sum.unbounded();
  return 1;
}

const PICTURES = ['image', 'image_url', 'url', 'bytes', 'video'];

function isPicture(part: JsonObject): boolean {
  return PICTURES.some((name) => part[name] !== undefined);
}

/** One thing to embed, in Google's words. All parts of a content are one text. Returns how many there are. */
function addContent(sum: BoundSum, { content, title, ...options }: JsonObject): number {
  if (isOff(content)) return 0;
  if (typeof title === 'string') sum.add(MESSAGE + sum.text(title));
  for (const { text, ...others } of isJsonObject(content) ? objectsIn(content['parts']) : []) {
    if (typeof text === 'string' && Object.keys(others).length === 0) sum.add(MESSAGE + sum.text(text));
    else sum.unbounded();
  }
  requireKnown(sum, options, NONE);
  return 1;
}
