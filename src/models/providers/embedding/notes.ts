import type { EmbeddingPurpose } from '../../../core/inference/embedding.ts';
import type { TranslationNote } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';

const LEFT_OUT = 'is left out: this provider has no such option for embeddings';

/** The client's other fields that a provider does not know by these names. Who the user is, is no loss to the vectors. */
export function leftOut(extra: JsonObject, known: readonly string[] = []): TranslationNote[] {
  return Object.entries(extra).flatMap(([field, value]) => {
    const isKnown = value === undefined || value === null || field === 'user' || known.includes(field);
    return isKnown ? [] : [{ field, says: LEFT_OUT }];
  });
}

/** What a text is for, where the provider does not tell that apart. Only Gemini's clients say it so. */
export function lostPurpose(purpose: EmbeddingPurpose | undefined): TranslationNote[] {
  return purpose === undefined ? [] : [{ field: 'taskType', says: LEFT_OUT }];
}
