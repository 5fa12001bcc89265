import { type Encoder, cutText, unitLength } from './encoder.ts';

const DIMENSIONS = 1024;
const MOST_CHARACTERS = 8000;

/** What a run of one, two and three characters weighs: longer ones say more about what is meant. */
const WEIGHTS = [1, 1.5, 1.5] as const;

/**
 * For scripts that the sentence encoder does not read: which characters, pairs and triples a text has. It knows how
 * alike two texts are worded and nothing of what they mean.
 */
export function openLexicalEncoder(): Encoder {
  return {
    space: 'lexical',
    dimensions: DIMENSIONS,
    encode: (texts) => Promise.resolve(texts.map(encodeText)),
  };
}

function encodeText(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  const characters = Array.from(normalized(text));
  for (let start = 0; start < characters.length; start += 1) {
    let hash = 0x811c9dc5;
    for (const [more, weight] of WEIGHTS.entries()) {
      const character = characters[start + more];
      if (character === undefined) break;
      hash = mixed(hash, character.codePointAt(0) ?? 0);
      const place = hash % DIMENSIONS;
      // Half of the runs count downwards, so that those that fall on the same place cancel out instead of adding up.
      vector[place] = (vector[place] ?? 0) + (hash & 0x40000000 ? weight : -weight);
    }
  }
  return unitLength(vector);
}

function normalized(text: string): string {
  const plain = cutText(text, MOST_CHARACTERS).normalize('NFKC').toLowerCase();
  return plain.replaceAll(/\s+/g, ' ').trim();
}

/** One more character of a hash (FNV-1a over code points, with a last mix so that all bits count). */
function mixed(hash: number, code: number): number {
  let next = Math.imul(hash ^ code, 0x01000193);
  next = Math.imul(next ^ (next >>> 15), 0x2c1b3c6d);
  return (next ^ (next >>> 13)) >>> 0;
}
