import type { Feature } from '../../../core/inference/features.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';

/** @see https://ai.google.dev/api/generate-content#generationconfig (checked 2026-11-21) */
const MOST_STOPS = 5;
const INT32 = 2 ** 31;

/**
 * What steers the answer and is no content, as members of `generationConfig`.
 * @see https://ai.google.dev/api/generate-content#generationconfig (read in the types of @google/genai 3.1.0, checked 2026-11-21)
 */
export function buildOptions(building: Building): JsonObject {
  const { translation } = building;
  const { request } = translation;
  loseUnknown(building);
  return {
    ...given('maxOutputTokens', request.maxOutputTokens),
    ...given('temperature', request.temperature),
    ...given('topP', request.topP),
    ...given('topK', request.topK),
    ...stopSequences(building),
    ...seed(building),
    ...penalties(building),
  };
}

/** Options without an equal; those that say what is meant anyway are no loss. */
function loseUnknown({ translation }: Building): void {
  const { request } = translation;
  const lost: [Feature, boolean][] = [
    ['logprobs', request.logprobs !== undefined],
    ['logit-bias', Object.keys(request.logitBias ?? {}).length > 0],
    ['verbosity', request.verbosity !== undefined],
    ['user', request.user !== undefined],
  ];
  for (const [feature, isUsed] of lost) if (isUsed) translation.lose(feature);
}

function stopSequences({ translation }: Building): JsonObject {
  const { stop } = translation.request;
  if (!stop || stop.length === 0) return {};
  if (stop.length > MOST_STOPS) translation.lose('stop');
  return { stopSequences: stop.slice(0, MOST_STOPS) };
}

/** The same seed would make several answers the same. */
function seed({ translation }: Building): JsonObject {
  const { seed: wanted, choices = 1 } = translation.request;
  if (wanted === undefined) return {};
  const isTaken = Number.isInteger(wanted) && wanted >= -INT32 && wanted < INT32;
  if (isTaken && choices === 1) return { seed: wanted };
  translation.lose('seed', isTaken ? 'is left out: several answers with one seed would be the same' : undefined);
  return {};
}

function penalties({ translation, traits, flavour }: Building): JsonObject {
  const { frequencyPenalty, presencePenalty } = translation.request;
  if (traits.generation !== '2.5' || flavour.penaltiesBefore3) {
    return { ...given('frequencyPenalty', frequencyPenalty), ...given('presencePenalty', presencePenalty) };
  }
  if (frequencyPenalty) translation.lose('frequency-penalty');
  if (presencePenalty) translation.lose('presence-penalty');
  return {};
}

/** By which tier it is to be served. @see https://ai.google.dev/gemini-api/docs/pricing (tiers of @google/genai 3.1.0, checked 2026-11-21) */
export function serviceTier({ translation, flavour }: Building): JsonObject {
  const { serviceTier: wanted } = translation.request;
  // Leaving it out means the same.
  if (wanted === undefined || wanted === 'auto' || wanted === 'default' || wanted === 'standard_only') return {};
  if (flavour.serviceTier && (wanted === 'flex' || wanted === 'priority')) return { serviceTier: wanted };
  translation.lose('service-tier');
  return {};
}

function given(name: string, value: number | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}
