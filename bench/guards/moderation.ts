import { keywordScanner } from '../../src/pipeline/guards/moderation/keywords.ts';
import type { BenchSection } from './section.ts';
import { calibrationPromise, cascadeArithmetic } from './moderation/cascade.ts';
import { type DataSet, type Sample, hasModerationData, readSets } from './moderation/data.ts';
import { type Times, figuresOf, timesOf } from './moderation/figures.ts';

const THRESHOLD = 0.5;

/** About the ten words that tutorials look for, anywhere in a text. */
const TUTORIAL = {
  en: ['fuck', 'shit', 'bitch', 'kill', 'hate', 'stupid', 'idiot', 'damn', 'sex', 'die'],
  zh: ['傻逼', '去死', '垃圾', '白痴', '他妈的', '操', '滚', '杀', '贱', '色情'],
} as const;

interface Who {
  readonly name: string;
  readonly score: (text: string) => number;
}

/** Moderation by words alone, the cascade's arithmetic, and what calibrated thresholds keep. */
export async function benchModeration(quick: boolean): Promise<BenchSection[]> {
  const byWords = hasModerationData() ? [keywords(), groups()] : [];
  return [...byWords, await cascadeArithmetic(quick), calibrationPromise(quick)];
}

function partiesFor({ language }: DataSet): Who[] {
  const scanner = shipped(language);
  return [
    { name: 'shipped list', score: (text) => scanner.scan(text).score },
    {
      name: 'tutorial’s ten words',
      score: (text) => Number(TUTORIAL[language].some((word) => text.toLowerCase().includes(word))),
    },
    { name: 'flag all', score: () => 1 },
    { name: 'accept all', score: () => 0 },
  ];
}

function shipped(language: DataSet['language']) {
  return keywordScanner({ shipped: [language], lists: new Map(), allow: [] }, new Map());
}

function keywords(): BenchSection {
  const seen = new Map(readSets('seen').map((set) => [set.language, set]));
  const rows = readSets('held out').flatMap((set) =>
    partiesFor(set).map(({ name, score }) => {
      const { samples, language } = set;
      const times = timesOf(
        samples.map(({ text }) => text),
        score,
      );
      return [
        `${language}, ${set.name}`,
        name,
        String(samples.length),
        String(samples.filter(({ isHarmful }) => isHarmful).length),
        ...cells(samples, score),
        flagged(samples, score),
        cells(seen.get(language)?.samples ?? [], score)[2] ?? '–',
        ...timeCells(times),
      ];
    }),
  );
  return {
    title: 'Moderation by keywords alone',
    notes: [
      'OpenAI’s moderation set (English, any of its eight categories) and COLD (Chinese offensive language), the half that is held out by a hash of the text; words were chosen without looking at it. "F1 seen" is that of the other half.',
      'This is the honest number for words alone: the shipped lists are short, and what is harmful by what it says has no word that tells. They are a first line; a judge is what finds the rest.',
    ],
    header: [
      'set',
      'who',
      'texts',
      'harmful',
      'precision',
      'recall',
      'F1',
      'AUPRC',
      'safe flagged',
      'F1 seen',
      'p50 µs',
      'p99 µs',
    ],
    rows,
    targets: [],
  };
}

/** What of each category was found. */
function groups(): BenchSection {
  const rows = readSets('held out').flatMap((set) => {
    const { language, samples } = set;
    const scanner = shipped(language);
    const harmful = samples.filter(({ isHarmful }) => isHarmful);
    return [...new Set(harmful.flatMap((sample) => sample.groups))].toSorted().map((group) => {
      const some = harmful.filter((sample) => sample.groups.includes(group));
      const found = some.filter(({ text }) => scanner.scan(text).score >= THRESHOLD).length;
      return [`${language}, ${set.name}`, group, String(some.length), String(found), share(found / some.length)];
    });
  });
  return {
    title: 'Moderation by keywords alone, by category',
    notes: [
      'The harmful texts of the held-out half, by the categories of the set. The shipped lists have no sexual words.',
    ],
    header: ['set', 'category', 'harmful', 'found', 'recall'],
    rows,
    targets: [],
  };
}

function cells(samples: readonly Sample[], score: (text: string) => number): string[] {
  const judged = samples.map(({ text, isHarmful }) => ({ isHarmful, score: score(text) }));
  const { precision, recall, f1, auprc } = figuresOf(judged, THRESHOLD);
  return [precision, recall, f1, auprc].map(share);
}

function flagged(samples: readonly Sample[], score: (text: string) => number): string {
  const safe = samples.filter(({ isHarmful }) => !isHarmful);
  return `${((safe.filter(({ text }) => score(text) >= THRESHOLD).length / safe.length) * 100).toFixed(1)} %`;
}

function share(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3);
}

function timeCells({ p50, p99 }: Times): string[] {
  return [p50.toFixed(1), p99.toFixed(1)];
}
