import type { Feature } from '../../../core/inference/features.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';

const MOST_STOPS = 4;
const SCHEMA_NAME = 'answer';
const BY_INSTRUCTION = 'is asked for in the system prompt and not enforced: this provider takes no schema';

/** What steers the answer and is no content. @see https://platform.openai.com/docs/api-reference/chat/create (checked 2026-11-21) */
export function buildOptions(building: Building): JsonObject {
  return {
    ...lengthLimit(building),
    ...sampling(building),
    ...stop(building),
    ...logprobs(building),
    ...hints(building),
    ...choices(building),
    ...streaming(building),
  };
}

function lengthLimit({ request, capabilities, quirks, translation }: Building): JsonObject {
  const { maxOutputTokens } = request;
  if (maxOutputTokens === undefined) return {};
  const most = capabilities?.outputTokens ?? Number.POSITIVE_INFINITY;
  if (maxOutputTokens > most) translation.lose('max-output-tokens');
  return { [quirks.maxTokensField]: Math.min(maxOutputTokens, most) };
}

function sampling(building: Building): JsonObject {
  const { request, capabilities, quirks, translation } = building;
  const { temperature, topP, topK, seed, frequencyPenalty, presencePenalty, logitBias } = request;
  const bias = logitBias && Object.keys(logitBias).length > 0 ? logitBias : undefined;
  const fields: [Feature, string, Json | undefined][] = [
    ['temperature', 'temperature', temperature],
    ['top-p', 'top_p', topP],
    ['frequency-penalty', 'frequency_penalty', frequencyPenalty],
    ['presence-penalty', 'presence_penalty', presencePenalty],
    ['logit-bias', 'logit_bias', bias],
  ];
  const isFixed = capabilities?.sampling === false;
  const sampled = fields.flatMap(([feature, field, value]): [string, Json][] => {
    if (value === undefined || building.loseUntaken(feature)) return [];
    if (!isFixed) return [[field, value]];
    // What says what is meant anyway is no loss.
    const isDefault = value === (feature === 'temperature' || feature === 'top-p' ? 1 : 0);
    if (!isDefault) translation.lose(feature);
    return [];
  });
  if (topK !== undefined && !quirks.topK) translation.lose('top-k');
  return {
    ...Object.fromEntries(sampled),
    ...(topK !== undefined && quirks.topK ? { top_k: topK } : {}),
    ...(seed === undefined || building.loseUntaken('seed') ? {} : { seed }),
  };
}

function stop(building: Building): JsonObject {
  const sequences = building.request.stop;
  if (!sequences || sequences.length === 0 || building.loseUntaken('stop')) return {};
  if (sequences.length > MOST_STOPS) building.translation.lose('stop');
  return { stop: sequences.slice(0, MOST_STOPS) };
}

function logprobs(building: Building): JsonObject {
  const { logprobs: wanted } = building.request;
  if (!wanted) return {};
  if (building.quirks.untaken.includes('logprobs')) {
    const field = building.request.fields.logprobs ?? 'logprobs';
    throw refusedField(field, 'asks for log probabilities, which this provider does not give');
  }
  return { logprobs: true, ...(wanted.top === undefined ? {} : { top_logprobs: wanted.top }) };
}

/** For the provider's own housekeeping. */
function hints(building: Building): JsonObject {
  const { request, quirks } = building;
  const { user, promptCacheKey, verbosity, serviceTier } = request;
  const isUserTaken = user !== undefined && quirks.userField !== undefined && !building.loseUntaken('user');
  return {
    ...(isUserTaken ? { [quirks.userField]: user } : {}),
    ...(promptCacheKey === undefined || building.loseUntaken('prompt-cache-key')
      ? {}
      : { prompt_cache_key: promptCacheKey }),
    ...(verbosity === undefined || building.loseUntaken('verbosity') ? {} : { verbosity }),
    ...(serviceTier === undefined || building.loseUntaken('service-tier') ? {} : { service_tier: tierOf(serviceTier) }),
  };
}

function tierOf(tier: string): string {
  return tier === 'standard_only' ? 'default' : tier;
}

function choices({ request, quirks }: Building): JsonObject {
  const { choices: count } = request;
  return count === undefined || count === 1 || !quirks.choices ? {} : { n: count };
}

/** The gateway needs the usage whether the client asked for it or not. */
function streaming({ request, quirks }: Building): JsonObject {
  if (!request.stream) return {};
  return { stream: true, ...(quirks.usageFrame ? { stream_options: { include_usage: true } } : {}) };
}

export interface BuiltFormat {
  readonly fields: JsonObject;
  /** What the system prompt has to say, where the server cannot be told otherwise. */
  readonly instruction: string | undefined;
}

/** An answer in JSON. */
export function buildFormat(building: Building): BuiltFormat {
  const { responseFormat: format } = building.request;
  if (!format) return { fields: {}, instruction: undefined };
  if (format.type === 'json') return { fields: { response_format: { type: 'json_object' } }, instruction: undefined };
  if (building.quirks.jsonSchema === 'json-object' || building.capabilities?.jsonSchema === false) {
    building.note('json-schema', BY_INSTRUCTION);
    const instruction = `Answer with one JSON object that is valid by this JSON Schema:\n${JSON.stringify(format.schema)}`;
    return { fields: { response_format: { type: 'json_object' } }, instruction };
  }
  const { name = SCHEMA_NAME, description, schema, strict } = format;
  const jsonSchema: JsonObject = {
    name,
    ...(description === undefined ? {} : { description }),
    schema,
    ...(strict === undefined ? {} : { strict }),
  };
  return { fields: { response_format: { type: 'json_schema', json_schema: jsonSchema } }, instruction: undefined };
}
