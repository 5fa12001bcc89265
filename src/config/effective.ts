import { createHmac, randomBytes } from 'node:crypto';

import { isScalar } from 'yaml';

import { isSecretName, redactSecrets } from '../core/redaction.ts';
import type { Environment } from './config.ts';
import { expandEnv } from './expand-env.ts';
import type { FieldSchema } from './field-schema.ts';
import { overridingVariable } from './overrides.ts';
import { joinKey } from './problems.ts';
import type { FoundValue } from './read-tree.ts';
import { FILE_SCHEMA } from './schema.ts';

/** Where a value came from: the file, its default, `env:NAME`, what a preset knows, or the admin API. */
type ValueOrigin = 'default' | 'file' | 'admin' | 'preset' | `env:${string}`;

/** One value of the configuration, as people may see it. */
export interface EffectiveValue {
  /** `models.chat.timeouts.total` */
  readonly path: string;
  /** As it would be written; of a secret dots and its last characters. */
  readonly value: string | number | boolean | null;
  readonly origin: ValueOrigin;
  /** In the file, from 1. */
  readonly line?: number;
  readonly column?: number;
  readonly secret: boolean;
  /** A change takes effect only with the next start. */
  readonly restart: boolean;
  /** Of the environment, that the file names there. */
  readonly variables: readonly string[];
  /** Differs where the value does, also of secrets that end alike; means nothing outside of this process. */
  readonly mark: string;
}

const DOTS = '••••';
/** A secret that is not much longer has no hint. */
const HINT_FROM = 12;
const MARKING = randomBytes(32);

/** How a secret is shown. */
export function masked(secret: string): string {
  return DOTS + hintOf(secret);
}

/** Its last four characters. */
export function hintOf(secret: string): string {
  return secret.length < HINT_FROM ? '' : secret.slice(-4);
}

export function markOf(value: unknown): string {
  return createHmac('sha256', MARKING)
    .update(JSON.stringify(value) ?? '')
    .digest('base64url')
    .slice(0, 16);
}

interface Reading {
  readonly env: Environment;
  readonly position: (offset: number) => { readonly line: number; readonly column: number };
}

/** All values that a file has or leaves to their defaults. */
export function effectiveValues(found: Iterable<FoundValue>, reading: Reading): EffectiveValue[] {
  return [...found].map((one) => effectiveValue(one, reading));
}

function effectiveValue({ key, schema, node, at }: FoundValue, { env, position }: Reading): EffectiveValue {
  const restart = isRestartKey(key);
  const variable = overridingVariable(key);
  const overriding = variable === undefined ? undefined : env[variable] || undefined;
  if (variable !== undefined && overriding !== undefined) {
    return { ...shown(schema, key, overriding, []), path: key, origin: `env:${variable}`, restart };
  }
  if (at === undefined) {
    return { ...shown(schema, key, schema.default ?? schema.const ?? null, []), path: key, origin: 'default', restart };
  }
  const written = isScalar(node) ? (node.value as EffectiveValue['value']) : null;
  return { ...readable(schema, key, written, env), path: key, origin: 'file', ...position(at), restart };
}

type Shown = Pick<EffectiveValue, 'value' | 'secret' | 'variables' | 'mark'>;

/** What a variable contains is shown only where it can be no secret: of numbers, durations and the like. */
function readable(schema: FieldSchema, key: string, written: EffectiveValue['value'], env: Environment): Shown {
  if (typeof written !== 'string') return shown(schema, key, written, []);
  const variables = variablesIn(written);
  if (variables.length === 0) return shown(schema, key, written, []);
  const expansion = expandEnv(written, env);
  const value = 'text' in expansion ? expansion.text : written;
  const all = shown(schema, key, value, variables);
  return all.secret || isPlain(schema) ? all : { ...all, value: redactSecrets(written) };
}

/** Of kinds that no secret can have. */
function isPlain({ type, enum: words, 'x-kind': kind }: FieldSchema): boolean {
  const kinds = ['duration', 'age', 'size', 'rate', 'timeOfDay', 'hedgeDelay'];
  return type !== 'string' || words !== undefined || (kind !== undefined && kinds.includes(kind));
}

function shown(schema: FieldSchema, key: string, value: EffectiveValue['value'], variables: readonly string[]): Shown {
  const mark = markOf(value);
  if (isSecretField(schema, key) && value !== null) {
    return { value: masked(String(value)), secret: true, variables, mark };
  }
  if (typeof value !== 'string') return { value, secret: false, variables, mark };
  const clean = redactSecrets(value);
  return { value: clean, secret: clean !== value, variables, mark };
}

function isSecretField(schema: FieldSchema, key: string): boolean {
  if (schema.writeOnly === true) return true;
  return !isPlain(schema) && schema.const === undefined && isSecretName(/[^.[\]"]+$/.exec(key)?.[0] ?? '');
}

/** Names of `${NAME}` and `${NAME:-text}`. */
function variablesIn(text: string): string[] {
  const names = [...text.matchAll(/\$?\$\{([A-Za-z_]\w*)(?::-[^}]*)?\}/g)].flatMap(([token, name]) =>
    name === undefined || token.startsWith('$$') ? [] : [name],
  );
  return [...new Set(names)];
}

const RESTARTING = restarting(FILE_SCHEMA, '');

/** Whether a change of it waits for the next start. */
function isRestartKey(key: string): boolean {
  return RESTARTING.some((one) => key === one || key.startsWith(`${one}.`) || key.startsWith(`${one}[`));
}

function restarting(schema: FieldSchema, key: string): string[] {
  if (schema['x-restart']) return [key];
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => restarting(field, joinKey(key, name)));
}
