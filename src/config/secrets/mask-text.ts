import { type Span, joinedSpans, secretSpans } from '../../core/secret-spans.ts';
import type { Environment } from '../config.ts';
import { hintOf } from '../effective.ts';
import { ConfigError } from '../problems.ts';
import { TreeReader } from '../read-tree.ts';
import { FILE_SCHEMA } from '../schema.ts';
import { type YamlNode, YamlSource, parseYaml } from '../yaml-source.ts';
import { type PlacedScalar, placedScalars } from './placed-scalars.ts';
import { inComments, isNamedSecret, namedInLines } from './secret-names.ts';

/** A secret that was taken out of a text. */
export interface MaskedSecret {
  readonly placeholder: string;
  /** As it was written, with its quotes. */
  readonly raw: string;
  /** Where it stood; undefined of one in a comment. */
  readonly path: string | undefined;
  /** It is all of the value there; else a part of one, or of a comment. */
  readonly value: { readonly of: unknown } | undefined;
}

export interface MaskedText {
  readonly text: string;
  readonly secrets: readonly MaskedSecret[];
}

export const PLACEHOLDER = /‹secret:(\d{1,6}):([\w-]{0,4})›/gu;

interface Piece extends Span {
  readonly path: string | undefined;
  readonly value: MaskedSecret['value'];
}

/**
 * The text of a configuration with a placeholder for every secret that it has written out; `${NAME}` stays. Also of a
 * text with mistakes, of which more is taken for a secret rather than less.
 */
export function maskText(text: string, env: Environment): MaskedText {
  const { scalars, isYaml, isSecret } = readScalars(text, env);
  const isWhole = (one: PlacedScalar): boolean =>
    one.path !== undefined && isSecret(one) && !isReference(one.node.value);
  const { whole = [], others = [] } = Object.groupBy(scalars, (one) => (isWhole(one) ? 'whole' : 'others'));
  const pieces: Piece[] = [
    ...whole.map(({ start, end, path, node }) => ({ start, end, path, value: { of: node.value } })),
    ...others.flatMap((one) => partsOf(text, one)),
    ...betweenScalars(text, scalars),
    ...(isYaml ? [] : anywhere(text)),
  ];
  return replaced(
    text,
    pieces.filter(({ start, end }) => !isReference(text.slice(start, end))),
  );
}

interface ReadScalars {
  readonly scalars: readonly PlacedScalar[];
  /** Else the scalars are what could be made of it. */
  readonly isYaml: boolean;
  readonly isSecret: (one: PlacedScalar) => boolean;
}

function readScalars(text: string, env: Environment): ReadScalars {
  let source: YamlSource;
  try {
    source = new YamlSource('', text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      scalars: placedScalars(parseYaml(text), text),
      isYaml: false,
      isSecret: (one) => isNamedSecret(one, false),
    };
  }
  const reader = new TreeReader(source, env);
  readAll(reader);
  const nodes = new Set(reader.secretNodes);
  const isSound = source.problems.length === 0;
  const isSecret = (one: PlacedScalar): boolean => nodes.has(one.node as YamlNode) || isNamedSecret(one, isSound);
  return { scalars: placedScalars(source.document, text), isYaml: true, isSecret };
}

/** What is wrong was reported; after very much of it nothing more is read. */
function readAll(reader: TreeReader): void {
  try {
    reader.readRoot(FILE_SCHEMA);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
  }
}

/** `${NAME}`, or several, or one behind the word that says what kind of credential it is. */
function isReference(value: unknown): boolean {
  if (typeof value !== 'string') return value === null;
  return /^["']?(?:Bearer\s+|Basic\s+)?(?:\$\{[A-Za-z_]\w*\})+["']?$/i.test(value.trim()) || value.trim() === '';
}

/** Secrets inside of a value that is none as a whole: in a prompt, or before the host of an address. */
function partsOf(text: string, { start, end, path }: PlacedScalar): Piece[] {
  const source = text.slice(start, end);
  return [...secretSpans(source, 'by-form'), ...lookalikes(source)].map((span) => {
    return { start: start + span.start, end: start + span.end, path, value: undefined };
  });
}

/** In what is no YAML: by its form or its name, whatever it is a part of. */
function anywhere(text: string): Piece[] {
  return [...secretSpans(text), ...namedInLines(text), ...inComments(text)].map(asPiece);
}

/** In comments, and in what could not be read. Values count as quotes there, so that none is taken for what is named before it. */
function betweenScalars(text: string, scalars: readonly PlacedScalar[]): Piece[] {
  const holes = joinedSpans(scalars);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of holes) {
    parts.push(text.slice(at, start), '"'.repeat(end - start));
    at = end;
  }
  const rest = parts.join('') + text.slice(at);
  const spans = [...secretSpans(rest), ...lookalikes(rest), ...inComments(rest)];
  return outside(joinedSpans(spans), holes).map(asPiece);
}

function asPiece({ start, end }: Span): Piece {
  return { start, end, path: undefined, value: undefined };
}

/** What of the spans is in no hole. Both are in order, and none of them overlaps another of its list. */
function outside(spans: readonly Span[], holes: readonly Span[]): Span[] {
  const parts: Span[] = [];
  let first = 0;
  for (const span of spans) {
    let { start } = span;
    while ((holes[first]?.end ?? Infinity) <= start) first += 1;
    for (let at = first; ; at += 1) {
      const hole = holes[at];
      if (!hole || hole.start >= span.end) break;
      parts.push({ start, end: hole.start });
      start = hole.end;
    }
    parts.push({ start, end: span.end });
  }
  return parts.filter(({ start, end }) => end > start);
}

/** What looks like a placeholder and was always there is kept apart as if it were a secret. */
function lookalikes(text: string): Span[] {
  return [...text.matchAll(PLACEHOLDER)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }));
}

function replaced(text: string, pieces: readonly Piece[]): MaskedText {
  const secrets: MaskedSecret[] = [];
  let result = '';
  let at = 0;
  for (const piece of pieces.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const { end, path } = piece;
    if (end <= at) continue;
    // Of one that begins inside of another, the rest.
    const start = Math.max(piece.start, at);
    const value = start === piece.start ? piece.value : undefined;
    const raw = text.slice(start, end);
    const placeholder = `‹secret:${secrets.length + 1}:${shownHint(value ? String(value.of) : raw)}›`;
    secrets.push({ placeholder, raw, path, value });
    result += text.slice(at, start) + placeholder;
    at = end;
  }
  return { text: result + text.slice(at), secrets };
}

function shownHint(secret: string): string {
  const hint = hintOf(secret.trim());
  return /^(?!-+$)[\w-]{4}$/.test(hint) ? hint : '';
}
