import type { Protocol } from '../call.ts';

/**
 * Proofs of reasoning belong to the protocol that made them, and any other refuses them. Anthropic's are written as
 * they came, for its own clients; those of other protocols carry the protocol's name in front.
 */
const OF_OTHERS = /^(openai|responses|gemini|converse|cohere):/;

/** The proof as clients are shown it. */
export function markedSignature(protocol: Protocol, signature: string): string {
  return protocol === 'anthropic' ? signature : `${protocol}:${signature}`;
}

/** The proof as its protocol made it; undefined where it is another's. */
export function signatureFor(protocol: Protocol, marked: string): string | undefined {
  const owner = OF_OTHERS.exec(marked)?.[1] ?? 'anthropic';
  if (owner !== protocol) return undefined;
  return protocol === 'anthropic' ? marked : marked.slice(owner.length + 1);
}
