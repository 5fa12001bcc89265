import type { Document } from 'yaml';

import type { Environment } from '../config.ts';
import { type YamlSource, parseYaml } from '../yaml-source.ts';
import { type MaskedSecret, type MaskedText, PLACEHOLDER, maskText } from './mask-text.ts';
import { type PlacedScalar, placedScalars } from './placed-scalars.ts';

/** Characters: a long secret whose placeholder is copied makes much of little. */
const MOST_RESTORED = 1_000_000;

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
    const secrets = new Map(this.#masked.secrets.map((one) => [one.placeholder, one]));
    const places: Place[] = [];
    let next = 0;
    let length = 0;
    for (const { 0: placeholder, index: start } of this.#edited.matchAll(PLACEHOLDER)) {
      const end = start + placeholder.length;
      // Both are in order, and no scalar overlaps another.
      while ((scalars[next]?.end ?? Infinity) < end) next += 1;
      const scalar = (scalars[next]?.start ?? Infinity) <= start ? scalars[next] : undefined;
      const secret = secrets.get(placeholder);
      length += secret?.raw.length ?? 0;
      const problem = length > MOST_RESTORED ? TOO_OFTEN : whyNot(secret, scalar, placeholder);
      if (problem !== undefined || !secret) source.report(start, scalar?.path ?? '', problem ?? NOT_THERE);
      else places.push({ start, end, secret, scalar });
    }
    for (const { secret, scalar } of places) {
      if (!scalar) continue;
      const { node } = scalar;
      node.value = secret.value ? secret.value.of : String(node.value).replaceAll(secret.placeholder, secret.raw);
    }
    this.#places = places;
    for (const { start } of this.#shownIn(places)) source.report(start, '', WOULD_SHOW);
  };

  /** The text as it is to be written; `restore` comes first. */
  text(): string {
    const asWritten = this.#with(({ raw }) => raw);
    if (this.#isSame(asWritten)) return asWritten;
    return this.#with(({ raw, value }) => (value ? JSON.stringify(value.of) : raw));
  }

  #with(written: (secret: MaskedSecret) => string): string {
    const parts: string[] = [];
    let at = 0;
    for (const { start, end, secret, scalar } of this.#places) {
      const span = secret.value && scalar?.path !== undefined ? scalar : { start, end };
      parts.push(this.#edited.slice(at, span.start), written(secret));
      at = span.end;
    }
    return parts.join('') + this.#edited.slice(at);
  }

  /** Where a value was moved to other quotes or another depth, it may read otherwise there. */
  #isSame(text: string): boolean {
    const values = valuesIn(text);
    if (!values) return false;
    return this.#places.every(({ secret, scalar }) => {
      return !secret.value || scalar?.path === undefined || values.get(scalar.path) === secret.value.of;
    });
  }

  /** Values that became comments, where they may not be known for secrets. */
  #shownIn(places: readonly Place[]): Place[] {
    const inComments = places.filter(({ secret, scalar }) => secret.value && scalar?.path === undefined);
    if (inComments.length === 0) return [];
    const later = maskText(this.text(), this.#env).text;
    return inComments.filter(({ secret }) => {
      const shown = String(secret.value?.of);
      return !this.#masked.text.includes(shown) && later.includes(shown);
    });
  }
}

/** By their places; undefined of what is no YAML. */
function valuesIn(text: string): ReadonlyMap<string | undefined, unknown> | undefined {
  const document = parseYaml(text);
  if (document.errors.length > 0) return undefined;
  return new Map(placedScalars(document, text).map(({ path, node }) => [path, node.value]));
}

const NOT_THERE =
  'this placeholder stands for no secret of the file; write the secret itself, or better ${NAME} and set the variable';
const TOO_OFTEN = 'secrets stand here so often that the text would be too long';
const WOULD_SHOW = 'a secret in a comment could be read by everybody who sees the file here; delete it';

function whyNot(
  secret: MaskedSecret | undefined,
  scalar: PlacedScalar | undefined,
  placeholder: string,
): string | undefined {
  if (!secret) return NOT_THERE;
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
