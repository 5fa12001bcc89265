import type { Feature } from '../../../core/inference/features.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { digest } from './tool-names.ts';

/** The lowest `top_p` that goes with thinking, and with models that otherwise sample as they like. */
const TOP_P_WITH_THINKING = 0.95;
const TOP_P_OF_FIXED_SAMPLING = 0.99;

const UNTAKEN = 'is left out: the model does not take it';
const WITH_THINKING = 'is left out: it does not go with thinking';

/** Characters. */
const LONGEST_USER = 512;
const EMAIL = /[^\s@]+@[^\s@]+\.[^\s@]+/;
const PHONE = /^\+?[\d\s().-]{7,}$/;

/**
 * What steers the answer and is no content.
 * @param thinks whether the model is asked to think
 * @see https://platform.claude.com/docs/en/api/messages (checked 2026-11-21)
 */
export function buildOptions(
  translation: Translation,
  capabilities: Capabilities | undefined,
  thinks: boolean,
): JsonObject {
  loseUnknown(translation);
  return {
    ...sampling(translation, capabilities, thinks),
    ...stopSequences(translation),
    ...user(translation),
    ...serviceTier(translation),
  };
}

/** Options without an equal; those that say what is meant anyway are no loss. */
export function loseUnknown(translation: Translation): void {
  const { request } = translation;
  const lost: [Feature, boolean][] = [
    ['logprobs', request.logprobs !== undefined],
    ['seed', request.seed !== undefined],
    ['frequency-penalty', isSet(request.frequencyPenalty)],
    ['presence-penalty', isSet(request.presencePenalty)],
    ['logit-bias', Object.keys(request.logitBias ?? {}).length > 0],
    ['verbosity', request.verbosity !== undefined],
    ['prompt-cache-key', request.promptCacheKey !== undefined],
  ];
  for (const [feature, isUsed] of lost) if (isUsed) translation.lose(feature);
}

function isSet(value: number | undefined): boolean {
  return value !== undefined && value !== 0;
}

export function sampling(
  translation: Translation,
  capabilities: Capabilities | undefined,
  thinks: boolean,
): JsonObject {
  const { temperature, topP, topK } = translation.request;
  const isFixed = capabilities?.sampling === false;
  if (isFixed || thinks) {
    const says = isFixed ? UNTAKEN : WITH_THINKING;
    if (temperature !== undefined && temperature !== 1) translation.lose('temperature', says);
    if (topK !== undefined) translation.lose('top-k', says);
    if (topP === undefined || topP >= (isFixed ? TOP_P_OF_FIXED_SAMPLING : TOP_P_WITH_THINKING)) return topPOf(topP);
    translation.lose('top-p', says);
    return {};
  }
  const heat = temperatureOf(translation);
  // One of the two may be set, and 1 is what leaving it out means.
  const isTopPLost = topP !== undefined && topP !== 1 && heat !== undefined && heat !== 1;
  if (isTopPLost) translation.lose('top-p');
  const isHeatSet = heat !== undefined && (heat !== 1 || topP === undefined || topP === 1);
  return {
    ...(isHeatSet ? { temperature: heat } : topPOf(topP)),
    ...(topK === undefined ? {} : { top_k: topK }),
  };
}

function topPOf(topP: number | undefined): JsonObject {
  return topP === undefined || topP >= 1 ? {} : { top_p: topP };
}

function temperatureOf(translation: Translation): number | undefined {
  const { temperature } = translation.request;
  if (temperature === undefined || temperature <= 1) return temperature;
  translation.lose('temperature');
  return 1;
}

export function stopSequences(translation: Translation): JsonObject {
  const { stop } = translation.request;
  if (!stop) return {};
  const kept = stop.filter((sequence) => sequence.trim() !== '');
  if (kept.length < stop.length) translation.lose('stop');
  return kept.length === 0 ? {} : { stop_sequences: kept };
}

/** Anthropic refuses ids that tell who it is; a hash of one still tells users apart. */
function user({ request }: Translation): JsonObject {
  const id = request.user;
  if (id === undefined || id === '') return {};
  const isTelling = id.length > LONGEST_USER || EMAIL.test(id) || PHONE.test(id);
  return { metadata: { user_id: isTelling ? digest(id) : id } };
}

/** @see https://platform.claude.com/docs/en/api/service-tiers (checked 2026-11-21) */
function serviceTier(translation: Translation): JsonObject {
  switch (translation.request.serviceTier) {
    case undefined:
      return {};
    case 'auto':
      return { service_tier: 'auto' };
    case 'default':
    case 'standard_only':
      return { service_tier: 'standard_only' };
    default:
      translation.lose('service-tier');
      return {};
  }
}
