/**
 * Our own field on messages of the assistant in OpenAI's dialect: its reasoning with the proofs that its provider wants
 * to see again, as `{ type: 'text', text, signature? }` and `{ type: 'redacted', data }`. That API has no place for
 * them.
 */
export const REASONING_ENTRIES = 'causeway_reasoning';
