import type { Json, JsonObject } from '../../core/json.ts';
import { embed } from './embedding.ts';
import { optionalCount, requireModel } from './prompt.ts';
import { Refusal } from './refusal.ts';
import { countTokens } from './tokens.ts';

const USUAL_DIMENSIONS = 1536;
const MOST_DIMENSIONS = 4096;
/** OpenAI's own limit. */
const MOST_INPUTS = 2048;

/** A text, or one given in the token numbers of some tokenizer. */
type Input = string | readonly number[];

/**
 * Answers an embeddings request.
 * @see https://platform.openai.com/docs/api-reference/embeddings (checked 2026-11-21)
 * @throws Refusal 400 where OpenAI would refuse it
 */
export function embeddingsBody(body: JsonObject): { body: string; inputTokens: number } {
  const model = requireModel(body);
  const inputs = inputsOf(body['input']);
  const dimensions = optionalCount(body, 'dimensions', { least: 1, most: MOST_DIMENSIONS }) ?? USUAL_DIMENSIONS;
  const isBase64 = body['encoding_format'] === 'base64';
  const data = inputs.map((input, index) => {
    const vector = embed(typeof input === 'string' ? input : input.join(' '), dimensions);
    return { object: 'embedding', index, embedding: isBase64 ? base64Of(vector) : numbersOf(vector) };
  });
  const tokens = inputs.reduce(
    (sum, input) => sum + (typeof input === 'string' ? countTokens(input) : input.length),
    0,
  );
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return { body: JSON.stringify({ object: 'list', data, model, usage }), inputTokens: tokens };
}

function inputsOf(input: Json | undefined): Input[] {
  if (isInput(input)) return [input];
  if (Array.isArray(input) && input.length > 0 && input.length <= MOST_INPUTS && input.every(isInput)) return input;
  const wanted = `a text, a list of 1 to ${MOST_INPUTS} texts, or tokens`;
  throw new Refusal(400, `Invalid value for 'input': expected ${wanted}, none of them empty.`, { param: 'input' });
}

function isInput(value: Json | undefined): value is string | number[] {
  if (typeof value === 'string') return value !== '';
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');
}

/** Nine digits say a single-precision number exactly. */
function numbersOf(vector: Float32Array): number[] {
  return Array.from(vector, (component) => Number(component.toPrecision(9)));
}

/** Little-endian, as clients read it. */
function base64Of(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((component, at) => bytes.writeFloatLE(component, at * 4));
  return bytes.toString('base64');
}
