/**
 * Fields of requests that name what a provider keeps, in OpenAI's, Anthropic's and Google's APIs. An id elsewhere is only
 * text.
 * @see https://platform.openai.com/docs/api-reference (checked 2026-11-21)
 */
export const KEPT_NAMES: ReadonlySet<string> = new Set([
  'file_id',
  'file_ids',
  'input_file_id',
  'previous_response_id',
  'previous_message_id',
  'container',
  'container_id',
  'vector_store_id',
  'vector_store_ids',
  'conversation',
  'cached_content',
  'cachedContent',
]);

/** Gemini names a file by its address; any other address is a public one. */
export const FILE_ADDRESSES: ReadonlySet<string> = new Set(['fileUri', 'file_uri']);
