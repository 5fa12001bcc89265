import { sentencesOf } from './sentences.ts';
import { type Term, keysIn } from './terms.ts';

/** What stands in more sentences says nothing about any of them. */
const MOST_PLACES = 200;

/** How much of a claim is in the sources. */
export interface Coverage {
  /** Anywhere, and in two sentences that follow each other; 0 to 1 by weight. */
  readonly anywhere: number;
  readonly together: number;
  /** Numbers and names that are nowhere, as a part of all numbers and names; 0 where there are none. */
  readonly missingFacts: number;
}

/** What sources say of what is asked for. It is filled piece by piece, so that nobody waits long for it. */
export class SourceIndex {
  readonly #places = new Map<string, number[]>();
  readonly #wanted: ReadonlySet<string>;
  #sentences = 0;

  /** @param claims what will be looked up: nothing else is kept */
  constructor(claims: readonly { readonly terms: readonly Term[] }[]) {
    this.#wanted = new Set(claims.flatMap(({ terms }) => terms.map(({ key }) => key)));
  }

  add(text: string): void {
    for (const sentence of sentencesOf(text)) {
      const at = this.#sentences;
      this.#sentences += 1;
      for (const key of keysIn(sentence)) {
        if (!this.#wanted.has(key)) continue;
        const places = this.#places.get(key);
        if (!places) this.#places.set(key, [at]);
        else if (places.length < MOST_PLACES) places.push(at);
      }
    }
  }

  /** @param terms at least one with a weight */
  coverageOf(terms: readonly Term[]): Coverage {
    const together = new Map<number, number>();
    let all = 0;
    let anywhere = 0;
    let everywhere = 0;
    let facts = 0;
    let missing = 0;
    for (const { key, weight, isFact } of terms) {
      all += weight;
      if (isFact) facts += weight;
      const places = this.#places.get(key);
      if (!places) {
        if (isFact) missing += weight;
        continue;
      }
      anywhere += weight;
      if (places.length >= MOST_PLACES) everywhere += weight;
      else addWindows(together, places, weight);
    }
    let best = 0;
    for (const weight of together.values()) if (weight > best) best = weight;
    return {
      anywhere: anywhere / all,
      together: (best + everywhere) / all,
      missingFacts: facts === 0 ? 0 : missing / facts,
    };
  }
}

/** Each sentence stands for itself and the one after it. */
function addWindows(windows: Map<number, number>, places: readonly number[], weight: number): void {
  let before = -2;
  for (const at of places) {
    if (at - 1 > before) windows.set(at - 1, (windows.get(at - 1) ?? 0) + weight);
    windows.set(at, (windows.get(at) ?? 0) + weight);
    before = at;
  }
}
