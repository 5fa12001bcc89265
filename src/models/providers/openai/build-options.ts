import type { Feature } from '../../../core/inference/features.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';
import { digest } from './tool-names.ts';

/** Characters. */
const LONGEST_USER = 64;
const SHORTEST_USER_ID = 6;
/** As many as OpenAI takes. */
const USUAL_STOPS = 4;

/**
 * What steers the answer and is no content.
 * @param isUnthinking the model is told not to think, with which it may be sampled in any way
 * @see https://platform.openai.com/docs/api-reference/chat/create (checked 2026-11-21)
 */
export function buildOptions(building: Building, isUnthinking: boolean): JsonObject {
  return {
    ...lengthLimit(building),
    ...sampling(building, isUnthinking),
    ...stop(building),
    ...logprobs(building),
    ...hints(building),
    ...serviceTier(building),
    ...choices(building),
    ...streaming(building),
    ...continuation(building),
  };
}

function lengthLimit({ request, capabilities, quirks, translation }: Building): JsonObject {
  const { maxOutputTokens } = request;
  if (maxOutputTokens === undefined) return {};
  const most = capabilities?.outputTokens ?? Number.POSITIVE_INFINITY;
  if (maxOutputTokens > most) translation.lose('max-output-tokens');
  return { [quirks.maxTokensField]: Math.min(maxOutputTokens, most) };
}

function sampling(building: Building, isUnthinking: boolean): JsonObject {
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
  const isFixed = capabilities?.sampling === false && !isUnthinking;
  const sampled = fields.flatMap(([feature, field, value]): [string, Json][] => {
    // What says what is meant anyway is no loss.
    const isDefault = value === (feature === 'temperature' || feature === 'top-p' ? 1 : 0);
    if (value === undefined || (isDefault && (isFixed || !building.takes(feature)))) return [];
    if (isFixed) translation.lose(feature);
    return isFixed || building.loseUntaken(feature) ? [] : [[field, value]];
  });
  if (topK !== undefined && !quirks.topK) translation.lose('top-k');
  return {
    ...Object.fromEntries(sampled),
    ...(topK !== undefined && quirks.topK ? { top_k: topK } : {}),
    ...(seed === undefined || building.loseUntaken('seed') ? {} : { [quirks.seedField]: seed }),
  };
}

function stop(building: Building): JsonObject {
  const sequences = building.request.stop;
  if (!sequences || sequences.length === 0 || building.loseUntaken('stop')) return {};
  const { mostStops } = building.quirks;
  if (sequences.length > mostStops)
    building.translation.lose('stop', mostStops === USUAL_STOPS ? undefined : cut(mostStops));
  return { stop: sequences.slice(0, mostStops) };
}

function cut(most: number): string {
  return `is cut to the first ${most}, which is as many as this provider takes`;
}

function logprobs(building: Building): JsonObject {
  const { logprobs: wanted } = building.request;
  if (!wanted) return {};
  if (!building.takes('logprobs')) {
    throw building.refused('logprobs', 'asks for log probabilities, which this provider does not give');
  }
  return { logprobs: true, ...(wanted.top === undefined ? {} : { top_logprobs: wanted.top }) };
}

/** For the provider's own housekeeping. */
function hints(building: Building): JsonObject {
  const { promptCacheKey, verbosity } = building.request;
  return {
    ...user(building),
    ...(promptCacheKey === undefined || building.loseUntaken('prompt-cache-key')
      ? {}
      : { prompt_cache_key: promptCacheKey }),
    ...(verbosity === undefined || building.loseUntaken('verbosity') ? {} : { verbosity }),
  };
}

/** An id of a length that is not taken is replaced by its hash, which still tells users apart. */
function user(building: Building): JsonObject {
  const { user: id } = building.request;
  const { userField } = building.quirks;
  if (id === undefined || id === '') return {};
  if (userField === undefined) {
    building.note('user', 'is left out: this provider does not tell end users apart');
    return {};
  }
  const isTaken = id.length <= LONGEST_USER && (userField !== 'user_id' || id.length >= SHORTEST_USER_ID);
  return { [userField]: isTaken ? id : digest(id) };
}

/** `auto` and `standard_only` mean the tier that everybody has, where there is no other. */
function serviceTier(building: Building): JsonObject {
  const { serviceTier: tier } = building.request;
  const { standardTier } = building.quirks;
  if (tier === undefined) return {};
  if (standardTier !== undefined) return { service_tier: tier === 'standard_only' ? standardTier : tier };
  if (tier !== 'auto' && tier !== 'standard_only' && tier !== 'default') {
    building.note('service-tier', 'is left out: this provider has one tier');
  }
  return {};
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

/** The last message is the model's own, which it shall go on with. */
function continuation({ request, quirks }: Building): JsonObject {
  const isAsked = quirks.prefill === 'continue_final_message' && request.messages.at(-1)?.role === 'assistant';
  return isAsked ? { continue_final_message: true, add_generation_prompt: false } : {};
}
