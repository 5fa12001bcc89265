import type { EmbeddingRequest } from '../../../core/inference/embedding.ts';
import { refusedField } from '../../../core/inference/translation.ts';

/**
 * The inputs as texts: tokens are numbers of one model's tokenizer, and no other's.
 * @throws capability_unsupported
 */
export function textInputs({ inputs }: EmbeddingRequest, provider: string): string[] {
  return inputs.map((input) => {
    if (typeof input === 'string') return input;
    throw refusedField('input', `has tokens in place of texts, which ${provider} does not take`);
  });
}
