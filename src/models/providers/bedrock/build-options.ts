import type { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import { loseUnknown, sampling as claudeSampling, stopSequences as claudeStops } from '../anthropic/build-options.ts';
import { digest } from '../anthropic/tool-names.ts';
import type { BuiltReasoning } from './build-reasoning.ts';
import type { Building } from './building.ts';

export interface BuiltOptions {
  readonly inferenceConfig: JsonObject;
  /** Of `additionalModelRequestFields`. */
  readonly fields: JsonObject;
  /** Members of the body beside these two. */
  readonly rest: JsonObject;
}

const UNTAKEN = 'is left out: the model does not take it';
const UNTOLD = 'is left out: Converse has no such option, and Bedrock does not say how this model takes it';

/**
 * What steers the answer and is no content.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InferenceConfiguration.html (checked 2026-11-21)
 */
export function buildOptions(building: Building, reasoning: BuiltReasoning): BuiltOptions {
  const { translation } = building;
  loseUnknown(translation);
  const { config, fields } = sampling(building, reasoning.on);
  const { maxTokens } = reasoning;
  return {
    inferenceConfig: { ...(maxTokens === undefined ? {} : { maxTokens }), ...config, ...stopSequences(building) },
    fields,
    rest: { ...serviceTier(translation), ...user(translation) },
  };
}

interface Sampling {
  readonly config: JsonObject;
  readonly fields: JsonObject;
}

function sampling({ translation, traits }: Building, thinks: boolean): Sampling {
  const { maker, capabilities } = traits;
  if (maker === 'anthropic') {
    const { temperature, top_p: topP, top_k: topK } = claudeSampling(translation, capabilities, thinks);
    return { config: defined({ temperature, topP }), fields: defined({ top_k: topK }) };
  }
  const { temperature, topP, topK } = translation.request;
  if (capabilities.sampling === false) {
    if (temperature !== undefined) translation.lose('temperature', UNTAKEN);
    if (topP !== undefined) translation.lose('top-p', UNTAKEN);
    if (topK !== undefined) translation.lose('top-k', UNTAKEN);
    return { config: {}, fields: {} };
  }
  if (temperature !== undefined && temperature > 1) translation.lose('temperature');
  const heat = temperature === undefined ? undefined : Math.min(temperature, 1);
  return { config: defined({ temperature: heat, topP }), fields: topKOf(translation, maker === 'nova') };
}

/** @see https://docs.aws.amazon.com/nova/latest/nova2-userguide/core-inference.html (checked 2026-11-21) */
function topKOf(translation: Translation, isNova: boolean): JsonObject {
  const { topK } = translation.request;
  if (topK === undefined) return {};
  if (isNova) return { inferenceConfig: { topK } };
  translation.lose('top-k', UNTOLD);
  return {};
}

function defined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function stopSequences({ translation, traits }: Building): JsonObject {
  const { stop } = translation.request;
  const kept = traits.maker === 'anthropic' ? claudeStops(translation)['stop_sequences'] : stop;
  return kept === undefined || (Array.isArray(kept) && kept.length === 0) ? {} : { stopSequences: kept as string[] };
}

const TIERS: ReadonlySet<string> = new Set(['default', 'flex', 'priority', 'reserved']);

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html */
function serviceTier(translation: Translation): JsonObject {
  const { serviceTier: tier } = translation.request;
  // What Bedrock does by itself.
  if (tier === undefined || tier === 'auto') return {};
  if (tier === 'standard_only') return { serviceTier: { type: 'default' } };
  if (TIERS.has(tier)) return { serviceTier: { type: tier } };
  translation.lose('service-tier');
  return {};
}

/** What a value of `requestMetadata` may be. */
const METADATA = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/;

/** For the owner's own logs of invocations: Bedrock has no other place for it. */
function user({ request }: Translation): JsonObject {
  const id = request.user;
  if (id === undefined || id === '') return {};
  return { requestMetadata: { user: METADATA.test(id) ? id : digest(id) } };
}
