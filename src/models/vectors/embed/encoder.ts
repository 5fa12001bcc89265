/** Makes vectors of texts, such that texts that mean nearly the same have nearly the same vector. */
export interface Encoder {
  /** Names what made a vector. Vectors of different spaces are never compared. */
  readonly space: string;
  readonly dimensions: number;
  /** One vector of length 1 for each text, in their order. A text beyond what the encoder reads is cut. */
  encode(texts: readonly string[]): Promise<Float32Array[]>;
}

/** One encoder or several, of which each is for some texts. */
export interface Encoders {
  of(text: string): Encoder;
}

/** The same direction with length 1. A vector of nothing gets a direction of its own, so that it is like no other. */
export function unitLength(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (!(sum > 0) || !Number.isFinite(sum)) {
    vector.fill(0);
    vector[0] = 1;
    return vector;
  }
  const scale = 1 / Math.sqrt(sum);
  for (let at = 0; at < vector.length; at += 1) vector[at] = (vector[at] ?? 0) * scale;
  return vector;
}

/** Cosine similarity of two vectors of length 1 and of the same space. */
export function similarityOf(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

/** At most so many code units, and no half of a pair at the end. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? most - 1 : most);
}
