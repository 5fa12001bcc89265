import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import type { KeywordSettings } from './settings.ts';

/** A file that is larger is no list of words. */
const MOST_BYTES = 10 * 2 ** 20;

/**
 * The words of the operator's own lists, by the list's name: those of the configuration, and those of its file. Read at
 * the start and with each reload, before anything waits for it.
 * @param folder what paths of files begin at
 * @throws RangeError where a file cannot be read or is no list, or a list is empty; it names the key
 */
export function readWordLists(
  settings: Pick<KeywordSettings, 'lists'>,
  folder = '.',
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...settings.lists].map(([name, { words, file }]) => {
      const key = `keywords.lists.${name}`;
      const all = file === undefined ? words : [...words, ...wordsIn(`${key}.file`, file, folder)];
      if (all.length === 0) throw new RangeError(`${key}: has no words; give it words, or a file that has some`);
      return [name, all];
    }),
  );
}

function wordsIn(key: string, file: string, folder: string): string[] {
  const text = textOf(key, file, folder);
  if (text.includes('\0') || text.includes('\uFFFD')) {
    throw new RangeError(`${key}: "${file}" is no text in UTF-8`);
  }
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => withoutComment(line).trim())
    .filter((line) => line !== '');
}

/** A comment begins at # where that begins the line, or stands behind white space. */
function withoutComment(line: string): string {
  const at = line.search(/(?<!\S)#/);
  return at < 0 ? line : line.slice(0, at);
}

function textOf(key: string, file: string, folder: string): string {
  const path = resolve(folder, file);
  try {
    if (statSync(path).size > MOST_BYTES) throw new RangeError(`${key}: "${file}" is larger than 10 MB`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown'})`;
    throw new RangeError(`${key}: "${file}": ${reason}`, { cause: error });
  }
}
