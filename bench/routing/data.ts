import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { csvRows } from './csv.ts';

export const DATA_SETS = ['gsm8k', 'mmlu'] as const;
export type DataSet = (typeof DATA_SETS)[number];

/** A prompt, and which of the two models answered it rightly. */
export interface Prompt {
  readonly dataSet: DataSet;
  readonly text: string;
  readonly smallOk: boolean;
  readonly largeOk: boolean;
}

export interface Halves {
  /** Everything that is chosen or learned comes from these. */
  readonly train: readonly Prompt[];
  /** Looked at once, for the figures. */
  readonly test: readonly Prompt[];
}

/** How the data are halved: the same prompt is never in both. */
export const SPLIT = 'the first bit of the SHA-256 of the prompt: 0 to train on, 1 to test on';

/** Prompts of a whole run for each one of a quick run. */
const QUICK = 10;

/** @throws Error where a file is missing or not what it should be */
export function readHalves(folder: string, isQuick: boolean): Halves {
  const prompts = DATA_SETS.flatMap((dataSet) => readPrompts(folder, dataSet));
  const halves: { train: Prompt[]; test: Prompt[] } = { train: [], test: [] };
  for (const prompt of prompts) {
    const digest = createHash('sha256').update(prompt.text).digest();
    if (isQuick && digest.readUInt16BE(1) % QUICK !== 0) continue;
    ((digest[0] ?? 0) < 128 ? halves.train : halves.test).push(prompt);
  }
  return halves;
}

function readPrompts(folder: string, dataSet: DataSet): Prompt[] {
  const file = join(folder, `${dataSet}.csv`);
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const [titles = [], ...rows] = csvRows(readFileSync(file, 'utf8'));
  const [textAt, smallAt, largeAt] = ['prompt', 'Mixtral', 'gpt-4'].map((word) =>
    titles.findIndex((title) => title.includes(word)),
  );
  return rows.map((row, at) => {
    const [text, smallOk, largeOk] = [textAt, smallAt, largeAt].map((column) => row[column ?? -1]);
    if (text === undefined || !isVerdict(smallOk) || !isVerdict(largeOk)) {
      throw new Error(`${file}: row ${at + 2} is not a prompt and two verdicts`);
    }
    return { dataSet, text, smallOk: smallOk === 'True', largeOk: largeOk === 'True' };
  });
}

function isVerdict(text: string | undefined): boolean {
  return text === 'True' || text === 'False';
}
