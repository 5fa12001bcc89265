import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { seededRandom } from '../../src/models/simulator/random.ts';
import type { Encoder } from '../../src/models/vectors/embed/encoder.ts';
import { openLexicalEncoder } from '../../src/models/vectors/embed/lexical-encoder.ts';
import { openSentenceEncoder } from '../../src/models/vectors/embed/sentence-encoder.ts';

export type EncoderName = 'sentence' | 'lexical' | 'random';

const FOLDER = join(tmpdir(), 'causeway-bench-cache');
const RANDOM_DIMENSIONS = 64;

/** Vectors of length 1 of these texts, one after the other; kept on disk, as making them takes 10 ms each. */
export async function vectorsOf(name: EncoderName, texts: readonly string[]): Promise<Float32Array[]> {
  if (name === 'random') return texts.map(randomVector);
  if (name === 'lexical') return openLexicalEncoder().encode(texts);
  const key = createHash('sha256')
    .update(JSON.stringify([name, texts]))
    .digest('hex')
    .slice(0, 32);
  const file = join(FOLDER, `${key}.f32`);
  if (existsSync(file)) return split(readFileSync(file), texts.length);
  const vectors = await encoded(await openSentenceEncoder(), texts);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, Buffer.concat(vectors.map((vector) => Buffer.from(vector.buffer))));
  renameSync(`${file}.${process.pid}`, file);
  return vectors;
}

async function encoded(encoder: Encoder, texts: readonly string[]): Promise<Float32Array[]> {
  console.error(`encoding ${texts.length} texts, about ${Math.ceil(texts.length / 80)} s`);
  return encoder.encode(texts);
}

function split(bytes: Buffer, count: number): Float32Array[] {
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const dimensions = all.length / count;
  return Array.from({ length: count }, (_, at) => all.subarray(at * dimensions, (at + 1) * dimensions));
}

/** A vector that has nothing to do with what the text means. */
function randomVector(text: string): Float32Array {
  const random = seededRandom(createHash('sha256').update(text).digest().readInt32LE());
  const vector = Float32Array.from({ length: RANDOM_DIMENSIONS }, () => random() + random() - random() - random());
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Cosines of all pairs, worked out once, as every policy and seed asks for them again. */
export class Cosines {
  readonly #values: Float32Array;
  readonly #count: number;

  constructor(vectors: readonly Float32Array[]) {
    this.#count = vectors.length;
    this.#values = new Float32Array(vectors.length * vectors.length);
    for (const [row, one] of vectors.entries()) {
      for (let column = 0; column < row; column += 1) {
        const cosine = product(one, vectors[column] ?? one);
        this.#values[row * this.#count + column] = cosine;
        this.#values[column * this.#count + row] = cosine;
      }
    }
  }

  /** The nearest of `stored`, the most similar first, as the product's own index finds them. */
  nearest(asked: number, stored: readonly number[], most: number): { item: number; similarity: number }[] {
    const best: { item: number; similarity: number }[] = [];
    const row = asked * this.#count;
    let least = Number.NEGATIVE_INFINITY;
    for (const item of stored) {
      const similarity = this.#values[row + item] ?? 0;
      if (best.length === most && similarity <= least) continue;
      let at = best.length;
      while (at > 0 && (best[at - 1]?.similarity ?? 0) < similarity) at -= 1;
      best.splice(at, 0, { item, similarity });
      if (best.length > most) best.pop();
      least = best.at(-1)?.similarity ?? least;
    }
    return best;
  }
}

function product(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
