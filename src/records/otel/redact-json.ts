import { type Json, parseJson } from '../../core/json.ts';
import { redactTexts } from '../redaction/redact-texts.ts';

export interface Cleaning {
  readonly isRedacted: boolean;
  /** Shortens a text that is clean already: half a secret is not recognised. */
  readonly cut: (text: string) => string;
}

/** JSON of a value whose texts are clean and not too long. */
export function cleanJson(value: Json, { isRedacted, cut }: Cleaning): string {
  const clean = isRedacted ? (parseJson(redactTexts(JSON.stringify(value))) ?? null) : value;
  return JSON.stringify(cutTexts(clean, cut));
}

function cutTexts(value: Json, cut: Cleaning['cut']): Json {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return value.map((item) => cutTexts(item, cut));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item === undefined ? undefined : cutTexts(item, cut)]),
  );
}
