import { parseDocument } from 'yaml';

import { isSecretName } from '../../core/redaction.ts';
import { type Span, secretSpans } from '../../core/secret-spans.ts';
import type { Environment } from '../config.ts';
import { hintOf } from '../effective.ts';
import type { FieldSchema } from '../field-schema.ts';
import { ConfigError } from '../problems.ts';
import { TreeReader } from '../read-tree.ts';
import { FILE_SCHEMA } from '../schema.ts';
import { type YamlNode, YamlSource } from '../yaml-source.ts';
import { type PlacedScalar, placedScalars } from './placed-scalars.ts';

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
  const whole = scalars.filter((one) => one.path !== undefined && isSecret(one) && !isReference(one.node.value));
  const others = scalars.filter((one) => !whole.includes(one));
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
  const nodes = new Set<YamlNode>();
  let isSound = false;
  try {
    const source = new YamlSource('', text);
    const reader = new TreeReader(source, env);
    reader.readRoot(FILE_SCHEMA);
    for (const node of reader.secretNodes) nodes.add(node);
    isSound = source.problems.length === 0;
    const scalars = placedScalars(source.document, text);
    return { scalars, isYaml: true, isSecret: (one) => nodes.has(one.node as YamlNode) || isNamedSecret(one, isSound) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const document = parseDocument(text, { prettyErrors: false });
    return { scalars: placedScalars(document, text), isYaml: false, isSecret: (one) => isNamedSecret(one, false) };
  }
}

/** What has no field, or may have been read at the wrong one, is known by its name. */
function isNamedSecret({ name, node, path = '' }: PlacedScalar, isSound: boolean): boolean {
  if (typeof node.value !== 'string') return false;
  return isSecretName(name) || (!isSound && (SECRET_FIELDS.has(name) || /(?:^|\.)headers[.[]/.test(path)));
}

const SECRET_FIELDS = new Set(secretFields(FILE_SCHEMA, ''));

const NAMED_SECRETS = new RegExp(`(?:${[...SECRET_FIELDS].join('|')}|headers)["']?[ \\t]*:[ \\t]*([^\\r\\n]+)`, 'g');

/** Names of all fields that are secret somewhere. */
function secretFields(schema: FieldSchema, name: string): string[] {
  if (schema.writeOnly) return [name];
  const inside = [...(schema.anyOf ?? []), schema.items, schema.additionalProperties || undefined];
  const unnamed = inside.flatMap((one) => (one ? secretFields(one, name) : []));
  return [...unnamed, ...Object.entries(schema.properties ?? {}).flatMap(([own, one]) => secretFields(one, own))];
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

/** In what is no YAML: whatever follows the name of a secret field on its line, too. */
function anywhere(text: string): Piece[] {
  const named = [...text.matchAll(NAMED_SECRETS)].map(({ index, 0: all, 1: value = '' }) => {
    return { start: index + all.length - value.length, end: index + all.length };
  });
  return [...secretSpans(text), ...named].map((span) => ({ ...span, path: undefined, value: undefined }));
}

/** In comments, and in what could not be read. Values count as quotes there, so that none is taken for what is named before it. */
function betweenScalars(text: string, scalars: readonly PlacedScalar[]): Piece[] {
  let rest = text;
  for (const { start, end } of scalars) {
    rest = `${rest.slice(0, start)}${'"'.repeat(end - start)}${rest.slice(end)}`;
  }
  const spans = [...secretSpans(rest), ...lookalikes(rest)];
  return spans
    .flatMap((span) => outside(span, scalars))
    .map((span) => ({ ...span, path: undefined, value: undefined }));
}

function outside(span: Span, scalars: readonly PlacedScalar[]): Span[] {
  let parts: Span[] = [span];
  for (const { start, end } of scalars) {
    parts = parts.flatMap((part) => {
      if (end <= part.start || start >= part.end) return [part];
      return [
        { start: part.start, end: start },
        { start: end, end: part.end },
      ].filter((one) => one.end > one.start);
    });
  }
  return parts;
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
