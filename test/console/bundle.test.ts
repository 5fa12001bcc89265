import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { builtConsole } from './support/built-console.ts';

const LIMIT_KB = 250;

/** Scripts that one names, by import or by its first page, and what those import at their top. */
function importedBy(folder: string, file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  const code = readFileSync(join(folder, file), 'utf8');
  const named = code.matchAll(/(?:^|[;}])(?:import|export)[^'"()]*?["']\.\/([\w.-]+\.js)["']/g);
  for (const [, next = ''] of named) importedBy(folder, next, known);
  return known;
}

test('the first load is no more than 250 kB of compressed JavaScript', (t) => {
  const dist = builtConsole();
  const assets = join(dist, 'assets');
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const entries = [...page.matchAll(/assets\/([\w.-]+\.js)"/g)].map(([, file = '']) => file);
  const chunk = (pattern: RegExp): string[] => readdirSync(assets).filter((file) => pattern.test(file));
  const lazy = [...chunk(/^en-[\w-]{8}\.js$/), ...chunk(/^overview-page-[\w-]{8}\.js$/)];
  assert.ok(entries.length > 0, 'index.html names a script');
  assert.equal(lazy.length, 2, 'the language and the overview are chunks of their own');

  const files = new Set([...entries, ...lazy].flatMap((file) => [...importedBy(assets, file)]));
  const sizes = [...files].map((file) => ({ file, kB: gzipSync(readFileSync(join(assets, file))).length / 1000 }));
  const total = sizes.reduce((sum, { kB }) => sum + kB, 0);
  for (const { file, kB } of sizes.toSorted((a, b) => b.kB - a.kB)) t.diagnostic(`${kB.toFixed(1)} kB ${file}`);
  t.diagnostic(`${total.toFixed(1)} kB of ${LIMIT_KB} kB`);
  assert.ok(total <= LIMIT_KB, `${total.toFixed(1)} kB`);
});
