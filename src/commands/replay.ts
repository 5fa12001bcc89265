import { parseArgs } from 'node:util';

import { type Environment } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { systemClock } from '../core/clock.ts';
import { PostgresBudgetStore } from '../pipeline/quotas/budgets/budget-store.ts';
import { PriceRowStore } from '../pipeline/pricing/price-row-store.ts';
import { PostgresRolloutStore } from '../pipeline/rollouts/rollout-store.ts';
import type { Database } from '../storage/database/database.ts';
import { ownCallsOf } from '../work/replay/recorded-store.ts';
import { type Progress, type ReplayQuestion, learnFrom, replayAll } from '../work/replay/replay.ts';
import { type ReplayView, replayView } from '../work/replay/report-view.ts';
import { type Command, UsageError, print } from './command.ts';
import { readDatabase } from './offline.ts';
import { progressOn } from './progress.ts';
import { recentPeriod } from './recent-period.ts';
import { type StoredSettings, openProposal } from './replay-parts.ts';
import { replayText } from './replay-text.ts';

const HELP = `Usage: causeway replay --config <file> [--since <time>] [--until <time>] [--model <name>] [--project <name>]
                       [--limit <number>] [--json]

Sends recorded requests through a proposed configuration, without calling any provider, and says what would change:
cost, cache hits, refusals, which target gets what, and latency. What would go to a target of which nothing is recorded
is named as unknown. It reads the database of CAUSEWAY_DATA_DIR or DATABASE_URL, whether a gateway runs on it or not,
and changes nothing.

  --config   the proposed configuration
  --since    from this time on: 2026-11-01, 2026-11-01T08:00:00Z, or 7d for seven days back (default: 24h)
  --until    before this time (default: now)
  --model    only requests for this model, as clients name it
  --project  only requests of this project
  --limit    no more requests than that, the earliest
  --json     print JSON

It ends with 0, with 1 where the configuration has faults or the database cannot be read, and with 2 where the command
is wrong.`;

const OPTIONS = {
  config: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  model: { type: 'string' },
  project: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const DAY = '24h';

export const replay: Command = {
  async run(argv, env) {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    if (values.help) {
      print(HELP);
      return 0;
    }
    const { config: path, since = DAY, until, model, project, limit } = values;
    if (path === undefined) throw new UsageError('replay needs --config, the configuration that is proposed');
    const question = {
      ...recentPeriod({ since, until }, systemClock.now()),
      ...(model !== undefined && { model }),
      ...(project !== undefined && { project }),
      ...(limit !== undefined && { limit: countOf(limit) }),
    };
    const view = await replayed(env, path, question, progressOn(process.stderr, values.json ?? false));
    print(values.json ? JSON.stringify(view) : replayText(view, path));
    return 0;
  },
};

function countOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--limit takes a whole number above 0, not "${text}"`);
}

/** @throws ConfigError; storage_unavailable */
export async function replayed(
  env: Environment,
  path: string,
  question: ReplayQuestion,
  onProgress: Progress = () => undefined,
): Promise<ReplayView> {
  const { config } = loadConfig({ path, explicit: true, env });
  return readDatabase(env, async (database) => {
    const proposal = await openProposal(config, await storedIn(database));
    try {
      const knowledge = await learnFrom(database, question, onProgress);
      const report = await replayAll(database, question, proposal.replayer(knowledge), onProgress);
      const guessed = proposal.tiers.guessed();
      const ownCalls = await ownCallsOf(database, question);
      const notes = [
        ...proposal.notes(),
        guessed > 0 &&
          `How demanding a request is was judged by the rules in place of the configured judge ${guessed} times.`,
      ].filter((note) => note !== false);
      return replayView(report, { ...question, ownCalls, notes });
    } finally {
      await proposal.close();
    }
  });
}

async function storedIn({ orm }: Pick<Database, 'orm'>): Promise<StoredSettings> {
  const prices = await new PriceRowStore(orm, systemClock).list();
  const budgets = await new PostgresBudgetStore(orm, systemClock).list();
  return { prices, budgets, rollouts: await new PostgresRolloutStore(orm, systemClock).list() };
}
