import type { JsonObject } from '../../../core/json.ts';
import type { ModelEntry } from '../dialect-adapter.ts';

const GENERATES = ['generateContent', 'streamGenerateContent', 'countTokens'];
const EMBEDS = ['embedContent', 'batchEmbedContents'];

/**
 * Gemini's `Model`. What a model can be asked is not known of all; by its name an embedding model is told from others,
 * since clients offer for chat what can generate.
 * @see https://ai.google.dev/api/models#Model (checked 2026-11-21)
 */
export function renderModel({ id, capabilities }: ModelEntry): JsonObject {
  const input = capabilities?.inputTokens ?? capabilities?.contextTokens;
  const output = capabilities?.outputTokens;
  const thinking = capabilities?.reasoning;
  return {
    name: `models/${id}`,
    baseModelId: id,
    displayName: id,
    ...(input !== undefined && { inputTokenLimit: input }),
    ...(output !== undefined && { outputTokenLimit: output }),
    supportedGenerationMethods: /embed/i.test(id) ? EMBEDS : GENERATES,
    ...(thinking !== undefined && { thinking }),
  };
}

/** All models on one page; the list is short. */
export function renderModels(entries: readonly ModelEntry[]): JsonObject {
  return { models: entries.map(renderModel) };
}
