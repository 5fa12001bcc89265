import type { Translation } from '../../../core/inference/translation.ts';

/** Characters. */
const LONGEST = 200;

/**
 * Names of documents as Bedrock takes them: letters and digits of ASCII, single spaces, hyphens, parentheses and square
 * brackets, at most 200 of them, and each once in a request.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html (checked 2026-11-21 in the types of @aws-sdk/client-bedrock-runtime 3.1163)
 */
export class DocumentNames {
  readonly #translation: Translation;
  readonly #taken = new Set<string>();
  #count = 0;

  constructor(translation: Translation) {
    this.#translation = translation;
  }

  nameOf(title: string | undefined): string {
    this.#count += 1;
    const wanted = cleaned(title ?? '');
    const name = this.#free(wanted === '' ? `document-${this.#count}` : wanted);
    if (title !== undefined && title !== name) this.#translation.lose('document-title');
    this.#taken.add(name);
    return name;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let again = 2; this.#taken.has(name); again += 1) {
      const suffix = ` (${again})`;
      name = `${wanted.slice(0, LONGEST - suffix.length).trimEnd()}${suffix}`;
    }
    return name;
  }
}

function cleaned(title: string): string {
  const plain = title.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const words = plain.replaceAll(/[^A-Za-z0-9\s\-()[\]]+/g, '-').replaceAll(/\s+/g, ' ');
  return words.trim().slice(0, LONGEST).trimEnd();
}
