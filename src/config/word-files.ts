import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { FileSettings } from './schema.ts';

type Guards = FileSettings['guards'];

/** Policies whose lists of words name their files by the whole path; what is written begins at a folder. */
export function withWholePaths(guards: Guards, folder: string): Guards {
  return new Map(
    [...guards].map(([name, policy]) => {
      const { keywords } = policy;
      if (!keywords) return [name, policy];
      const lists = new Map(
        [...keywords.lists].map(([key, list]) => {
          return [key, list.file === undefined ? list : { ...list, file: resolve(folder, list.file) }];
        }),
      );
      return [name, { ...policy, keywords: { ...keywords, lists } }];
    }),
  );
}

/** The files of words that policies name, with a hash of what is in each. */
export function wordFilesOf(guards: Guards): ReadonlyMap<string, string> {
  const files = [...guards.values()].flatMap(({ keywords }) =>
    [...(keywords?.lists.values() ?? [])].flatMap(({ file }) => (file === undefined ? [] : [file])),
  );
  return new Map(files.map((file) => [file, hashOf(file)]));
}

/** Nothing, where it has gone since it was checked: that is another content. */
function hashOf(file: string): string {
  try {
    return hash('sha256', readFileSync(file));
  } catch {
    return '';
  }
}
