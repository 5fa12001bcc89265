import { decodedParts } from './disguise/decode.ts';
import { type Folded, fold } from './disguise/fold.ts';
import { type Variant, closeUp, rejoin, reverse, unleet, unrot13 } from './disguise/variants.ts';
import { type Hit, look } from './look.ts';
import { SIGN_WEIGHTS } from './weights.ts';
import { Survey } from './words/survey.ts';
import { beginText } from './words/word-walk.ts';

/** So often what was decoded is decoded again. */
const MOST_DEPTH = 5;
/**
 * For each unit of the text, so much is read of what it says when it is decoded, and so much of that in other readings:
 * each has its own share, so that none can be used up to hide another.
 */
const DECODED = 3;
const READ_AGAIN = 3;
/** But at least so many units. */
const LEAST_AGAIN = 16_384;
/** Signs that weigh this much count when they were found only by decoding; weaker ones stand in any text. */
const STRONG = 1.5;
/** So many such words make it worth to read the text anew. */
const [LEET, BROKEN, ROT13, REVERSED, HIDDEN] = [2, 3, 3, 3, 2];

/**
 * The signs of an attack in a text, in the order in which they were found: as it stands, and as it reads when it is
 * decoded. Places are those of the text. In time linear in its length.
 */
export function signsOf(text: string): Hit[] {
  beginText();
  return new Reader(text.length).read(text, 0);
}

/**
 * The same where it is little work: where nothing has to be decoded or folded, and few patterns have to be tried. Undefined
 * elsewhere.
 */
export function signsAtAGlance(text: string): Hit[] | undefined {
  beginText();
  const survey = Survey.of(text);
  if (!survey) return undefined;
  if (survey.isIdle) return [];
  const isLittle = survey.isExact && survey.isPlain && survey.tries <= LEAST_TRIES + text.length / UNITS_A_TRY;
  return isLittle ? plainSigns(text, survey) : undefined;
}

/** Patterns that are tried at a glance: at least so many, and one for so many units. */
const [LEAST_TRIES, UNITS_A_TRY] = [32, 128];

/** Of a text that is folded by writing it in small letters. */
function plainSigns(text: string, { chances }: Survey): Hit[] {
  return look(text.toLowerCase(), chances, (start, end) => isUpperCase(text.slice(start, end)));
}

function isUpperCase(text: string): boolean {
  return text === text.toUpperCase();
}

class Reader {
  #toDecode: number;
  #toReadAgain: number;

  constructor(length: number) {
    this.#toDecode = Math.max(LEAST_AGAIN, DECODED * length);
    this.#toReadAgain = Math.max(LEAST_AGAIN, READ_AGAIN * length);
  }

  read(text: string, depth: number): Hit[] {
    const given = Survey.of(text);
    if (given?.isIdle) return [];
    if (given?.isExact && given.isPlain) return plainSigns(text, given);
    const folded = fold(text);
    const place = (at: number): number => folded.places?.[at] ?? at;
    const isUpperAt = (start: number, end: number): boolean => isUpperCase(text.slice(place(start), place(end)));
    const survey = Survey.ofFolded(folded.text);
    const seen = look(folded.text, survey.chances, isUpperAt);
    const hits = seen.map(({ sign, start, end }) => ({ sign, start: place(start), end: place(end) }));
    for (const hit of disguises(folded, text)) hits.push(hit);
    if (depth < MOST_DEPTH) for (const hit of this.#decoded(text, folded, survey, depth)) hits.push(hit);
    for (const hit of this.#variants({ folded: folded.text, survey, seen, place, depth })) hits.push(hit);
    return hits;
  }

  /** The whole text, read in other ways; what could be read without that is not counted twice. */
  #variants({ folded, survey, seen, place, depth }: Looked): Hit[] {
    const hits: Hit[] = [];
    for (const variant of variantsOf(folded, survey)) {
      // There are few of the text itself.
      if (depth > 0 && !this.#mayReadAgain(variant.text)) continue;
      const known = new Map<string, number>();
      for (const { sign } of seen) known.set(sign, (known.get(sign) ?? 0) + 1);
      const { chances } = Survey.ofFolded(variant.text);
      const found = look(variant.text, chances, () => false).filter(({ sign }) => {
        const left = known.get(sign) ?? 0;
        known.set(sign, left - 1);
        return left <= 0;
      });
      const inText = found.map(({ sign, start, end }) =>
        spanOf(sign, place(variant.place(start)), place(variant.place(end))),
      );
      for (const hit of encoded(inText)) hits.push(hit);
    }
    return hits;
  }

  #decoded(text: string, folded: Folded, survey: Survey, depth: number): Hit[] {
    const parts = decodedParts(text, survey);
    if (folded.smuggled) parts.push({ start: folded.smuggledAt, end: folded.smuggledAt + 1, text: folded.smuggled });
    return parts.flatMap(({ start, end, text: part }) => {
      if (!this.#mayDecode(part)) return [];
      return encoded(this.read(part, depth + 1).map(({ sign }) => ({ sign, start, end })));
    });
  }

  #mayDecode({ length }: string): boolean {
    if (length > this.#toDecode) return false;
    this.#toDecode -= length;
    return true;
  }

  #mayReadAgain({ length }: string): boolean {
    if (length > this.#toReadAgain) return false;
    this.#toReadAgain -= length;
    return true;
  }
}

/** What was found of a text as it stands. */
interface Looked {
  readonly folded: string;
  readonly survey: Survey;
  readonly seen: readonly Hit[];
  readonly place: (at: number) => number;
  readonly depth: number;
}

function* variantsOf(folded: string, seen: Survey): Generator<Variant> {
  if (seen.leetWords >= LEET) yield unleet(folded);
  if (seen.brokenWords >= BROKEN) yield rejoin(folded);
  if (seen.spacedSigns >= BROKEN) yield closeUp(folded);
  if (seen.rot13Words >= ROT13) yield unrot13(folded);
  if (seen.reversedWords >= REVERSED) yield reverse(folded);
}

/** Signs that were found by decoding, where one of them is strong, and the sign that they had to be decoded. */
function encoded(hits: readonly Hit[]): Hit[] {
  const strong = hits.find(({ sign }) => SIGN_WEIGHTS[sign].weight >= STRONG);
  return strong ? [...hits, { sign: 'encoded', start: strong.start, end: strong.end }] : [];
}

function disguises({ hiddenLetters, lookalikes, smuggled, smuggledAt }: Folded, text: string): Hit[] {
  const hits: Hit[] = [];
  if (smuggled) hits.push({ sign: 'smuggled', start: smuggledAt, end: smuggledAt + 1 });
  if (hiddenLetters >= HIDDEN) hits.push({ sign: 'hidden-letters', start: 0, end: text.length });
  if (lookalikes >= HIDDEN) hits.push({ sign: 'lookalikes', start: 0, end: text.length });
  return hits;
}

/** A reversed text has its ends reversed too. */
function spanOf(sign: Hit['sign'], one: number, other: number): Hit {
  return { sign, start: Math.min(one, other), end: Math.max(one, other) };
}
