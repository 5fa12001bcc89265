import { type Json, type JsonObject, asCount, asString, isJsonObject } from '../../../core/json.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';

/** How Vertex AI names what a request was served by. */
const TRAFFIC: Readonly<Record<string, string>> = {
  ON_DEMAND: 'default',
  ON_DEMAND_PRIORITY: 'priority',
  ON_DEMAND_FLEX: 'flex',
};

/**
 * Cached tokens are part of the prompt's, and thoughts are not part of the candidates'. A count of 0 is left out.
 * Undefined where nothing is counted yet, as in most chunks of some streams.
 * @see https://ai.google.dev/api/generate-content#UsageMetadata (read in the types of @google/genai 3.1.0, checked 2026-11-21)
 */
export function mapUsage(raw: JsonObject, searches?: number): Usage | undefined {
  const prompt = asCount(raw['promptTokenCount']);
  const candidates = asCount(raw['candidatesTokenCount']);
  const thoughts = asCount(raw['thoughtsTokenCount']);
  if (prompt === undefined && candidates === undefined && thoughts === undefined) return undefined;
  const inputTokens = prompt === undefined ? undefined : prompt + (asCount(raw['toolUsePromptTokenCount']) ?? 0);
  const read = [...detailsIn(raw['promptTokensDetails']), ...detailsIn(raw['toolUsePromptTokensDetails'])];
  const written = detailsIn(raw['candidatesTokensDetails']);
  return usageOf({
    inputTokens,
    outputTokens: (candidates ?? 0) + (thoughts ?? 0),
    cacheReadInputTokens: asCount(raw['cachedContentTokenCount']),
    reasoningOutputTokens: thoughts,
    audioInputTokens: sumOf(read, ['AUDIO']),
    cacheReadAudioInputTokens: sumOf(detailsIn(raw['cacheTokensDetails']), ['AUDIO']),
    audioOutputTokens: sumOf(written, ['AUDIO']),
    imageInputTokens: sumOf(read, ['IMAGE', 'VIDEO']),
    imageOutputTokens: sumOf(written, ['IMAGE']),
    webSearchRequests: searches === 0 ? undefined : searches,
    serviceTier: tierIn(raw),
  });
}

/** What Google searched for the answer; models before 3 bill each answer that was searched for once. */
export function searchesIn(candidates: readonly JsonObject[], model: string | undefined): number {
  const isOnce = model !== undefined && /^gemini-(?:1|2)/.test(model);
  return candidates.reduce((sum, { groundingMetadata: grounding }) => {
    const queries = isJsonObject(grounding) ? grounding['webSearchQueries'] : undefined;
    const asked = Array.isArray(queries) ? queries.length : 0;
    return sum + (isOnce ? Math.min(asked, 1) : asked);
  }, 0);
}

function tierIn(raw: JsonObject): string | undefined {
  const traffic = asString(raw['trafficType']);
  if (traffic !== undefined) return TRAFFIC[traffic] ?? traffic.toLowerCase();
  const tier = asString(raw['serviceTier'])?.toLowerCase();
  return tier === 'unspecified' ? undefined : tier;
}

function detailsIn(details: Json | undefined): JsonObject[] {
  return Array.isArray(details) ? details.filter(isJsonObject) : [];
}

/** Undefined where none is of these kinds. */
function sumOf(details: readonly JsonObject[], modalities: readonly string[]): number | undefined {
  const counts = details.flatMap(({ modality, tokenCount }) =>
    modalities.includes(asString(modality) ?? '') ? (asCount(tokenCount) ?? 0) : [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
