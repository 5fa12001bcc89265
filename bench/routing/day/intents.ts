import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { csvRows } from '../csv.ts';

/** What customers ask of a bank: an intent, and how they word it. */
export interface Intent {
  readonly name: string;
  readonly wordings: readonly string[];
}

/** Two days of which no wording is in both: one to learn from, one to measure. */
export interface IntentHalves {
  readonly earlier: readonly Intent[];
  readonly today: readonly Intent[];
}

/** @throws Error where the file is missing */
export function readIntents(file: string): IntentHalves {
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const halves: [Map<string, Set<string>>, Map<string, Set<string>>] = [new Map(), new Map()];
  for (const [text = '', name] of csvRows(readFileSync(file, 'utf8')).slice(1)) {
    const wording = text.trim();
    if (name === undefined || wording === '') continue;
    const half = halves[(createHash('sha256').update(wording).digest()[0] ?? 0) < 128 ? 0 : 1];
    half.set(name, (half.get(name) ?? new Set()).add(wording));
  }
  const [earlier, today] = halves.map((half) => Array.from(half, ([name, set]) => ({ name, wordings: [...set] })));
  return { earlier: earlier ?? [], today: today ?? [] };
}
