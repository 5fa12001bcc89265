import type { Encoders } from '../../src/models/vectors/embed/encoder.ts';
import type { Found, MadeVector, Question, VectorDesk } from '../../src/models/vectors/embed/messages.ts';
import { Partitions } from '../../src/models/vectors/index/partitions.ts';
import { ExactIndex } from '../../src/models/vectors/index/exact-index.ts';

/** Texts that are encoded between two words on how far it is. */
const AT_ONCE = 256;

/** What the product's thread of vectors does, in this process and with vectors that were made before. */
export class ReadyDesk implements VectorDesk {
  readonly #partitions = new Partitions((dimensions) => new ExactIndex(dimensions));
  readonly #made = new Map<string, MadeVector>();

  /** @param said how many are done */
  async prepare(encoders: Encoders, texts: readonly string[], said: (done: number) => void): Promise<void> {
    for (let from = 0; from < texts.length; from += AT_ONCE) {
      const bySpace = Map.groupBy(new Set(texts.slice(from, from + AT_ONCE)), (text) => encoders.of(text));
      for (const [encoder, some] of bySpace) {
        const vectors = await encoder.encode(some);
        for (const [at, text] of some.entries()) {
          const vector = vectors[at];
          if (vector) this.#made.set(text, { space: encoder.space, vector });
        }
      }
      said(Math.min(texts.length, from + AT_ONCE));
    }
  }

  made(text: string): MadeVector | undefined {
    return this.#made.get(text);
  }

  ask({ text = '', partition, most = 1 }: Question): Promise<Found | undefined> {
    const made = this.#made.get(text);
    if (!made) return Promise.resolve(undefined);
    const near = partition === undefined ? [] : this.#partitions.nearest(place(partition, made), made.vector, most);
    return Promise.resolve({ ...made, near });
  }

  add(partition: string, entry: string, made: MadeVector): void {
    this.#partitions.add(place(partition, made), entry, made.vector);
  }

  remove(entries: readonly string[]): void {
    for (const entry of entries) this.#partitions.remove(entry);
  }
}

function place(partition: string, { space }: MadeVector): string {
  return `${partition} ${space}`;
}
