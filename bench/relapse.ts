import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { caseNamed } from './cases.ts';
import { OtherWork, renderOtherWork } from './other-work.ts';
import type { Party, PartyName } from './parties.ts';
import {
  type Compared,
  type Recorded,
  compare,
  isUnrecorded,
  isWorse,
  ratiosOf,
  renderCompared,
  renderVerdict,
} from './relapse-verdict.ts';
import { describeMachine } from './report.ts';
import { type RoundsPlan, measureRounds } from './rounds.ts';
import { type BenchSite, missingParties, onSite } from './site.ts';
import { WARM_UP } from './warm-up.ts';

/**
 * `npm run bench:relapse`: whether a request costs more CPU than it did, as a multiple of the floor's in the same run.
 * `--record` writes what was seen into `ratios.json`, to be compared with from then on.
 */

const RATIOS = fileURLToPath(new URL('./ratios.json', import.meta.url));
const CASES = ['chat-32', 'stream-32', 'hit-32'].map(caseNamed);
/** Short windows and many of them: what disturbs the machine for a moment is in few, and the median leaves it out. */
const TIMING = { warmupSeconds: 0.2, seconds: 1 };
const ROUNDS = { checked: 15, recorded: 31 };
const EXIT = { asBefore: 0, worse: 1, broken: 2 } as const;

/** Gateways with everything on, by the database that they have. */
const GATEWAYS = { postgres: 'causeway', embedded: 'embedded' } as const satisfies Record<string, PartyName>;
type Database = keyof typeof GATEWAYS;
const DATABASES = Object.keys(GATEWAYS) as Database[];

type RecordedByDatabase = Partial<Record<Database, Recorded>>;

const { values: options } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    database: { type: 'string' },
    rounds: { type: 'string' },
  },
});

/** The one that was asked for, or the best that can run here; all, to be recorded. */
function pickDatabases(): readonly Database[] {
  const asked = options.database;
  const known = DATABASES.filter((database) => asked === undefined || database === asked);
  if (known.length === 0) throw new Error(`"${asked}" is none of ${DATABASES.join(', ')}`);
  const missing = missingParties();
  const possible = known.filter((database) => !missing.has(GATEWAYS[database]));
  if (possible.length === 0) throw new Error(known.map((database) => missing.get(GATEWAYS[database])).join());
  return options.record ? possible : possible.slice(0, 1);
}

function readRecorded(): RecordedByDatabase {
  try {
    return JSON.parse(readFileSync(RATIOS, 'utf8')) as RecordedByDatabase;
  } catch {
    return {};
  }
}

/** Rounds of the floor and the gateway in turns, on processes that go on running. */
async function measureOnce(
  { load }: BenchSite,
  parties: readonly Party[],
  recorded: Recorded | undefined,
  plan: Pick<RoundsPlan, 'rounds' | 'warmUp'>,
): Promise<Compared[]> {
  const otherWork = new OtherWork();
  const { rounds } = await measureRounds(load, parties, { cases: CASES, timing: TIMING, ...plan });
  const wrong = rounds.find(({ errors }) => errors > 0);
  if (wrong) throw new Error(`${wrong.party} gave wrong answers under ${wrong.case}, the first: ${wrong.firstError}`);
  const compared = compare(rounds, recorded?.ratios ?? {});
  console.log(`\n${renderCompared(compared)}\n\n${renderOtherWork(otherWork.share())}`);
  return compared;
}

async function measureDatabase(
  site: BenchSite,
  parties: readonly Party[],
  recorded: Recorded | undefined,
): Promise<Compared[]> {
  const rounds = options.rounds === undefined ? undefined : Number(options.rounds);
  const first = options.record ? ROUNDS.recorded : ROUNDS.checked;
  const seen = await measureOnce(site, parties, recorded, { rounds: rounds ?? first, warmUp: WARM_UP });
  if (options.record || !seen.some(isWorse)) return seen;
  console.log('Some of it is worse; measured once more, longer.');
  return measureOnce(site, parties, recorded, { rounds: (rounds ?? ROUNDS.checked) * 2 + 1, warmUp: WARM_UP });
}

async function main(site: BenchSite): Promise<0 | 1 | 2> {
  const recorded = readRecorded();
  const { cores, cpu, node } = describeMachine();
  const verdicts: Compared[] = [];
  const floor = await site.open('floor');
  for (const database of pickDatabases()) {
    const was = recorded[database];
    console.log(`\n${database}, ${cores} cores of ${cpu}, Node ${node}, load before ${loadavg()[0]?.toFixed(2)}`);
    if (was) console.log(`recorded on ${was.date} with Node ${was.node} on ${was.cpu}`);
    const gateway = await site.open(GATEWAYS[database]);
    const seen = await measureDatabase(site, [floor, gateway], was);
    await gateway.child.stop();
    if (options.record) {
      recorded[database] = { date: new Date().toISOString().slice(0, 10), node, cpu, ratios: ratiosOf(seen) };
      writeFileSync(RATIOS, `${JSON.stringify(recorded, undefined, 2)}\n`);
    } else {
      console.log(renderVerdict(seen).join('\n'));
      verdicts.push(...seen);
    }
  }
  // A guard that has nothing to compare with guards nothing.
  if (verdicts.some(isUnrecorded)) return EXIT.broken;
  return verdicts.some(isWorse) ? EXIT.worse : EXIT.asBefore;
}

try {
  process.exit(await onSite(main));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(EXIT.broken);
}
