/**
 * The signature of a thinking block that we made of a provider's reasoning that came with none. The Anthropic dialect
 * has no thinking block without a signature; when a client sends this one back, it is known not to prove anything.
 */
export const UNSIGNED = 'causeway-unsigned';
