import type { JsonObject } from '../../../core/json.ts';

interface Entry {
  text: string;
  signature: string | undefined;
  redacted: string | undefined;
}

/** Collects the reasoning of one answer, part by part. */
export class ReasoningLog {
  readonly #entries = new Map<number, Entry>();
  #hasProof = false;

  add(index: number, text: string): void {
    this.#entry(index).text += text;
  }

  /** The last proof of a part counts. */
  prove(index: number, proof: string, redacted: boolean): void {
    this.#hasProof = true;
    if (redacted) this.#entry(index).redacted = proof;
    else this.#entry(index).signature = proof;
  }

  /** Undefined where nothing has a proof: the text stands in `reasoning_content` then, and that is all. */
  get entries(): JsonObject[] | undefined {
    return this.#hasProof ? [...this.#entries.values()].flatMap(written) : undefined;
  }

  #entry(index: number): Entry {
    let entry = this.#entries.get(index);
    if (!entry) {
      entry = { text: '', signature: undefined, redacted: undefined };
      this.#entries.set(index, entry);
    }
    return entry;
  }
}

function written({ text, signature, redacted }: Entry): JsonObject[] {
  const sealed: JsonObject[] = redacted === undefined ? [] : [{ type: 'redacted', data: redacted }];
  if (signature !== undefined) return [{ type: 'text', text, signature }, ...sealed];
  return text === '' ? sealed : [{ type: 'text', text }, ...sealed];
}
