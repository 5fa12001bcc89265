import type { Operation } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import { isAbsent } from '../read-fields.ts';

/** Fields by which a request for an image is one for GPT's own image models. */
const GPT_IMAGE_FIELDS = [
  'background',
  'moderation',
  'output_compression',
  'output_format',
  'partial_images',
  'stream',
];

/**
 * The model that a request means which names none, where OpenAI lets it be left out. Providers are then asked for it by
 * name, so that what runs is what was allowed and is priced.
 *
 * @see https://platform.openai.com/docs/api-reference/moderations/create (checked 2026-11-21)
 * @see https://platform.openai.com/docs/api-reference/images/create (checked 2026-11-21)
 */
export function defaultModel(body: JsonObject, operation: Operation): string | undefined {
  if (!isAbsent(body['model'])) return undefined;
  switch (operation) {
    case 'moderation':
      return 'omni-moderation-latest';
    case 'image':
      return GPT_IMAGE_FIELDS.some((field) => !isAbsent(body[field])) ? 'gpt-image-1.5' : 'dall-e-2';
    case 'image-edit':
      return 'gpt-image-1.5';
    case 'image-variation':
      return 'dall-e-2';
    default:
      return undefined;
  }
}
