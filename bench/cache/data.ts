import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text, and what its answer says: texts of one answer may be answered for each other. */
export interface Item {
  readonly text: string;
  readonly answer: string;
}

/** A part of the data, of which no answer stands in another part. */
export interface Part {
  readonly name: string;
  readonly pairs: readonly Item[];
  readonly intents: readonly Item[];
}

/** How the data are halved. */
export const SPLIT =
  'tuned-on: intents 1, 3, 5, … in the order of the file and the first half of the pairs; held-out: the others';

/** @throws Error where the folder or a file of it is missing */
export function readParts(folder: string): readonly Part[] {
  const pairsFile = join(folder, 'paraphrases.json');
  const intentsFile = join(folder, 'banking77.csv');
  for (const file of [pairsFile, intentsFile]) if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const pairs = pairItems(readPairs(pairsFile));
  const intents = intentItems(readFileSync(intentsFile, 'utf8'));
  return [
    { name: 'tuned-on', pairs: pairs[0], intents: intents[0] },
    { name: 'held-out', pairs: pairs[1], intents: intents[1] },
  ];
}

type Pair = readonly [string, string];

function readPairs(file: string): Pair[] {
  const rows: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(rows)) throw new Error(`${file} is no list`);
  return rows.map((row: unknown) => {
    const { origin, similar } = Object(row) as Readonly<Record<string, unknown>>;
    if (typeof origin !== 'string' || typeof similar !== 'string') throw new Error(`${file}: a pair lacks a text`);
    return [origin, similar];
  });
}

/** How texts are compared that are the same request: one of them would be an exact hit for the other. */
function plainText(text: string): string {
  return text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

/** Pairs that have a text in common have one answer, and go to the half of the first of them. */
function pairItems(pairs: readonly Pair[]): readonly [Item[], Item[]] {
  const answers = new Map<string, string>();
  const halves: [Item[], Item[]] = [[], []];
  const halfOf = new Map<string, 0 | 1>();
  for (const [at, pair] of pairs.entries()) {
    const known = pair.map((text) => answers.get(plainText(text))).find((answer) => answer !== undefined);
    const answer = known ?? `pair ${at}`;
    const half = halfOf.get(answer) ?? (at * 2 < pairs.length ? 0 : 1);
    halfOf.set(answer, half);
    for (const text of pair) {
      if (answers.has(plainText(text))) continue;
      answers.set(plainText(text), answer);
      halves[half].push({ text, answer });
    }
  }
  return halves;
}

function intentItems(csv: string): readonly [Item[], Item[]] {
  const numbers = new Map<string, number>();
  const seen = new Set<string>();
  const halves: [Item[], Item[]] = [[], []];
  for (const [text = '', intent] of csvRows(csv).slice(1)) {
    if (intent === undefined || seen.has(plainText(text))) continue;
    seen.add(plainText(text));
    const number = numbers.get(intent) ?? numbers.size;
    numbers.set(intent, number);
    halves[number % 2 === 0 ? 0 : 1].push({ text, answer: `intent ${intent}` });
  }
  return halves;
}

/** Fields may be quoted, and hold line breaks and doubled quotes then. */
function csvRows(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
