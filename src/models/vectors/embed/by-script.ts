import type { Encoder, Encoders } from './encoder.ts';

/** Of letters; a name or a quotation in another script changes nothing. */
const MOSTLY = 0.8;

const LETTER = /\p{L}/gu;
const LATIN = /\p{Script=Latin}/gu;

/** Texts in Latin script go to the one encoder, all others (and those without letters) to the other one. */
export function encodersByScript(latin: Encoder, others: Encoder): Encoders {
  return { of: (text) => (isMostlyLatin(text) ? latin : others) };
}

export function isMostlyLatin(text: string): boolean {
  const letters = text.match(LETTER)?.length ?? 0;
  if (letters === 0) return false;
  const latin = text.match(LATIN)?.length ?? 0;
  return latin >= letters * MOSTLY;
}
