import { type Document, parseDocument } from 'yaml';

import type { Environment } from '../config.ts';
import type { YamlSource } from '../yaml-source.ts';
import { type MaskedSecret, type MaskedText, PLACEHOLDER, maskText } from './mask-text.ts';
import { type PlacedScalar, placedScalars } from './placed-scalars.ts';

/** A placeholder of an edited text that stands for a secret. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly secret: MaskedSecret;
  readonly scalar: PlacedScalar | undefined;
}

/**
 * Puts secrets back into a text that was masked and then edited, so that the document can be checked with the places of
 * the edited text. A placeholder goes back to the field that it was taken from, and to no other: else a key could be
 * sent to an address that it was not meant for.
 */
export class TextRestorer {
  readonly #edited: string;
  readonly #masked: MaskedText;
  readonly #env: Environment;
  #places: readonly Place[] = [];

  /** @param masked what the edited text was before it was edited */
  constructor(edited: string, masked: MaskedText, env: Environment) {
    this.#edited = edited;
    this.#masked = masked;
    this.#env = env;
  }

  /** Gives the values of the document back, and reports what cannot be. */
  readonly restore = (document: Document.Parsed, source: Pick<YamlSource, 'report'>): void => {
    const scalars = placedScalars(document, this.#edited);
    const places: Place[] = [];
    for (const { 0: placeholder, index: start } of this.#edited.matchAll(PLACEHOLDER)) {
      const end = start + placeholder.length;
      const scalar = scalars.find((one) => one.start <= start && end <= one.end);
      const secret = this.#masked.secrets.find((one) => one.placeholder === placeholder);
      const problem = secret ? misplaced(secret, scalar, placeholder) : NOT_THERE;
      if (problem !== undefined || !secret) source.report(start, scalar?.path ?? '', problem ?? NOT_THERE);
      else places.push({ start, end, secret, scalar });
    }
    for (const { secret, scalar } of places) {
      if (!scalar) continue;
      const { node } = scalar;
      node.value = secret.value ? secret.value.of : String(node.value).replaceAll(secret.placeholder, secret.raw);
    }
    this.#places = places;
    for (const place of places) if (this.#wouldShow(place)) source.report(place.start, '', WOULD_SHOW);
  };

  /** The text as it is to be written; `restore` comes first. */
  text(): string {
    const asWritten = this.#with(({ raw }) => raw);
    if (this.#isSame(asWritten)) return asWritten;
    return this.#with(({ raw, value }) => (value ? JSON.stringify(value.of) : raw));
  }

  #with(written: (secret: MaskedSecret) => string): string {
    let text = this.#edited;
    for (const { start, end, secret, scalar } of this.#places.toReversed()) {
      const span = secret.value && scalar?.path !== undefined ? scalar : { start, end };
      text = `${text.slice(0, span.start)}${written(secret)}${text.slice(span.end)}`;
    }
    return text;
  }

  /** Where a value was moved to other quotes or another depth, it may read otherwise there. */
  #isSame(text: string): boolean {
    const document = parseDocument(text, { prettyErrors: false });
    if (document.errors.length > 0) return false;
    const values = new Map(placedScalars(document, text).map(({ path, node }) => [path, node.value]));
    return this.#places.every(({ secret, scalar }) => {
      return !secret.value || scalar?.path === undefined || values.get(scalar.path) === secret.value.of;
    });
  }

  /** A value that became a comment may not be known for a secret there. */
  #wouldShow({ secret, scalar }: Place): boolean {
    if (!secret.value || scalar?.path !== undefined) return false;
    const shown = String(secret.value.of);
    return !this.#masked.text.includes(shown) && maskText(this.text(), this.#env).text.includes(shown);
  }
}

const NOT_THERE =
  'this placeholder stands for no secret of the file; write the secret itself, or better ${NAME} and set the variable';
const WOULD_SHOW = 'a secret in a comment could be read by everybody who sees the file here; delete it';

function misplaced(secret: MaskedSecret, scalar: PlacedScalar | undefined, placeholder: string): string | undefined {
  if (scalar?.path === undefined) return undefined;
  if (secret.path === undefined || inList(secret.path) !== inList(scalar.path)) {
    const from = secret.path === undefined ? 'in a comment' : `at ${secret.path}`;
    return `the secret stood ${from}, and cannot be used here; write it again, or better \${NAME} and set the variable`;
  }
  if (secret.value && scalar.node.value !== placeholder)
    return 'a secret stands alone; keep the placeholder, or write all of it anew';
  return undefined;
}

/** Places of the same list are one: what was the second key may be the first. */
function inList(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '[]');
}
