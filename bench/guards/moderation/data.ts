import { existsSync, readFileSync } from 'node:fs';

import { csvRows } from '../../routing/csv.ts';
import { isHeldOut } from '../split.ts';

export interface Sample {
  readonly text: string;
  readonly isHarmful: boolean;
  /** What it is harmful by, or what it is about. */
  readonly groups: readonly string[];
}

export interface DataSet {
  readonly language: 'en' | 'zh';
  readonly name: string;
  readonly samples: readonly Sample[];
}

const FOLDER = new URL('../../../../shared/data/moderation/', import.meta.url);

/** The categories of OpenAI's set, and what its letters stand for. */
const CATEGORIES = {
  S: 'sexual',
  S3: 'sexual/minors',
  H: 'hate',
  H2: 'hate/threatening',
  HR: 'harassment',
  V: 'violence',
  V2: 'violence/graphic',
  SH: 'self-harm',
} as const;

export function hasModerationData(): boolean {
  return existsSync(new URL('cold-zh.csv', FOLDER)) && existsSync(new URL('openai-samples.jsonl', FOLDER));
}

/** The half that no word was chosen by, or the other one. */
export function readSets(part: 'held out' | 'seen'): DataSet[] {
  const isIn = ({ text }: Sample): boolean => isHeldOut(text) === (part === 'held out');
  return [
    { language: 'en', name: 'OpenAI', samples: openAi().filter(isIn) },
    { language: 'zh', name: 'COLD', samples: cold().filter(isIn) },
  ];
}

function openAi(): Sample[] {
  const lines = readFileSync(new URL('openai-samples.jsonl', FOLDER), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const row = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const groups = Object.entries(CATEGORIES).flatMap(([letters, name]) => (row[letters] === 1 ? [name] : []));
    return { text: String(row['prompt']), isHarmful: groups.length > 0, groups };
  });
}

function cold(): Sample[] {
  const [head = [], ...rows] = csvRows(readFileSync(new URL('cold-zh.csv', FOLDER), 'utf8'));
  const [topic, label, text] = ['topic', 'label', 'TEXT'].map((name) => head.indexOf(name));
  return rows.map((row) => ({
    text: row[text ?? -1] ?? '',
    isHarmful: row[label ?? -1] === '1',
    groups: [row[topic ?? -1] ?? ''],
  }));
}
