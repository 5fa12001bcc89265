import type { Call } from '../../../core/call.ts';
import { type Json, isJsonObject } from '../../../core/json.ts';
import { redactTexts } from '../../../records/redaction/redact-texts.ts';
import { isFileBytes } from './file-bytes.ts';
import { joinedParts } from './joined-parts.ts';
import { plainSigns } from '../../../core/texts/plain-signs.ts';

/** So much text is looked into. */
const MOST_CHARS = 256 * 1024;
/** What is still longer in plain signs is not looked into. */
const MOST_PLAIN = 2 * MOST_CHARS;
/** What is nested deeper is not looked into. */
const MOST_DEPTH = 64;

/**
 * Whether something personal or secret is in what a request says: addresses, numbers of cards, phones, accounts and
 * identity papers, keys, passwords; everywhere in its body and in whatever signs, but not in pictures, sound and files. What is too long or
 * nested too deep to be looked into as a whole counts as such.
 * @throws request_invalid where the body is not one JSON object
 */
export function isSensitive({ body }: Pick<Call, 'body'>): boolean {
  const { raw, json, resolved } = body;
  // As it came it is read best: what stands beside a name such as "password" is one, too.
  if (resolved === json && raw.length <= MOST_CHARS) return findsIn(raw.toString('utf8'), json);
  const texts = new TextsOnly();
  const kept = texts.of(resolved, 0);
  return texts.isTooMuch || findsIn(JSON.stringify(kept), kept);
}

/** Also what is written in other signs, or over several parts of a message. */
function findsIn(text: string, body: Json): boolean {
  if (finds(text)) return true;
  const plain = plainSigns(text);
  const joined = plainSigns(joinedParts(body).join('\n\n'));
  // One sign may stand for a whole phrase.
  if (plain.length > MOST_PLAIN || joined.length > MOST_PLAIN) return true;
  return (plain !== text && finds(plain)) || (joined !== '' && finds(joined));
}

/** What is full of such things takes longest to look through, and shows one early. */
const FIRST_LOOKS = [8 * 1024, 64 * 1024];
/** Half a number looks like another one. */
const HALF_AT_END = /[^A-Za-z"]{1,300}$/;

function finds(text: string): boolean {
  for (const length of FIRST_LOOKS) {
    if (text.length < 2 * length) break;
    const beginning = text.slice(0, length).replace(HALF_AT_END, '');
    if (redactTexts(beginning) !== beginning) return true;
  }
  return redactTexts(text) !== text;
}

/** A body without the bytes of files, as long as the rest is not too long. */
class TextsOnly {
  isTooMuch = false;
  #left = MOST_CHARS;

  of(value: Json | undefined, depth: number): Json {
    if (this.isTooMuch || value === undefined) return null;
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= MOST_DEPTH) this.isTooMuch = true;
    this.#spend(2);
    if (Array.isArray(value)) return value.map((item) => this.of(item, depth + 1));
    if (!isJsonObject(value)) return null;
    const kept: Record<string, Json> = {};
    for (const name in value) {
      this.#spend(name.length);
      kept[name] = this.of(value[name], depth + 1);
    }
    return kept;
  }

  #text(text: string): string {
    if (isFileBytes(text)) return '';
    this.#spend(text.length);
    return text;
  }

  #spend(chars: number): void {
    this.#left -= chars;
    if (this.#left < 0) this.isTooMuch = true;
  }
}
