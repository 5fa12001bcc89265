import { GatewayError } from '../../../core/errors.ts';
import type { EmbeddingAnswer, Vector } from '../../../core/inference/embedding.ts';
import { type Json, type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';

/**
 * A list as OpenAI writes it, `{ data: [{ index, embedding }], model, usage }`, in the order of its `index`es.
 * @throws provider_bad_response where it does not have one vector for each input
 */
export function readVectorList(body: unknown, inputs: number): EmbeddingAnswer {
  const list = isJsonObject(body) ? body : {};
  const data = Array.isArray(list['data']) ? list['data'].filter(isJsonObject) : [];
  const vectors: (Vector | undefined)[] = Array.from({ length: inputs });
  for (const [at, item] of data.entries()) {
    const { index = at, embedding } = item;
    if (typeof index !== 'number' || index >= inputs) throw notAsMany(inputs);
    vectors[index] = vectorOf(embedding);
  }
  return { vectors: allOf(vectors, inputs), usage: usageIn(list['usage']), model: asString(list['model']) };
}

/** @throws provider_bad_response where it does not have one vector for each input */
export function readPlainVectors(list: Json | undefined, inputs: number): readonly Vector[] {
  return allOf(Array.isArray(list) ? list.map(vectorOf) : [], inputs);
}

function allOf(vectors: readonly (Vector | undefined)[], inputs: number): readonly Vector[] {
  const all = vectors.filter((vector) => vector !== undefined);
  if (vectors.length !== inputs || all.length !== inputs) throw notAsMany(inputs);
  return all;
}

function notAsMany(inputs: number): GatewayError {
  return new GatewayError('provider_bad_response', {
    message: `The provider's answer does not have one vector for each of the ${inputs} inputs.`,
  });
}

/** Numbers, or their bytes in base64; nothing else, nor an empty one. */
function vectorOf(value: Json | undefined): Vector | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  // The first tells of all: a list is as long as the model has dimensions.
  return Array.isArray(value) && typeof value[0] === 'number' ? (value as number[]) : undefined;
}

/** Some servers call it `prompt_tokens`, some only `total_tokens`; vectors are no tokens, so both are the input's. */
function usageIn(usage: Json | undefined): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const { prompt_tokens: prompt, total_tokens: total } = usage;
  const inputTokens = asCount(prompt) ?? asCount(total);
  return inputTokens === undefined ? undefined : usageOf({ inputTokens });
}

/** Of the client's other fields those that have a value and one of these names. */
export function knownFields(extra: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name): [string, Json][] => {
      const value = extra[name];
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );
}
