import type { EmbeddingAnswer, EmbeddingPurpose, EmbeddingRequest } from '../../../core/inference/embedding.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { EmbeddingContext } from '../dialect-adapter.ts';
import { toNumbers } from '../openai/embeddings.ts';
import { invalidField, isAbsent } from '../read-fields.ts';
import { camelCased, listOf } from './names.ts';

/** What each task is for. @see https://ai.google.dev/api/embeddings#TaskType (checked 2026-11-21) */
const PURPOSES: ReadonlyMap<string, EmbeddingPurpose | undefined> = new Map([
  ['TASK_TYPE_UNSPECIFIED', undefined],
  ['RETRIEVAL_QUERY', 'query'],
  ['RETRIEVAL_DOCUMENT', 'document'],
  ['SEMANTIC_SIMILARITY', 'similarity'],
  ['CLASSIFICATION', 'classification'],
  ['CLUSTERING', 'clustering'],
  ['QUESTION_ANSWERING', 'query'],
  ['FACT_VERIFICATION', 'query'],
  ['CODE_RETRIEVAL_QUERY', 'query'],
]);

/** Tasks that our purposes say only nearly. */
const FINER: ReadonlySet<string> = new Set(['QUESTION_ANSWERING', 'FACT_VERIFICATION', 'CODE_RETRIEVAL_QUERY']);

interface One {
  readonly text: string;
  /** What is said of the text, the same for all of a batch. */
  readonly options: JsonObject;
}

/**
 * A body of `embedContent`, or of `batchEmbedContents`.
 * @see https://ai.google.dev/api/embeddings (checked 2026-11-21)
 * @throws request_invalid
 * @throws capability_unsupported where something else than text is to be embedded, or each text in another way
 */
export function decodeEmbedding(body: JsonObject): EmbeddingRequest {
  const named = camelCased(body);
  const isBatch = named['requests'] !== undefined;
  const all = isBatch ? listOf(named['requests']).map((one, at) => readOne(one, `requests[${at}]`)) : [readOne(named)];
  const [first] = all;
  if (!first) throw invalidField('requests', '`requests` must be a list with at least one text to embed.');
  requireSameOptions(all);
  const { taskType, outputDimensionality: dimensions, title, ...extra } = first.options;
  const purpose = purposeOf(taskType);
  if (title !== undefined) extra[hasSameTitle(all) ? 'title' : TITLES] = title;
  if (typeof taskType === 'string' && FINER.has(taskType)) extra['taskType'] = taskType;
  return {
    inputs: all.map(({ text }) => text),
    encoding: 'float',
    extra,
    ...(isAbsent(dimensions) ? {} : { dimensions: countOf(dimensions) }),
    ...(purpose === undefined ? {} : { purpose }),
  };
}

function readOne(request: Json, path = ''): One {
  if (!isJsonObject(request)) throw invalidField(path, `\`${path}\` must be an object.`);
  const { model: _model, content, embedContentConfig, ...options } = request;
  const at = path === '' ? 'content' : `${path}.content`;
  const config = isJsonObject(embedContentConfig) ? embedContentConfig : {};
  return { text: textOf(content, at), options: { ...options, ...config } };
}

/** All parts of a content have one vector. */
function textOf(content: Json | undefined, path: string): string {
  if (!isJsonObject(content)) throw invalidField(path, `\`${path}\` must be an object with \`parts\`.`);
  const texts = listOf(content['parts']).map((part, at) => {
    const text = isJsonObject(part) ? part['text'] : undefined;
    if (typeof text === 'string') return text;
    throw refusedField(`${path}.parts[${at}]`, 'is no text, and other providers embed texts only');
  });
  if (texts.length === 0) throw invalidField(path, `\`${path}\` must have at least one part.`);
  return texts.join('\n');
}

/** Titles may differ from text to text: they are lost then, as a field that no provider knows. */
const TITLES = 'requests[].title';

function hasSameTitle(all: readonly One[]): boolean {
  return all.every(({ options }) => options['title'] === all[0]?.options['title']);
}

function requireSameOptions([first, ...rest]: readonly One[]): void {
  const said = (one: One | undefined): string => JSON.stringify({ ...one?.options, title: undefined });
  const other = rest.findIndex((one) => said(one) !== said(first));
  if (other >= 0) {
    throw refusedField(`requests[${other + 1}]`, 'asks for another kind of embedding than the first; send them apart');
  }
}

function purposeOf(task: Json | undefined): EmbeddingPurpose | undefined {
  if (isAbsent(task)) return undefined;
  if (typeof task === 'string' && PURPOSES.has(task)) return PURPOSES.get(task);
  throw invalidField('taskType', `\`taskType\` must be one of ${[...PURPOSES.keys()].join(', ')}.`);
}

function countOf(value: Json): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw invalidField('outputDimensionality', '`outputDimensionality` must be a whole number from 1 on.');
}

export function encodeEmbedding({ vectors, usage }: EmbeddingAnswer, { endpoint }: EmbeddingContext): JsonObject {
  const embeddings = vectors.map((vector) => ({ values: toNumbers(vector) }));
  const tokens = usage?.inputTokens;
  const counts = { promptTokenCount: tokens, totalTokenCount: tokens };
  return {
    ...(endpoint.endsWith(':batchEmbedContents') ? { embeddings } : { embedding: embeddings[0] ?? { values: [] } }),
    ...(tokens === undefined ? {} : { usageMetadata: counts }),
  };
}
