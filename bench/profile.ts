import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { type Case, caseNamed, kindOf } from './cases.ts';
import { type Attributed, type CpuProfile, type Shares, attribute } from './cpu-profile.ts';
import { startLoad } from './measure.ts';
import type { PartyName } from './parties.ts';
import { alignedTable } from './report.ts';
import { takeSample } from './sample.ts';
import { type BenchSite, missingParties, onSite } from './site.ts';
import { WARM_UP, warmUp } from './warm-up.ts';

/**
 * `npm run bench:profile`: where the request thread's time goes, by stage and by function, with everything on.
 * `-- --case stream-32 --out /tmp/stream.cpuprofile`
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROBE = fileURLToPath(new URL('./profile-probe.ts', import.meta.url));
/** Finer than V8's own millisecond; at less, the sampling itself would be much of what is seen. */
const INTERVAL_US = 200;

const { values: options } = parseArgs({
  options: {
    case: { type: 'string', default: 'chat-32' },
    seconds: { type: 'string', default: '10' },
    database: { type: 'string' },
    out: { type: 'string' },
    top: { type: 'string', default: '40' },
  },
});

interface Profiled {
  readonly profile: CpuProfile;
  readonly answers: number;
  /** As the operating system counted it, the profiler's own work included. */
  readonly threadUs: number;
}

function pickParty(): PartyName {
  const isEmbedded = options.database === 'embedded';
  if (options.database !== undefined && !isEmbedded && options.database !== 'postgres') {
    throw new Error(`"${options.database}" is none of postgres, embedded`);
  }
  return isEmbedded || missingParties().has('causeway') ? 'embedded' : 'causeway';
}

async function profileCase({ load, open }: BenchSite, shape: Case, file: string): Promise<Profiled> {
  const env = { NODE_OPTIONS: `--import=${PROBE}`, BENCH_PROFILE: 'armed' };
  const party = await open(pickParty(), { env });
  const { child } = party;
  const { seconds, threadUs } = await warmUp(load, party, shape, kindOf(shape), WARM_UP);
  console.error(
    `warm after ${seconds} s: ${threadUs.map((us) => us.toFixed(0)).join(', ')} µs of the thread for a request`,
  );
  await startLoad(load, party, shape);
  await child.ask('profile', INTERVAL_US);
  const [before] = await Promise.all([takeSample(child), load.ask('mark')]);
  await sleep(Number(options.seconds) * 1000);
  const [after, answers] = await Promise.all([takeSample(child), load.ask('answers')]);
  await child.ask('profiled', file);
  const { errors, firstError } = await load.ask('finish');
  if (errors > 0) throw child.failure(`gave ${errors} wrong answers (${firstError})`);
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  return { profile, answers, threadUs: (after.threadCpuUs - before.threadCpuUs) / answers };
}

function sharesTable(title: string, shares: Shares, answers: number, busyUs: number, rows: number): string {
  return alignedTable(
    [title, 'µs/req', '%'],
    [...shares].slice(0, rows).map(([name, us]) => [name, (us / answers).toFixed(2), ((us / busyUs) * 100).toFixed(1)]),
    1,
  );
}

function roomsTable({ byRoom, byCaller, busyUs }: Attributed, answers: number): string {
  const rooms = [...new Set([...byCaller.keys(), ...byRoom.keys()])];
  const each = (us: number): string => (us / answers).toFixed(2);
  return alignedTable(
    ['room', 'µs/req', '%', 'without core µs/req'],
    rooms.map((room) => {
      const us = byCaller.get(room) ?? 0;
      return [room, each(us), ((us / busyUs) * 100).toFixed(1), each(byRoom.get(room) ?? 0)];
    }),
    1,
  );
}

async function main(): Promise<void> {
  const shape = caseNamed(options.case);
  const file = resolve(options.out ?? join(tmpdir(), `causeway-${shape.name}.cpuprofile`));
  const { profile, answers, threadUs } = await onSite((site) => profileCase(site, shape, file));
  const attributed = attribute(profile, ROOT);
  const { busyUs, idleUs } = attributed;
  const [perRequest, idle] = [(busyUs / answers).toFixed(1), ((idleUs / (busyUs + idleUs)) * 100).toFixed(0)];
  console.log(`\n${shape.name}: ${answers} requests, ${perRequest} µs a request on the thread (idle ${idle} %)`);
  console.log(`By the operating system's count ${threadUs.toFixed(1)} µs, the profiler's own work included.\n`);
  console.log(roomsTable(attributed, answers));
  console.log(`\n${sharesTable('function', attributed.byFunction, answers, busyUs, Number(options.top))}`);
  console.log(`\nProfile, for the developer tools of a browser: ${file}`);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
