import type { EmbeddingAnswer, EmbeddingInput, EmbeddingRequest, Vector } from '../../../core/inference/embedding.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { EmbeddingContext } from '../dialect-adapter.ts';
import { invalidField } from '../read-fields.ts';

const BYTES_PER_FLOAT = 4;

/** @see https://platform.openai.com/docs/api-reference/embeddings/create (checked 2026-11-21) @throws request_invalid */
export function decodeEmbedding(body: JsonObject): EmbeddingRequest {
  const { model: _model, input, dimensions, encoding_format: format, ...extra } = body;
  if (format !== undefined && format !== null && format !== 'float' && format !== 'base64') {
    throw invalidField('encoding_format', '`encoding_format` must be "float" or "base64".');
  }
  if (dimensions !== undefined && dimensions !== null && !isCount(dimensions)) {
    throw invalidField('dimensions', '`dimensions` must be a whole number from 1 on.');
  }
  return {
    inputs: inputsOf(input),
    encoding: format === 'base64' ? 'base64' : 'float',
    extra,
    ...(isCount(dimensions) ? { dimensions } : {}),
  };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

/** One text, texts, one text's tokens, or the tokens of several. */
function inputsOf(input: Json | undefined): EmbeddingInput[] {
  if (typeof input === 'string') return [input];
  const list = Array.isArray(input) ? input : [];
  if (isTokens(list)) return [list];
  if (list.length > 0 && list.every((item) => typeof item === 'string' || isTokens(item))) {
    return list;
  }
  throw invalidField('input', '`input` must be a text, a list of texts, or tokens.');
}

function isTokens(value: Json): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');
}

/** @see https://platform.openai.com/docs/api-reference/embeddings/object (checked 2026-11-21) */
export function encodeEmbedding({ vectors, usage, model }: EmbeddingAnswer, context: EmbeddingContext): JsonObject {
  const tokens = usage?.inputTokens;
  return {
    object: 'list',
    data: vectors.map((vector, index) => {
      return { object: 'embedding', index, embedding: inEncoding(vector, context.request.encoding) };
    }),
    model: model ?? context.model,
    ...(tokens === undefined ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
}

function inEncoding(vector: Vector, encoding: EmbeddingRequest['encoding']): Json {
  if (encoding === 'base64') return typeof vector === 'string' ? vector : toBase64(vector);
  return toNumbers(vector);
}

/** A vector as numbers, however its provider wrote it. */
export function toNumbers(vector: Vector): number[] {
  return typeof vector === 'string' ? fromBase64(vector) : [...vector];
}

function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * BYTES_PER_FLOAT);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * BYTES_PER_FLOAT);
  return bytes.toString('base64');
}

function fromBase64(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  const count = Math.floor(bytes.length / BYTES_PER_FLOAT);
  return Array.from({ length: count }, (_, at) => bytes.readFloatLE(at * BYTES_PER_FLOAT));
}
