import { decodedParts } from './disguise/decode.ts';
import { type Folded, fold } from './disguise/fold.ts';
import { type Variant, closeUp, rejoin, reverse, unleet, unrot13 } from './disguise/variants.ts';
import { type Hit, type Look, look } from './look.ts';
import { SIGN_WEIGHTS } from './weights.ts';

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
  return new Reader(text.length).read(text, 0);
}

class Reader {
  #toDecode: number;
  #toReadAgain: number;

  constructor(length: number) {
    this.#toDecode = Math.max(LEAST_AGAIN, DECODED * length);
    this.#toReadAgain = Math.max(LEAST_AGAIN, READ_AGAIN * length);
  }

  read(text: string, depth: number): Hit[] {
    const folded = fold(text);
    const place = (at: number): number => folded.places?.[at] ?? at;
    const isUpper = (start: number, end: number): boolean => {
      const given = text.slice(place(start), place(end));
      return given === given.toUpperCase();
    };
    const seen = look(folded.text, isUpper);
    const hits = seen.hits.map(({ sign, start, end }) => ({ sign, start: place(start), end: place(end) }));
    for (const hit of disguises(folded, text)) hits.push(hit);
    if (depth < MOST_DEPTH) for (const hit of this.#decoded(text, folded, seen, depth)) hits.push(hit);
    for (const hit of this.#variants(folded.text, seen, { place, depth })) hits.push(hit);
    return hits;
  }

  /** The whole text, read in other ways; what could be read without that is not counted twice. */
  #variants(folded: string, seen: Look, { place, depth }: { place: (at: number) => number; depth: number }): Hit[] {
    const hits: Hit[] = [];
    for (const variant of variantsOf(folded, seen)) {
      // There are few of the text itself.
      if (depth > 0 && !this.#mayReadAgain(variant.text)) continue;
      const known = new Map<string, number>();
      for (const { sign } of seen.hits) known.set(sign, (known.get(sign) ?? 0) + 1);
      const found = look(variant.text, () => false).hits.filter(({ sign }) => {
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

  #decoded(text: string, folded: Folded, seen: Look, depth: number): Hit[] {
    const parts = decodedParts(text, seen);
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

function* variantsOf(folded: string, seen: Look): Generator<Variant> {
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
