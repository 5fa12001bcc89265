import { asString, isJsonObject, parseJson } from '../json.ts';
import type { ReasoningPart } from './content.ts';

const MARK = 'causeway:';
/** What the mark is in base64, whole since it has a multiple of three bytes. */
const SEALED = Buffer.from(MARK).toString('base64');

/**
 * Reasoning with the proofs of a protocol other than Gemini's, as one `thoughtSignature`. Gemini's clients give back
 * signatures and need not give back thoughts, so that the texts that belong to the proofs are inside. The field is
 * bytes: clients may decode it and encode it again, in either alphabet of base64.
 */
export function sealForGemini(parts: readonly ReasoningPart[]): string {
  return Buffer.from(MARK + JSON.stringify(parts)).toString('base64');
}

/** Whether a `thoughtSignature` is one that {@link sealForGemini} wrote, which Gemini itself must not be sent. */
export function isSealedForGemini(thoughtSignature: string): boolean {
  return thoughtSignature.startsWith(SEALED);
}

/** What was sealed; undefined where it is not whole any more. */
export function unsealForGemini(thoughtSignature: string): readonly ReasoningPart[] | undefined {
  const text = Buffer.from(thoughtSignature, 'base64').toString('utf8');
  const parts = text.startsWith(MARK) ? parseJson(text.slice(MARK.length)) : undefined;
  if (!Array.isArray(parts) || !parts.every(isJsonObject)) return undefined;
  return parts.map((part) => {
    const signature = asString(part['signature']);
    const redacted = asString(part['redacted']);
    return {
      type: 'reasoning',
      text: asString(part['text']) ?? '',
      ...(signature === undefined ? {} : { signature }),
      ...(redacted === undefined ? {} : { redacted }),
    };
  });
}
