import { piiScanner } from '../../src/pipeline/guards/pii/scanner.ts';
import { PII_ENTITIES } from '../../src/pipeline/guards/pii/settings.ts';
import { acceptAll, flagAll, naive, naiveChinese } from './pii/baselines.ts';
import { CHINESE, chineseSamples } from './pii/chinese.ts';
import { apartOnly, englishSamples, KNOWN, PARTLY } from './pii/english.ts';
import { type Figures, type Finder, measure, type Sample, timesOf } from './pii/spans.ts';
import type { BenchSection } from './section.ts';

const HEADER = ['entity', 'who', 'there', 'precision', 'recall', 'F1', 'AUPRC', 'exact', 'p50 µs', 'p99 µs'];
const ENGLISH_TARGET = 0.95;
const CHINESE_TARGET = 0.98;

const COUNTED =
  'A hit is a found span that overlaps one of the same entity, each once; `exact` is the share of hits with the same beginning and end. Times are of one text, with all entities of the row’s finder.';

function guard(entities: readonly (typeof PII_ENTITIES)[number][]): Finder {
  const scanner = piiScanner({ entities: [...entities], except: [], own: new Map(), region: 'CN', allow: [] });
  return (text) =>
    scanner.scan(text).findings.map(({ start, end, category, score }) => ({ start, end, entity: category, score }));
}

interface Row {
  readonly name: string;
  readonly entities: readonly string[];
}

interface Who {
  readonly name: string;
  readonly find: Finder;
}

/** Precision, recall and the rest; each entity by itself, and all. */
export async function benchPii(quick: boolean): Promise<BenchSection[]> {
  return [english(), partly(), chinese(quick ? 400 : 4000)];
}

function english(): BenchSection {
  const samples = englishSamples('held out');
  const ours = guard([]);
  const finders = [
    { name: 'guard', find: ours },
    { name: 'naive regexes', find: naive },
    { name: 'flag all', find: flagAll(KNOWN) },
    { name: 'accept all', find: acceptAll },
  ];
  const rows = [
    ...KNOWN.map((entity) => ({ name: entity, entities: [entity] })),
    { name: 'all (micro)', entities: KNOWN },
  ];
  const { f1, gold } = measure(samples, ours, KNOWN);
  const seen = measure(englishSamples('seen'), ours, KNOWN);
  return {
    title: 'Personal data, English, format-valid',
    notes: [
      `presidio-research’s synthetic sentences, ${samples.length} of them held out by a hash of their text; rules were written looking at the others only (micro-F1 there ${seen.f1.toFixed(3)}). Both halves are filled from the same templates, so that the held-out half has new values, not new kinds of sentences.`,
      'Format-valid by checks that are not the guard’s: cards by Luhn, IBAN by mod 97, IP by the platform, SSN by the areas that are given out, e-mail by a plain form, telephone numbers by E.164 (a plus or 00 before them). Telephone numbers without a country stand apart: found or not, they count in the next table.',
      COUNTED,
    ],
    header: HEADER,
    rows: rowsOf(samples, rows, finders),
    targets: [
      {
        name: `micro-F1 ≥ ${ENGLISH_TARGET} on the held-out half`,
        met: f1 >= ENGLISH_TARGET,
        figure: `${f1.toFixed(3)} of ${gold} entities`,
      },
    ],
  };
}

function partly(): BenchSection {
  const samples = englishSamples('held out');
  const finders = [
    { name: 'guard', find: guard(PII_ENTITIES) },
    { name: 'naive regexes', find: naive },
    { name: 'flag all', find: flagAll([...PARTLY, 'PHONE']) },
    { name: 'accept all', find: acceptAll },
  ];
  const rows = PARTLY.map((entity) => ({ name: entity, entities: [entity] }));
  return {
    title: 'Personal data, English, what rules know in part',
    notes: [
      'The same held-out texts. Names and addresses are off unless asked for; these are the figures with them on. Licences have no form of their own, telephone numbers without a country none that is told from others.',
    ],
    header: HEADER,
    rows: [
      ...rowsOf(apartOnly(samples), [{ name: 'PHONE, no country', entities: ['PHONE'] }], finders),
      ...rowsOf(samples, rows, finders),
    ],
    targets: [],
  };
}

function chinese(count: number): BenchSection {
  const samples = chineseSamples(count);
  const ours = guard([]);
  const finders = [
    { name: 'guard', find: ours },
    { name: 'naive regexes', find: naiveChinese },
    { name: 'flag all', find: flagAll(CHINESE) },
    { name: 'accept all', find: acceptAll },
  ];
  const rows = [
    ...CHINESE.map((entity) => ({ name: entity, entities: [entity] })),
    { name: 'all (micro)', entities: CHINESE },
  ];
  const { f1, gold } = measure(samples, ours, CHINESE);
  return {
    title: 'Personal data, Chinese, generated',
    notes: [
      `${count} sentences from a seeded generator: half with checksum-valid telephone numbers, resident ids and cards, also in groups, with wide digits or an unseen sign within; half with what only looks so (orders, parcels, wrong checksums, impossible dates, sums of money, times). Nothing is held out, and rules were corrected by what they got wrong in it: it shows that forms and checks are right, not that all texts are like these.`,
      COUNTED,
    ],
    header: HEADER,
    rows: rowsOf(samples, rows, finders),
    targets: [
      {
        name: `micro-F1 ≥ ${CHINESE_TARGET} on the generated set`,
        met: f1 >= CHINESE_TARGET,
        figure: `${f1.toFixed(4)} of ${gold} entities`,
      },
    ],
  };
}

function rowsOf(samples: readonly Sample[], rows: readonly Row[], finders: readonly Who[]): string[][] {
  const texts = samples.map(({ text }) => text);
  const timed = finders.map((finder) => ({ ...finder, times: timesOf(texts, finder.find) }));
  return rows.flatMap(({ name, entities }) =>
    timed.map(({ name: who, find, times }) => [
      name,
      who,
      ...figuresOf(measure(samples, find, entities)),
      times.p50.toFixed(1),
      times.p99.toFixed(1),
    ]),
  );
}

const share = (value: number): string => value.toFixed(3);

function figuresOf({ gold, found, hits, exact, precision, recall, f1, auprc }: Figures): string[] {
  const exactShare = hits === 0 ? '–' : share(exact / hits);
  return [String(gold), found === 0 ? '–' : share(precision), share(recall), share(f1), share(auprc), exactShare];
}
