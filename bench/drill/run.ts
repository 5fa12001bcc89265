import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { describeMachine } from '../report.ts';
import { drillAborts } from './abort.ts';
import { drillBudgets } from './budgets.ts';
import { ROW_IDS, drillFaults } from './faults.ts';
import { drillKills } from './kill.ts';
import { drillLimits } from './limits.ts';
import type { DrillOptions } from './options.ts';
import { drillOverload } from './overload.ts';
import { drillRecordKills } from './records-kill.ts';
import { drillRecordOutage } from './records-outage.ts';
import { drillShadow } from './shadow.ts';
import { drillStreams } from './streams.ts';
import type { Check } from './verdict.ts';

const DRILLS: Readonly<Record<string, (options: DrillOptions) => Promise<readonly Check[]>>> = {
  faults: drillFaults,
  overload: drillOverload,
  streams: drillStreams,
  abort: drillAborts,
  budgets: drillBudgets,
  kill: drillKills,
  limits: drillLimits,
  shadow: drillShadow,
  'records-kill': drillRecordKills,
  'records-outage': drillRecordOutage,
};

const HELP = `npm run drill -- [faults | overload | streams | abort | budgets | kill | limits | shadow | records-kill
                      | records-outage]
                      [--quick] [--bare] [--rows <id>,…] [--seeds <n>]

The gateway as a process of its own, between official clients and simulated providers that fail. Prints tables in
Markdown, and each target with what was seen. The exit code is 1 where a target was missed, 2 where the drill broke, or
missed one for which no machine is too slow: what is lost or there twice.

  faults     every fault of a provider under a mixed load, and every client reading broken answers (the usual one)
  overload   five times what a target can do, for a minute
  streams    4,000 streams that say next to nothing, for a minute
  abort      clients that leave in every stage of a request
  budgets    hard and soft budgets on three replicas, beside what the providers billed, for 20 seeds
  kill       a replica that is killed, and Redis that is killed and comes back empty or as it was before
  limits     ten times what a limit allows, on three replicas, for two minutes
  shadow     the same load with and without shadow traffic, by turns, and a shadow that uses up its budget
  records-kill     a gateway that is killed 20 times under 1,000 requests a second, and what became of the records
  records-outage   PostgreSQL stopped for two minutes under 500 requests a second, and a replica started without it

  --quick    a short form of each, for CI
  --bare     virtual models with a target and nothing else: what the same costs without retries, fallback, breaker and
             queue settings
  --rows     only these rows of faults: ${ROW_IDS.join(', ')}
  --seeds    how many seeds budgets runs with
  --help     this text

docs/drill.md says more.
`;

const BROKEN = 2;

/** A machine that does other work beside shows in every time. */
function busyWith(): string {
  const [lastMinute = 0] = loadavg();
  return `load average ${lastMinute.toFixed(1)} before the start`;
}

function seedsOf(text: string): number {
  const seeds = Number(text);
  if (Number.isInteger(seeds) && seeds > 0 && seeds <= 40) return seeds;
  throw new Error(`"${text}" is not right for --seeds: write a whole number from 1 to 40`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      bare: { type: 'boolean', default: false },
      rows: { type: 'string' },
      seeds: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [name = 'faults'] = positionals;
  const drill = DRILLS[name];
  if (values.help || !drill) {
    process.stdout.write(HELP);
    return values.help ? 0 : BROKEN;
  }
  if (process.platform !== 'linux') throw new Error("the drill reads memory from Linux's /proc");
  const { cores, cpu, node } = describeMachine();
  console.log(
    `# Drill: ${name}${values.quick ? ', quick' : ''}\n\n${cores} cores of ${cpu}, Node ${node}, ${busyWith()}\n`,
  );
  const { quick, bare, rows, seeds } = values;
  const checks = await drill({
    quick,
    bare,
    ...(rows === undefined ? {} : { rows: rows.split(',') }),
    ...(seeds === undefined ? {} : { seeds: seedsOf(seeds) }),
  });
  const missed = checks.filter(({ met }) => met === false);
  console.log(missed.length === 0 ? '\nAll targets are met.' : `\n${missed.length} targets are NOT met.`);
  if (missed.some(({ isExact }) => isExact)) return BROKEN;
  return missed.length === 0 ? 0 : 1;
}

let code = BROKEN;
try {
  code = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}
// After an interruption a drill is still on its way; it has nobody left to ask.
process.exit(code);
