import { parseArgs } from 'node:util';

import { buildCatalog } from '../app-catalog.ts';
import { priceSettings } from '../app-pricing.ts';
import type { Environment } from '../config/config.ts';
import { loadConfig, locateConfig } from '../config/load.ts';
import { systemClock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { parseDuration } from '../core/units.ts';
import { PriceDesk } from '../pipeline/pricing/price-desk.ts';
import { PriceConflictError } from '../pipeline/pricing/price-row-store.ts';
import { conflictText, readComparisonGroups, readRecentPeriod } from '../pipeline/pricing/questions.ts';
import { comparisonView, missingView } from '../pipeline/pricing/views.ts';
import { type Command, UsageError, print } from './command.ts';
import { withDatabase } from './offline.ts';
import { DocumentError, loadPriceDocument } from './prices-document.ts';
import { changesText, comparisonText, missingText, pricesText } from './prices-text.ts';

const HELP = `Usage: causeway prices list [--family <name>] [--model <name>] [--all] [--json]
       causeway prices missing [--since <time>] [--until <time>] [--json]
       causeway prices update <file or https URL> [--dry-run]
       causeway prices compare [--since <time>] [--until <time>] [--by target,day] [--prices <file or URL>] [--json]

Prices on the database of CAUSEWAY_DATA_DIR or DATABASE_URL, whether a gateway runs on it or not. A running gateway
takes what is stored within a second; what was recorded before keeps its cost.

  list      prices in force today; --all those of other times too; --json a document that update takes
  missing   targets that were called at an unknown cost
  update    store the prices of a document (JSON or YAML), all or none; a stored price never changes,
            a new one has a later day in "from"
  compare   past usage at the prices of today, or at those of --prices, beside what was booked

  --since   from this time on: 2026-11-01, 2026-11-01T08:00:00Z, or 7d for seven days back (default: 30d)
  --until   before this time
  --by      any of target, model, user, endpoint, project, key, day (default: target)
  --dry-run say what would be stored and store nothing
  --config  the configuration (default: CAUSEWAY_CONFIG, else ./causeway.yaml where there is one)
  --json    print JSON

It ends with 0, with 1 where it could not be done (a refused row, say), and with 2 where the command is wrong.`;

const OPTIONS = {
  family: { type: 'string' },
  model: { type: 'string' },
  all: { type: 'boolean' },
  since: { type: 'string' },
  until: { type: 'string' },
  by: { type: 'string' },
  prices: { type: 'string' },
  'dry-run': { type: 'boolean' },
  config: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What each action takes, so that an option that it would ignore is told. */
const TAKES: Readonly<Record<string, readonly (keyof typeof OPTIONS)[]>> = {
  list: ['family', 'model', 'all', 'config', 'json'],
  missing: ['since', 'until', 'config', 'json'],
  update: ['dry-run', 'config'],
  compare: ['since', 'until', 'by', 'prices', 'config', 'json'],
};

/** More than anybody reads. */
const MAX_GROUPS = 10_000;

type Values = ReturnType<typeof parse>['values'];
type Work = (desk: PriceDesk) => Promise<number>;

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
}

export const prices: Command = {
  async run(argv, env) {
    const { values, positionals } = parse(argv);
    const [action, ...rest] = positionals;
    if (values.help || action === undefined) {
      print(HELP);
      return values.help ? 0 : 2;
    }
    checkWords(action, rest, values);
    try {
      const work = await workFor(action, rest[0] ?? '', values);
      return await withDesk(env, values.config, work);
    } catch (thrown) {
      if (!(thrown instanceof DocumentError) && !(thrown instanceof PriceConflictError)) throw thrown;
      const reason = thrown instanceof PriceConflictError ? conflictText(thrown.conflicts) : thrown.message;
      process.stderr.write(`causeway: ${reason}\n`);
      return 1;
    }
  },
};

function checkWords(action: string, rest: readonly string[], values: Values): void {
  const takes = TAKES[action];
  if (!takes) {
    throw new UsageError(`there is no "prices ${action}"; there are ${Object.keys(TAKES).join(', ')}`);
  }
  const given = Object.keys(values) as (keyof typeof OPTIONS)[];
  const idle = given.find((name) => !takes.includes(name));
  if (idle !== undefined) throw new UsageError(`prices ${action} does not take --${idle}`);
  const places = action === 'update' ? 1 : 0;
  if (rest.length < places) throw new UsageError('prices update needs a file or an https URL');
  if (rest.length > places) throw new UsageError(`"${rest[places]}" is one word too many`);
}

/** Reads everything that the command line names before the database is opened. */
async function workFor(action: string, place: string, values: Values): Promise<Work> {
  const now = systemClock.now();
  switch (action) {
    case 'list':
      return (desk) => list(desk, values);
    case 'missing': {
      const period = periodOf(values, now);
      return async (desk) => {
        const found = (await desk.missing(period, MAX_GROUPS)).map(missingView);
        print(values.json ? JSON.stringify(found) : missingText(found));
        return 0;
      };
    }
    case 'update': {
      const { rows, fromConfig } = await loadPriceDocument(place, now);
      const isDry = values['dry-run'] ?? false;
      return async (desk) => {
        const changes = await (isDry ? desk.preview(rows) : desk.update(rows));
        print(changesText(changes, fromConfig, isDry));
        return changes.refused.length > 0 ? 1 : 0;
      };
    }
    default:
      return compareWork(values, now);
  }
}

async function list(desk: PriceDesk, { family, model, all, json }: Values): Promise<number> {
  const found = await desk.list({ family, model, all });
  print(json ? JSON.stringify({ prices: found }, null, 1) : pricesText(found));
  return 0;
}

async function compareWork(values: Values, now: number): Promise<Work> {
  const period = periodOf(values, now);
  const by = asUsage(() => readComparisonGroups((values.by ?? '').split(',').map((name) => name.trim())));
  const document = values.prices === undefined ? undefined : await loadPriceDocument(values.prices, now);
  return async (desk) => {
    const groups = await desk.compare({ period, by, prices: document?.rows, maxGroups: MAX_GROUPS });
    if (!groups) throw new UsageError(`these are over ${MAX_GROUPS} groups; group by less, or narrow the time`);
    const views = groups.map((group) => comparisonView(by, group));
    print(values.json ? JSON.stringify(views) : comparisonText(by, views));
    return 0;
  };
}

/** What the library calls a bad request is a wrong word of the command line. */
function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof GatewayError ? new UsageError(thrown.message.replace(' (query)', '')) : thrown;
  }
}

function periodOf({ since, until }: Values, now: number) {
  const at = (text: string): string => {
    const back = parseDuration(text);
    return back ? String(now - back) : text;
  };
  const asked = {
    ...(since !== undefined && { since: at(since) }),
    ...(until !== undefined && { until: at(until) }),
  };
  return asUsage(() => readRecentPeriod(asked, now));
}

/** With the prices and providers of the configuration, as a gateway on the same files would have them. */
async function withDesk(env: Environment, configPath: string | undefined, work: Work): Promise<number> {
  const { config } = loadConfig({ ...locateConfig(env, configPath), env });
  const catalog = buildCatalog(config, new Map(), [], systemClock);
  try {
    const settings = priceSettings(config, catalog);
    return await withDatabase(env, (database) =>
      work(new PriceDesk({ database, clock: systemClock, settings: () => settings })),
    );
  } finally {
    await Promise.all(catalog.providers.map((provider) => provider.close()));
  }
}
