import { readFileSync, statSync } from 'node:fs';

import { isJsonObject, parseJson } from '../core/json.ts';
import { csvRows } from './guards-csv.ts';

/** A labelled text, or what was said of one, or both. */
export interface Sample {
  readonly isHarmful: boolean;
  readonly text: string | undefined;
  readonly score: number | undefined;
  readonly strongScore: number | undefined;
}

/** Under which names the fields are looked for, whatever their case. */
export interface FieldNames {
  readonly text: readonly string[];
  readonly label: readonly string[];
}

export const USUAL_FIELDS: FieldNames = { text: ['text', 'prompt', 'content', 'input'], label: ['label'] };
const SCORE = ['score'];
const STRONG_SCORE = ['strong_score', 'strongScore'];

const HARMFUL = new Set(['true', '1', 'yes', 'harmful', 'unsafe', 'toxic', 'offensive', 'bad', 'attack', 'block']);
const SAFE = new Set(['false', '0', 'no', 'harmless', 'safe', 'benign', 'good', 'pass']);

/** A file of labelled data is read as a whole. */
const MOST_BYTES = 256 * 2 ** 20;

/** One record of the file. */
interface Row {
  readonly line: number;
  /** By name, in small letters. */
  readonly fields: ReadonlyMap<string, unknown>;
}

/**
 * @param path of lines of JSON, or with .csv at its end
 * @throws RangeError where it cannot be read, or a line is none; it names the line and quotes nothing of it
 */
export function readSamples(path: string, names: FieldNames): Sample[] {
  const text = textOf(path).replace(/^\uFEFF/, '');
  const rows = path.toLowerCase().endsWith('.csv') ? csvFields(path, text) : jsonFields(path, text);
  if (rows.length === 0) throw new RangeError(`${path} has no samples`);
  return rows.map((row) => sampleOf(path, row, names));
}

function textOf(path: string): string {
  try {
    if (statSync(path).size > MOST_BYTES) throw new RangeError(`${path} is larger than 256 MB`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new RangeError(`${path}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`, {
      cause: error,
    });
  }
}

function jsonFields(path: string, text: string): Row[] {
  return text.split(/\r?\n/).flatMap((written, at): Row[] => {
    if (written.trim() === '') return [];
    const json = parseJson(written);
    if (json === undefined || !isJsonObject(json)) throw new RangeError(`${path}:${at + 1}: is no JSON object`);
    return [{ line: at + 1, fields: byName(Object.entries(json)) }];
  });
}

function csvFields(path: string, text: string): Row[] {
  const [head, ...rows] = csvRows(text);
  if (!head) return [];
  return rows.map(({ line, cells }) => {
    if (cells.length !== head.cells.length) {
      throw new RangeError(`${path}:${line}: has ${cells.length} columns, and the first line has ${head.cells.length}`);
    }
    return { line, fields: byName(cells.map((cell, at) => [head.cells[at] ?? '', cell])) };
  });
}

function byName(entries: readonly (readonly [string, unknown])[]): ReadonlyMap<string, unknown> {
  return new Map(entries.map(([name, value]) => [name.trim().toLowerCase(), value]));
}

function sampleOf(path: string, { line, fields }: Row, names: FieldNames): Sample {
  const of = (some: readonly string[]): unknown =>
    some.map((name) => fields.get(name.toLowerCase())).find((value) => value !== undefined && value !== '');
  const place = `${path}:${line}`;
  const text = of(names.text);
  return {
    isHarmful: labelOf(place, of(names.label), names.label),
    text: typeof text === 'string' ? text : undefined,
    score: scoreOf(place, SCORE, of(SCORE)),
    strongScore: scoreOf(place, STRONG_SCORE, of(STRONG_SCORE)),
  };
}

function labelOf(place: string, value: unknown, names: readonly string[]): boolean {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const word = isPlain ? String(value).trim().toLowerCase() : '';
  if (HARMFUL.has(word)) return true;
  if (SAFE.has(word)) return false;
  throw new RangeError(
    value === undefined
      ? `${place}: has no "${names[0]}"; say with --label what the column is called`
      : `${place}: its "${names[0]}" is no label; use true or false, 1 or 0, harmful or safe`,
  );
}

function scoreOf(place: string, [name]: readonly string[], value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const score = typeof value === 'number' ? value : Number(typeof value === 'string' ? value : Number.NaN);
  if (score >= 0 && score <= 1) return score;
  throw new RangeError(`${place}: its "${name}" is no number from 0 to 1`);
}
