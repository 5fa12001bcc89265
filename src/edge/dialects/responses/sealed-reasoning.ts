import type { ReasoningPart } from '../../../core/inference/content.ts';
import { markedSignature, signatureFor } from '../../../core/inference/signatures.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';

/** What is known of one piece of reasoning besides its text. */
export type ReasoningProof = Pick<ReasoningPart, 'signature' | 'redacted'>;

/** OpenAI's own, and that of servers like it, is base64, which has no colon. */
const OURS = /^causeway:(signature|redacted):/;

/**
 * A proof as the `encrypted_content` of a reasoning item, the field that this API's clients send back as it came. It
 * is there without a proof too: some clients leave reasoning out that has none.
 */
export function sealReasoning({ signature, redacted }: ReasoningProof): string {
  if (redacted !== undefined) return signatureFor('responses', redacted) ?? `causeway:redacted:${redacted}`;
  if (signature === undefined) return UNSIGNED;
  // Its own server gets it back as it came, also where the answer was written anew.
  return signatureFor('responses', signature) ?? `causeway:signature:${signature}`;
}

/** What a client sent back: a proof that {@link sealReasoning} wrote, or one of this API's own servers. */
export function unsealReasoning(encrypted: string | undefined): ReasoningProof {
  if (encrypted === undefined || encrypted === '' || encrypted === UNSIGNED) return {};
  const [prefix = '', kind] = OURS.exec(encrypted) ?? [];
  const proof = encrypted.slice(prefix.length);
  if (kind === 'signature') return { signature: proof };
  return { redacted: kind === 'redacted' ? proof : markedSignature('responses', proof) };
}
