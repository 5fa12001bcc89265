import { hashText } from './random.ts';

const GRAM = 3;
/** Each piece of text leaves its mark in this many places of the vector. */
const MARKS = 4;

/** Pieces that similar texts share: words, and runs of three characters within " word ". */
function* piecesOf(text: string): Generator<string> {
  const words = text
    .toLowerCase()
    .normalize('NFKC')
    .match(/[\p{L}\p{N}]+/gu) ?? [text];
  for (const word of words) {
    yield word;
    const padded = ` ${word} `;
    for (let at = 0; at + GRAM <= padded.length; at += 1) yield padded.slice(at, at + GRAM);
  }
}

/**
 * A vector of length 1 for a text: the same for the same text, and nearer for texts that share words and letters.
 * Components are single-precision numbers.
 */
export function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const piece of piecesOf(text)) {
    for (let mark = 0; mark < MARKS; mark += 1) {
      const hash = hashText(piece, Math.imul(mark + 1, 0x9e3779b1));
      const at = hash % dimensions;
      vector[at] = (vector[at] ?? 0) + (hash >= 2 ** 31 ? 1 : -1);
    }
  }
  return normalized(vector);
}

function normalized(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (length === 0) {
    // Marks that cancel each other out, or a text without any: one fixed direction.
    vector[0] = 1;
    return vector;
  }
  return vector.map((component) => component / length);
}
