import type { TObject } from 'typebox';

import { parseDuration } from '../../core/units.ts';
import {
  type AnswerSettings,
  AnswerSettings as AnswerSchema,
  type SimulatedModelSettings,
  SimulatedModelSettings as ModelSchema,
} from './settings.ts';

/** The header that only the simulator reads: settings of one request. */
export const SIMULATE_HEADER = 'x-causeway-simulate';

/** A setting that was written wrong; the message says what would be right. */
export class WrittenSettingError extends Error {
  override readonly name = 'WrittenSettingError';
}

interface FieldSchema {
  readonly type?: string;
  readonly 'x-kind'?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** `cutAfterTokens` → `cut-after-tokens`. */
export function writtenName(setting: string): string {
  return setting.replaceAll(/[A-Z]|200/g, (part) => `-${part.toLowerCase()}`);
}

/** The settings of a section under the names that people write; `-tokens` after `-after` may be left out. */
function settingsByName(schema: TObject): Map<string, string> {
  const names = new Map<string, string>();
  for (const setting of Object.keys(schema.properties)) {
    const name = writtenName(setting);
    names.set(name, setting);
    if (name.endsWith('-after-tokens')) names.set(name.slice(0, -'-tokens'.length), setting);
  }
  return names;
}

/** What a field's value has to look like. */
export function writtenForm(field: unknown): string {
  const { type, enum: words, minimum, maximum, 'x-kind': kind } = field as FieldSchema;
  if (kind === 'duration') return 'a duration such as 50ms or 2s';
  if (words) return `one of ${words.join(', ')}`;
  if (type === 'boolean') return 'true or false';
  const what = type === 'integer' ? 'a whole number' : 'a number';
  return maximum === undefined ? `${what} of at least ${minimum ?? 0}` : `${what} from ${minimum ?? 0} to ${maximum}`;
}

function readNumber(text: string, { type, minimum, maximum }: FieldSchema): number | undefined {
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  if (type === 'integer' && !Number.isSafeInteger(value)) return undefined;
  return value >= (minimum ?? value) && value <= (maximum ?? value) ? value : undefined;
}

/**
 * One setting's value from its text: durations become milliseconds.
 * @throws WrittenSettingError
 */
export function readSetting(name: string, field: unknown, text: string): string | number | boolean {
  const schema = field as FieldSchema;
  let value: string | number | boolean | undefined;
  if (schema['x-kind'] === 'duration') value = parseDuration(text);
  else if (schema.enum) value = schema.enum.find((word) => word === text);
  else if (schema.type === 'boolean') value = text === 'true' || (text === 'false' ? false : undefined);
  else value = readNumber(text, schema);
  if (value !== undefined) return value;
  throw new WrittenSettingError(`"${text}" is not right for ${name}: write ${writtenForm(field)}.`);
}

/**
 * Reads `name=value, name=value, flag`, as in the header and in `--model`.
 * `error=503` is short for `error-status=503, error-rate=1`.
 * @throws WrittenSettingError
 */
function readWrittenSettings(text: string, schema: TObject): Record<string, string | number | boolean> {
  const names = settingsByName(schema);
  const settings: Record<string, string | number | boolean> = {};
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const [name, value] = splitOnce(part, '=');
    const setting = name === 'error' ? 'errorStatus' : names.get(name);
    if (setting === undefined) {
      const known = ['error', ...names.keys()].toSorted().join(', ');
      throw new WrittenSettingError(`There is no setting "${name}". There are: ${known}.`);
    }
    const field = schema.properties[setting];
    if (value === undefined && (field as FieldSchema).type !== 'boolean') {
      throw new WrittenSettingError(`${name} needs a value: write ${name}= and ${writtenForm(field)}.`);
    }
    settings[setting] = readSetting(name, field, value ?? 'true');
    if (name === 'error') settings['errorRate'] = 1;
  }
  return settings;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text.trim(), undefined] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** The settings in an `x-causeway-simulate` header. @throws WrittenSettingError */
export function readSimulateHeader(text: string): AnswerSettings {
  return readWrittenSettings(text, AnswerSchema);
}

/** `gpt-5-mini: ttft=50ms, error-rate=0.1` → the model's name and its settings. @throws WrittenSettingError */
export function readModelSettings(text: string): [string, SimulatedModelSettings] {
  // Names of fine-tuned models have colons of their own.
  const [name, settings] = splitOnce(text, ': ');
  if (name === '' || /[\s=]/.test(name)) {
    throw new WrittenSettingError(`"${text}" names no model: write "name: setting=value, …".`);
  }
  return [name, readWrittenSettings(settings ?? '', ModelSchema)];
}
