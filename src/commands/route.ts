import { parseArgs } from 'node:util';

import { buildCatalog, priceBookOf } from '../app-catalog.ts';
import type { Config } from '../config/config.ts';
import { loadConfig, locateConfig } from '../config/load.ts';
import { targetName } from '../core/call.ts';
import { systemClock } from '../core/clock.ts';
import { estimateCall } from '../edge/estimate-call.ts';
import { PriceRowStore } from '../pipeline/pricing/price-row-store.ts';
import { FeedbackStore } from '../records/feedback/feedback-store.ts';
import type { Database } from '../storage/database/database.ts';
import { type AdviceView, adviceView } from '../work/advise/advice-view.ts';
import { adviseOn } from '../work/advise/advise.ts';
import { type CollectedModel, FactCollector } from '../work/advise/fact-collector.ts';
import { type AskPrice, askCost } from '../work/advise/policies.ts';
import { recordedModels } from '../work/advise/recorded-models-store.ts';
import type { Place } from '../work/advise/snippet.ts';
import type { Foresight } from '../work/replay/foresee.ts';
import { ReplayPrices } from '../work/replay/prices.ts';
import { type RecordedQuestion, recordedRequests } from '../work/replay/recorded-store.ts';
import { type Progress, learnFrom } from '../work/replay/replay.ts';
import { adviseText } from './advise-text.ts';
import { type Command, UsageError, print } from './command.ts';
import { openExampleScores } from './example-scores.ts';
import { readDatabase } from './offline.ts';
import { progressOn } from './progress.ts';
import { recentPeriod } from './recent-period.ts';

const HELP = `Usage: causeway route advise [--since <time>] [--until <time>] [--model <name>] [--targets <target,…>]
                            [--config <file>] [--all] [--json]

Says of recorded chat traffic what each way to choose a model would have cost and saved, how sure that is, and how good
the answers would be where users have said something of them; and which one to use, if one pays. It reads the database of
CAUSEWAY_DATA_DIR or DATABASE_URL, asks no provider, and changes nothing.

  --since    from this time on: 2026-11-01, 2026-11-01T08:00:00Z, or 7d for seven days back (default: 7d)
  --until    before this time (default: now)
  --model    only this model, as clients name it
  --targets  others to compare with, e.g. openai/gpt-5-mini,openai/gpt-5; those that answered, and those of the model's
             route, are compared anyway
  --config   the configuration (default: CAUSEWAY_CONFIG, else ./causeway.yaml where there is one)
  --all      print all policies that were compared, not the dozen that matters most
  --json     print JSON, with all of them

It ends with 0, with 1 where the database cannot be read or nobody knows the model, and with 2 where the command is wrong.`;

const OPTIONS = {
  since: { type: 'string' },
  until: { type: 'string' },
  model: { type: 'string' },
  targets: { type: 'string' },
  config: { type: 'string' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const route: Command = {
  async run(argv, env) {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    const [action, ...more] = positionals;
    if (values.help || action === undefined) {
      print(HELP);
      return values.help ? 0 : 2;
    }
    if (action !== 'advise') throw new UsageError(`there is no "route ${action}"; there is "route advise"`);
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many`);
    const { since = '7d', until, model, targets, config: path } = values;
    const question = { ...recentPeriod({ since, until }, systemClock.now()), ...(model !== undefined && { model }) };
    const { config } = loadConfig({ ...locateConfig(env, path), env });
    const onProgress = progressOn(process.stderr, values.json ?? false);
    const asked = { ...question, targets: targetsIn(targets, config) };
    const { views, notes } = await readDatabase(env, async (database) => {
      const found = await advised(database, config, asked, onProgress);
      if (model !== undefined && found.views.length === 0) await checkModel(database, config, { ...question, model });
      return found;
    });
    const shown = { ...question, notes, all: values.all ?? false };
    print(values.json ? JSON.stringify({ models: views, notes }) : adviseText(views, shown));
    return 0;
  },
};

function targetsIn(text: string | undefined, { providers }: Pick<Config, 'providers'>): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => {
    if (name === '') return false;
    const provider = /^([^/]+)\/./.exec(name)?.[1];
    if (provider !== undefined && providers.has(provider)) return true;
    const known = [...providers.keys()].join(', ');
    throw new UsageError(`"${name}" is no target: write provider/model, with one of the providers ${known}`);
  });
}

/** @throws RangeError where there is no such model, neither in the configuration nor in what was recorded */
export async function checkModel(
  database: Database,
  { models }: Pick<Config, 'models'>,
  { model, since, until }: RecordedQuestion & { readonly model: string },
): Promise<void> {
  const known = [...new Set([...models.keys(), ...(await recordedModels(database, { since, until }))])];
  if (known.includes(model)) return;
  const there = known.length === 0 ? 'there are none' : `there are: ${known.toSorted().join(', ')}`;
  throw new RangeError(
    `there is no model ${JSON.stringify(model)} in the configuration, and nobody asked for it in that time; ${there}`,
  );
}

export interface AdviceQuestion extends RecordedQuestion {
  /** What else is compared. */
  readonly targets: readonly string[];
}

/** @throws storage_unavailable */
export async function advised(
  database: Database,
  config: Config,
  question: AdviceQuestion,
  onProgress: Progress = () => undefined,
): Promise<{ readonly views: AdviceView[]; readonly notes: string[] }> {
  const stored = await new PriceRowStore(database.orm, systemClock).list();
  const catalog = buildCatalog(config, new Map(), stored, systemClock);
  try {
    const families = new Map(catalog.providers.map(({ name, family }) => [name, family]));
    const prices = new ReplayPrices(priceBookOf(config, stored), families);
    const foresight: Foresight = { knowledge: await learnFrom(database, question, onProgress), prices };
    const examples = await openExampleScores(database, config.cache.encoder);
    const collector = new FactCollector({
      catalog,
      makeCall: (place, body, headers) =>
        estimateCall({ clock: systemClock, limits: { trustedProxies: 0 } }, place, body, headers),
      foresight,
      targetsOf: (model) => [...targetsOf(model, config), ...question.targets],
      ...(examples && { byExamples: examples.scoreOf }),
    });
    await collect(database, question, collector, onProgress);
    const collected = await collector.models();
    const views = collected.map(([model, traffic]) => viewOf(model, traffic, { foresight, question, config }));
    return { views, notes: [...notesOf(question.targets, foresight), ...canaryNotes(views, config)] };
  } finally {
    await Promise.all(catalog.providers.map((provider) => provider.close()));
  }
}

async function collect(
  database: Database,
  question: AdviceQuestion,
  collector: FactCollector,
  onProgress: Progress,
): Promise<void> {
  const store = new FeedbackStore(database);
  let done = 0;
  for await (const page of recordedRequests(database, question)) {
    const feedback = await store.feedbackOf(page.map(({ traceId }) => traceId));
    for (const request of page) collector.add(request, feedback.get(request.traceId));
    done += page.length;
    onProgress('replaying', done);
  }
}

interface Surroundings {
  readonly foresight: Foresight;
  readonly question: AdviceQuestion;
  readonly config: Config;
}

function viewOf(model: string, collected: CollectedModel, { foresight, question, config }: Surroundings): AdviceView {
  const { facts, targets, isCached, answered, unpriced, firstAt, lastAt, failing } = collected;
  const askPrices = new Map(
    targets.flatMap((target) => {
      const price = askPriceOf(target, foresight, question.until.getTime());
      return price ? [[target, price] as const] : [];
    }),
  );
  const escalated = new Map(
    targets.flatMap((target) => {
      const share = foresight.knowledge.escalated(model, target);
      return share === undefined ? [] : [[target, share] as const];
    }),
  );
  const meanAsk = new Map(
    [...askPrices].map(([target, price]) => [
      target,
      facts.reduce((sum, fact) => sum + askCost(fact, price), 0) / Math.max(1, facts.length),
    ]),
  );
  const advice = adviseOn({ model, facts, targets, askPrices, escalated, isCached, failing });
  const place = placeOf(model, config, advice.main);
  return adviceView(advice, { firstAt, lastAt, place, answered, unpriced, askNanoUsd: meanAsk });
}

/** @param main who answers most of its requests */
function placeOf(model: string, { models, canaries }: Config, main: string | undefined): Place {
  const settings = models.get(model);
  const target = settings ? (settings.route ? undefined : targetName(settings.target)) : main;
  return { model, isKnown: settings !== undefined, target, canaries: [...canaries.keys()] };
}

/** A model has one canary or experiment at a time. */
function canaryNotes(views: readonly AdviceView[], { canaries, experiments }: Config): string[] {
  const running = new Map(
    [...canaries, ...experiments].flatMap(([id, { model, enabled }]) => (enabled ? [[model, id]] : [])),
  );
  return views.flatMap(({ model, advice }) => {
    const id = advice === 'try' ? running.get(model) : undefined;
    return id === undefined
      ? []
      : [`"${id}" tries something on ${model} already; end it before the canary for ${model} begins.`];
  });
}

/** The targets of a virtual model and of its route. */
function targetsOf(model: string, { models }: Pick<Config, 'models'>): string[] {
  const settings = models.get(model);
  if (!settings) return [];
  const { target, route: chosen } = settings;
  const routed = chosen?.targets.map((one) => one.target) ?? [];
  const escalated = chosen?.cascade ? [chosen.cascade.to] : [];
  return [...new Set([target, ...routed, ...escalated].map(targetName))];
}

const MANY_TOKENS = 1_000_000;

/** Undefined where its price is not known. */
function askPriceOf(target: string, { prices }: Foresight, sentAt: number): AskPrice | undefined {
  const at = { sentAt, durationMs: 0 };
  const input = prices.costOf(target, { inputTokens: MANY_TOKENS, outputTokens: 0 }, at);
  const output = prices.costOf(target, { inputTokens: 0, outputTokens: MANY_TOKENS }, at);
  if (input === undefined || output === undefined) return undefined;
  return { input: input / MANY_TOKENS, output: output / MANY_TOKENS };
}

function notesOf(targets: readonly string[], { knowledge, prices }: Foresight): string[] {
  const at = { sentAt: systemClock.now(), durationMs: 0 };
  return targets.flatMap((target) => {
    const cost = prices.costOf(target, { inputTokens: 1, outputTokens: 1 }, at);
    if (cost === undefined) return [`${target} has no known price and is not compared; give it one under prices:.`];
    if (!knowledge.knows(target))
      return [`Nothing is recorded of ${target}: its answers are taken to be as long as those that there were.`];
    return [];
  });
}
