import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { PriceBook } from '../src/models/pricing/price-book.ts';
import { percent } from './cache/figures.ts';
import { markdownTable } from './drill/verdict.ts';
import {
  COMPLEX_KINDS,
  type DayPlan,
  INTENT_POPULARITY,
  USUAL_DAY,
  WORDING_POPULARITY,
  makeDay,
} from './routing/day/day.ts';
import { type IntentHalves, readIntents } from './routing/day/intents.ts';
import { tiersByEmbedding, tiersByRules } from './routing/day/judges.ts';
import {
  type DayOutcome,
  type Models,
  OUTPUT_TOKENS,
  type Seen,
  type Setup,
  runDay,
  seenOf,
} from './routing/day/run-day.ts';

/** `npm run bench:routing-day`: what routing and the exact cache save on a day of customers' questions. */

const HELP = `npm run bench:routing-day -- [options]
  --quick       a tenth of the requests
  --data <dir>  the folder of banking77.csv (../shared/data/cache)
  --seed <n>    of the day (1)
  --help        this

Exit code: 0 where routing by rules and the cache save at least 70 %; 1 where not; 2 where it was not measured.`;

const TARGET = 0.7;
/** Labelled requests of an earlier day, as feedback would leave them. */
const LEARNED_FROM = 500;
const QUICK = 10;

/** What of the day's assumptions does how much. */
const OTHER_DAYS: readonly (readonly [title: string, Partial<DayPlan>])[] = [
  ['Without suggested questions', { suggested: 0 }],
  ['Nobody types what was typed before', { isNeverTypedAgain: true }],
  ['Twice as many complex cases', { complex: 2 * USUAL_DAY.complex }],
];

/** The first is what the target is held to. */
const PAIRS = [
  ['openai', 'gpt-5-mini', 'gpt-5'],
  ['openai', 'gpt-6-luna', 'gpt-6-sol'],
  ['anthropic', 'claude-haiku-4-5', 'claude-sonnet-4-5'],
] as const;

function modelsOf([family, small, large]: (typeof PAIRS)[number]): Models {
  const book = new PriceBook({});
  const of = (model: string): Models['small'] => {
    const price = book.find(family, family, model);
    if (!price) throw new Error(`the price list has no ${family}/${model}`);
    return { model, price };
  };
  return { small: of(small), large: of(large) };
}

interface Day {
  readonly seen: readonly Seen[];
  readonly setups: readonly Setup[];
}

async function dayOf({ earlier, today }: IntentHalves, plan: DayPlan, hasEmbedding: boolean): Promise<Day> {
  const seen = makeDay(today, plan).map((request) => seenOf(request));
  const rules = tiersByRules(seen);
  const faq = tiersByRules(
    seen,
    today.flatMap(({ wordings }) => wordings.slice(0, 1)),
  );
  const setups: Setup[] = [
    { name: 'all on the large model', hasCache: false },
    { name: 'cache alone', hasCache: true },
    { name: 'routing by rules alone', tiers: rules, hasCache: false },
    { name: 'routing by rules, and cache', tiers: rules, hasCache: true },
    { name: 'the same, medium ones to the small model too', tiers: rules, small: ['simple', 'medium'], hasCache: true },
    { name: 'routing by rules with a FAQ list, and cache', tiers: faq, hasCache: true },
  ];
  if (!hasEmbedding) return { seen, setups };
  const learned = makeDay(earlier, { ...plan, requests: LEARNED_FROM, seed: plan.seed + 1 }).map(seenOf);
  const tiers = await tiersByEmbedding(learned, seen, (text) => console.error(text));
  return { seen, setups: [...setups, { name: 'routing by embedding, and cache', tiers, hasCache: true }] };
}

const TITLES = ['', 'saved', 'cache hits', 'to the small model', 'complex to the small one', 'simple to the large one'];

function rowOf(name: string, outcome: DayOutcome, all: DayOutcome, hasRouting: boolean): string[] {
  const { usd, hits, toSmall, complex, complexToSmall, simple, simpleToLarge } = outcome;
  const routed = [
    percent(toSmall / (simple + complex)),
    `${percent(complexToSmall / complex)} (${complexToSmall} of ${complex})`,
    percent(simpleToLarge / simple),
  ];
  return [
    name,
    percent(savedOf(outcome, all)),
    percent(hits / (simple + complex)),
    ...(hasRouting ? routed : ['–', '–', '–']),
  ].map((cell) => (usd === all.usd ? cell.replace(/^0\.0 %$/, '–') : cell));
}

function savedOf({ usd }: DayOutcome, all: DayOutcome): number {
  return 1 - usd / all.usd;
}

/** @returns how much routing by rules and the cache save */
function report({ seen, setups }: Day, models: Models): number {
  const outcomes = setups.map((setup) => ({ setup, outcome: runDay(seen, models, setup) }));
  const [all] = outcomes;
  if (!all) return 0;
  const rows = outcomes.map(({ setup, outcome }) => rowOf(setup.name, outcome, all.outcome, setup.tiers !== undefined));
  console.log(`\n### ${models.small.model} beside ${models.large.model}\n\n${markdownTable(TITLES, rows)}`);
  const both = outcomes.find(({ setup }) => setup.name === 'routing by rules, and cache');
  return both ? savedOf(both.outcome, all.outcome) : 0;
}

function reportMissed({ seen, setups }: Day): void {
  const rows = setups.flatMap(({ name, tiers, small }) => {
    if (!tiers || name.includes('alone')) return [];
    const cells = COMPLEX_KINDS.map((kind) => {
      const places = seen.flatMap(({ request }, at) => (request.kind === kind ? [at] : []));
      const missed = places.filter((at) => (small ?? ['simple']).includes(tiers[at] ?? 'reasoning'));
      return `${missed.length} of ${places.length}`;
    });
    return [[name, ...cells]];
  });
  console.log(`\nOf the complex cases, to the small model:\n\n${markdownTable(['', ...COMPLEX_KINDS], rows)}`);
}

async function measure(file: string, isQuick: boolean, seed: number): Promise<boolean> {
  const intents = readIntents(file);
  const plan: DayPlan = { ...USUAL_DAY, seed, requests: isQuick ? USUAL_DAY.requests / QUICK : USUAL_DAY.requests };
  const day = await dayOf(intents, plan, true);
  const distinct = new Set(day.seen.map(({ key }) => key)).size;
  console.log(`# A day of customers' questions

${plan.requests} requests over ${intents.today.length} intents, popularity 1/n^${INTENT_POPULARITY} of intents and 1/n^${WORDING_POPULARITY} of wordings; ${percent(plan.suggested, 0)} of the simple ones are suggested by the chat window; ${percent(plan.complex, 0)} are complex. ${distinct} different requests. Answers: ${OUTPUT_TOKENS.simple} tokens, complex ones ${OUTPUT_TOKENS.complex}. The tier simple goes to the small model, all others to the large one; the embedding learned from ${LEARNED_FROM} labelled requests of another day with other wordings. What a hit answers is kept for the day.`);
  const saved = PAIRS.map((pair) => report(day, modelsOf(pair)));
  reportMissed(day);
  for (const [title, other] of OTHER_DAYS) {
    console.log(`\n## ${title}`);
    report(await dayOf(intents, { ...plan, ...other }, false), modelsOf(PAIRS[0]));
  }
  const first = saved[0] ?? 0;
  console.log(`\nSaved by routing by rules and the cache: ${percent(first)}, target ${percent(TARGET, 0)}.`);
  return first >= TARGET;
}

/** Returns the exit code. */
async function main(): Promise<0 | 1> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      data: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const folder = values.data ?? join(process.env['CAUSEWAY_TEST_DATA'] ?? join('..', 'shared', 'data'), 'cache');
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error('--seed is a whole number');
  return (await measure(join(folder, 'banking77.csv'), values.quick, seed)) ? 0 : 1;
}

const BROKEN = 2;
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = BROKEN;
}
