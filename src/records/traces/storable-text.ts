import { type Json, isDeeperThan, parseJson } from '../../core/json.ts';
import { storableJson, storableText } from '../../storage/database/storable.ts';
import type { KeptText } from '../journal/entry-codec.ts';

/**
 * Levels of nesting that are stored as JSON. PostgreSQL refuses a few thousand; the embedded engine loses its
 * stack at some thousand and hangs, so a client could stop it with one body.
 */
const MAX_DEPTH = 256;

/**
 * Longest text of an indexed column, UTF-16 units. An index row holds 2704 bytes, and a client chooses names
 * of models and users freely.
 */
const MAX_NAME_CHARS = 512;

const DECODER_OPTIONS = { ignoreBOM: true } as const;

export interface StorableBody {
  /** Text that jsonb takes. */
  readonly json: string;
  /** What it says. */
  readonly value: Json;
}

/** A body as JSON: as it is, and what is no JSON, is cut or is nested too deeply, as one string. */
export function storableBody({ bytes, wholeLength }: KeptText): StorableBody {
  const isCut = bytes.length < wholeLength;
  // In streaming mode a character that is cut in half is left out.
  const text = new TextDecoder('utf-8', DECODER_OPTIONS).decode(bytes, { stream: isCut });
  if (isCut) return { json: storableJson(`${text}… [cut: ${bytes.length} of ${wholeLength} bytes kept]`), value: text };
  const parsed = parseJson(text);
  const value = parsed === undefined || isDeeperThan(parsed, MAX_DEPTH) ? text : parsed;
  return { json: storableJson(value), value };
}

/** A value of our own facts as text that jsonb takes. */
export function storableValue(value: Json): string {
  return storableJson(isDeeperThan(value, MAX_DEPTH) ? 'not recorded: nested too deeply' : value);
}

/** A name for an indexed text column. */
export function storableName(name: string | undefined): string | null {
  return name === undefined ? null : storableText(name.slice(0, MAX_NAME_CHARS));
}
