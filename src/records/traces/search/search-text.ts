import type { Json } from '../../../core/json.ts';
import { storableText } from '../../../storage/database/storable.ts';
import { newMessages, textsIn, textsOfBroken } from './spoken-texts.ts';

/** The most of each of the two texts that is searched, UTF-16 units as they came. */
const MAX_CHARS = 2000;

/** Stands between texts that are not one, and cannot be asked for. */
const BREAK = '\u001F';

/** Scripts that are written without spaces, or in which a word of two characters is a word. */
const WRITTEN_CLOSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30FC]/gu;

/**
 * A text in the form in which it is stored and asked for: one form of each letter, lower case, one space for many.
 *
 * The database finds texts by their trigrams, of which two characters have none. So each Chinese, Japanese or Korean
 * character is written twice: 退款 is 退退款款, which has two. A text contains another in this form exactly if it does
 * as it was: every run of one such character is of even length in both.
 */
export function searchForm(text: string): string {
  const one = storableText(text.replaceAll(BREAK, ' '))
    .normalize('NFKC')
    .toLowerCase()
    // Which of the two a word has depends on what follows, which a part of it does not know.
    .replaceAll('ς', 'σ')
    .replaceAll(/\s+/g, ' ');
  return one.replaceAll(WRITTEN_CLOSE, '$&$&');
}

/** What a record is found by: what is new in its input, and its output. Null where there is no text. */
export function searchTextOf(input: Json | undefined, output: Json | undefined): string | null {
  const said = input === undefined ? [] : textsIn(newMessages(whole(input)), MAX_CHARS);
  const answered = output === undefined ? [] : textsIn(whole(output), MAX_CHARS);
  const texts = [...said, ...answered].map(searchForm).filter((text) => text !== '' && text !== ' ');
  return texts.length === 0 ? null : texts.join(BREAK);
}

/** A body that is a text is no JSON, or was cut. */
function whole(body: Json): Json {
  return typeof body === 'string' ? textsOfBroken(body) : body;
}

/** What somebody looks for. */
export interface SearchPattern {
  /** For `LIKE`, with its signs escaped. */
  readonly like: string;
  /** Whether it has a trigram; else all texts of a time have to be read. */
  readonly hasTrigram: boolean;
}

/** Undefined where there is nothing to look for. */
export function searchPattern(text: string): SearchPattern | undefined {
  const form = searchForm(text.trim());
  if (form.trim() === '') return undefined;
  return { like: `%${form.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`, hasTrigram: /[\p{L}\p{N}]{3}/u.test(form) };
}
