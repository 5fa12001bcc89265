import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';

/**
 * Codes by which a server says that what the request says was refused: `content_filter` (Azure), `moderation_blocked`,
 * `image_content_policy_violation`, `bio_policy` (OpenAI), `data_inspection_failed` (DashScope).
 */
const CODES = /^(?:content_?filter|moderation_blocked|data_?inspection_?failed|(?:\w+_)?policy(?:_violation)?)$/i;

/** Where the code says no more than that something is wrong: OpenAI's `invalid_prompt`, xAI, DeepSeek. */
const WORDS = /violat\w+ (?:our )?usage (?:policy|policies|guidelines)|our safety system|content exists risk/i;

/**
 * Whether an OpenAI-shaped refusal is one of the provider's content filter.
 * @param error the `error` object, where there is one
 * @see https://platform.openai.com/docs/api-reference/responses/object#error (checked 2026-11-21)
 * @see https://openrouter.ai/docs/api/reference/errors-and-debugging (checked 2026-11-21)
 */
export function isContentRefusal(error: JsonObject | undefined, message: string | undefined): boolean {
  if (CODES.test(asString(error?.['code']) ?? '')) return true;
  // OpenRouter answers 403 and names what was flagged.
  const metadata = error?.['metadata'];
  if (isJsonObject(metadata) && metadata['flagged_input'] !== undefined) return true;
  return message !== undefined && WORDS.test(message);
}
