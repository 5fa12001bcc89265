import type { Feature } from '../../../core/inference/features.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';

const MOST_STOPS = 5;
const HOTTEST = 1;
const LEAST_P = 0.01;
const MOST_P = 0.99;
const MOST_K = 500;

/** Tiers that mean the one that everybody has. */
const ORDINARY_TIERS: ReadonlySet<string> = new Set(['auto', 'default', 'standard_only']);

/**
 * What steers the answer and is no content.
 * @see https://docs.cohere.com/reference/chat (read in the types of cohere-ai 8.1.0, checked 2026-11-21)
 */
export function buildOptions(translation: Translation, capabilities: Capabilities | undefined): JsonObject {
  loseUnknown(translation);
  const { topP, topK, seed } = translation.request;
  return {
    ...lengthLimit(translation, capabilities),
    ...temperature(translation),
    ...(topP === undefined ? {} : { p: Math.min(Math.max(topP, LEAST_P), MOST_P) }),
    ...(topK === undefined ? {} : { k: leastOf(topK, MOST_K, 'top-k', translation) }),
    ...(seed === undefined ? {} : { seed }),
    ...penalties(translation),
    ...stopSequences(translation),
  };
}

/** Options without an equal; those that say what is meant anyway are no loss. */
function loseUnknown(translation: Translation): void {
  const { logprobs, logitBias, verbosity, serviceTier, user } = translation.request;
  const lost: [Feature, boolean][] = [
    ['logprobs', logprobs !== undefined],
    ['logit-bias', Object.keys(logitBias ?? {}).length > 0],
    ['verbosity', verbosity !== undefined],
    ['service-tier', serviceTier !== undefined && !ORDINARY_TIERS.has(serviceTier)],
    ['user', user !== undefined && user !== ''],
  ];
  for (const [feature, isUsed] of lost) if (isUsed) translation.lose(feature);
}

function leastOf(value: number, most: number, feature: Feature, translation: Translation): number {
  if (value > most) translation.lose(feature);
  return Math.min(value, most);
}

function lengthLimit(translation: Translation, capabilities: Capabilities | undefined): JsonObject {
  const { maxOutputTokens } = translation.request;
  if (maxOutputTokens === undefined) return {};
  const most = capabilities?.outputTokens ?? Number.POSITIVE_INFINITY;
  return { max_tokens: leastOf(maxOutputTokens, most, 'max-output-tokens', translation) };
}

function temperature(translation: Translation): JsonObject {
  const { temperature: heat } = translation.request;
  return heat === undefined ? {} : { temperature: leastOf(heat, HOTTEST, 'temperature', translation) };
}

/** Cohere takes one of the two. */
function penalties(translation: Translation): JsonObject {
  const { frequencyPenalty, presencePenalty } = translation.request;
  const frequency = penalty(frequencyPenalty, 'frequency-penalty', translation);
  const presence = penalty(presencePenalty, 'presence-penalty', translation);
  if (frequency === 0 || presence === 0) {
    return {
      ...(frequency === 0 ? {} : { frequency_penalty: frequency }),
      ...(presence === 0 ? {} : { presence_penalty: presence }),
    };
  }
  translation.lose('presence-penalty');
  return { frequency_penalty: frequency };
}

/** 0 is what leaving it out means. */
function penalty(value: number | undefined, feature: Feature, translation: Translation): number {
  const taken = Math.min(Math.max(value ?? 0, 0), 1);
  if (value !== undefined && taken !== value) translation.lose(feature);
  return taken;
}

function stopSequences(translation: Translation): JsonObject {
  const { stop } = translation.request;
  if (!stop || stop.length === 0) return {};
  if (stop.length > MOST_STOPS) translation.lose('stop');
  return { stop_sequences: stop.slice(0, MOST_STOPS) };
}
