import type { Json } from '../../../core/json.ts';
import { storableText } from '../../../storage/database/storable.ts';
import { gramsOf } from './grams.ts';
import { newMessages, textsIn, textsOfBroken } from './spoken-texts.ts';

/** The most of each of the two texts that is searched, UTF-16 units as they came. */
const MAX_CHARS = 2000;

/** Stands between texts that are not one, and cannot be asked for. */
const BREAK = '\u001F';

/** All but a single space, which most are, and which would be put in the place of itself. */
const SPACES = / \s+|[^\S ]\s*/g;

/** A text in the form in which it is stored and asked for: one form of each letter, lower case, one space for many. */
export function searchForm(text: string): string {
  return (
    storableText(text.replaceAll(BREAK, ' '))
      .normalize('NFKC')
      .toLowerCase()
      // Which of the two a word has depends on what follows, which a part of it does not know.
      .replaceAll('ς', 'σ')
      .replaceAll(SPACES, ' ')
  );
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
  /** In the form of {@link searchForm}. */
  readonly form: string;
  /** What texts that contain it have; without any all texts of a time have to be read. */
  readonly grams: readonly number[];
}

/** More would narrow nothing. */
const MAX_GRAMS = 32;

/** Undefined where there is nothing to look for. */
export function searchPattern(text: string): SearchPattern | undefined {
  const form = searchForm(text).trim();
  if (form === '') return undefined;
  return { form, grams: [...gramsOf(form).subarray(0, MAX_GRAMS)] };
}
