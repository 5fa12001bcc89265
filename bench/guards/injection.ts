import { resolve } from 'node:path';

import { injectionScanner } from '../../src/pipeline/guards/injection/scanner.ts';
import { quantile } from '../drill/verdict.ts';
import { type Figures, figuresOf, shareFlagged } from './injection/figures.ts';
import { naiveScore } from './injection/naive.ts';
import { type InjectionSets, type TextSet, readSets } from './injection/sets.ts';
import type { BenchSection } from './section.ts';

/** As the settings have it. */
const THRESHOLD = 0.5;
const [RECALL_WANTED, FLAGGED_ALLOWED, MICROS_ALLOWED] = [0.75, 0.02, 20];
/** Texts of an everyday set in a quick run. */
const QUICK = 300;
const ORDINARY = 500;

type Score = (text: string) => number;

const scanner = injectionScanner();
const DETECTORS: readonly (readonly [name: string, score: Score])[] = [
  ['signs', (text) => scanner.scan(text).score],
  ['naive phrases', naiveScore],
  ['flag all', () => 1],
  ['accept all', () => 0],
];

/** The embedded detector of injections on the half of the data that no rule and no weight was chosen by. */
export async function benchInjection(quick: boolean): Promise<BenchSection[]> {
  const sets = readSets(resolve('../shared/data'), 'held-out');
  // Code that has run before is fast code.
  for (const text of sets.falseRefusal.texts) scanner.scan(text);
  return Promise.resolve([flagged(sets, quick), detection(sets), languages(sets)]);
}

function flagged(sets: InjectionSets, quick: boolean): BenchSection {
  const everyday = sets.everyday.map((set) => ({ ...set, texts: quick ? set.texts.slice(0, QUICK) : set.texts }));
  const all = [sets.jailbreaks, sets.purpleLlama, sets.falseRefusal, sets.xstest, ...everyday, ...sets.own];
  const ordinary: TextSet = {
    name: `${ORDINARY} ordinary characters`,
    isAttack: false,
    texts: sets.falseRefusal.texts.filter((text) => text.length >= ORDINARY).map((text) => text.slice(0, ORDINARY)),
  };
  const benign = [...sets.falseRefusal.texts, ...sets.xstest.texts];
  const recall = shareFlagged(scoresOf(sets.jailbreaks.texts), THRESHOLD);
  const wrong = shareFlagged(scoresOf(benign), THRESHOLD);
  const rows = [...all, ordinary].map(flaggedRow);
  const micros = quantile(timesOf(ordinary.texts), 0.5);
  return {
    title: 'Prompt injection: share flagged by set',
    notes: [
      'Held-out half, by a hash of the text. The signs were written, and their weights fitted, on the other half.',
      '"own" sets were written together with the rules and are not held out; xstest without its unsafe prompts, which are harmful questions and no injections.',
      'PurpleLlama holds questions that are attacks only beside the system prompt that they belong to; a look at the text alone can not tell them.',
      'Packages: long files of what is installed here, half of them held out as well; they say how often documents and code are taken for attacks.',
      'µs: one scan of one text, on the thread that runs it.',
    ],
    header: ['set', 'texts', 'kind', 'flagged', 'naive phrases', 'p50 µs', 'p99 µs'],
    rows,
    targets: [
      target(`in-the-wild recall ≥ ${RECALL_WANTED}`, recall >= RECALL_WANTED, recall.toFixed(3)),
      target(`benign flagged ≤ ${FLAGGED_ALLOWED}`, wrong <= FLAGGED_ALLOWED, wrong.toFixed(4)),
      target(
        `${ORDINARY} ordinary characters ≤ ${MICROS_ALLOWED} µs`,
        micros <= MICROS_ALLOWED,
        `${micros.toFixed(1)} µs`,
      ),
    ],
  };
}

function flaggedRow({ name, isAttack, texts }: TextSet): string[] {
  const times = timesOf(texts);
  return [
    name,
    String(texts.length),
    isAttack ? 'attacks' : 'benign',
    shareFlagged(scoresOf(texts), THRESHOLD).toFixed(3),
    shareFlagged(texts.map(naiveScore), THRESHOLD).toFixed(3),
    quantile(times, 0.5).toFixed(1),
    quantile(times, 0.99).toFixed(1),
  ];
}

function detection(sets: InjectionSets): BenchSection {
  const benign = [...sets.falseRefusal.texts, ...sets.xstest.texts];
  const rows = [sets.jailbreaks, sets.purpleLlama].flatMap((attacks) =>
    DETECTORS.map(([name, score]) => [
      attacks.name,
      name,
      ...figureCells(figuresOf(attacks.texts.map(score), benign.map(score), THRESHOLD)),
    ]),
  );
  return {
    title: 'Prompt injection: detectors',
    notes: [
      `Each set of attacks against the ${benign.length} held-out benign texts of both benign sets. AUPRC as average precision.`,
    ],
    header: ['attacks', 'detector', 'precision', 'recall', 'F1', 'AUPRC'],
    rows,
    targets: [],
  };
}

function languages(sets: InjectionSets): BenchSection {
  const benign = [...sets.falseRefusal.texts, ...sets.xstest.texts];
  const [ours, naive] = [scoresOf(benign), benign.map(naiveScore)];
  const rows = sets.languages.map(({ name, texts }) => {
    const found = figuresOf(scoresOf(texts), ours, THRESHOLD);
    const times = timesOf(texts);
    return [
      name,
      String(texts.length),
      ...figureCells(found),
      figuresOf(texts.map(naiveScore), naive, THRESHOLD).recall.toFixed(3),
      quantile(times, 0.5).toFixed(1),
      quantile(times, 0.99).toFixed(1),
    ];
  });
  return {
    title: 'Prompt injection: PurpleLlama by language',
    notes: [
      'English and Chinese have signs of all kinds; the others only the order to ignore what was said before.',
      'Precision and AUPRC against the English benign sets, since there are no others.',
    ],
    header: ['set', 'texts', 'precision', 'recall', 'F1', 'AUPRC', 'naive recall', 'p50 µs', 'p99 µs'],
    rows,
    targets: [],
  };
}

function figureCells({ precision, recall, f1, auprc }: Figures): string[] {
  return [precision, recall, f1, auprc].map((figure) => figure.toFixed(3));
}

function scoresOf(texts: readonly string[]): number[] {
  return texts.map((text) => scanner.scan(text).score);
}

/** Microseconds of each text: the shorter of two runs, since the machine has other things to do. */
function timesOf(texts: readonly string[]): number[] {
  return texts.map((text) => Math.min(timeOf(text), timeOf(text)));
}

function timeOf(text: string): number {
  const start = process.hrtime.bigint();
  scanner.scan(text);
  return Number(process.hrtime.bigint() - start) / 1000;
}

function target(name: string, met: boolean, figure: string): BenchSection['targets'][number] {
  return { name, met, figure };
}
