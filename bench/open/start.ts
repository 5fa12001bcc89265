/**
 * `npm run bench:start`: from the start of the process until it takes requests, with data of an earlier run: traces and
 * keys, in PostgreSQL and in the embedded database, from source and as the published package has it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { Ground } from '../drill/site.ts';
import { type Check, markdownTable } from '../drill/verdict.ts';
import { createKey } from '../parties.ts';
import { countOf, databaseOf, runCase } from './command.ts';
import { median } from '../spread.ts';
import { type Start, type StartPlan, startOnce } from './one-start.ts';
import { fillWith } from './start-data.ts';
import { type DatabaseName, databaseUrl, heading, pathOf } from './site.ts';

const { values: options } = parseArgs({
  options: {
    starts: { type: 'string' },
    traces: { type: 'string' },
    keys: { type: 'string' },
    databases: { type: 'string' },
    programs: { type: 'string', default: 'source,package' },
    quick: { type: 'boolean', default: false },
  },
});

const FULL = { starts: '10', traces: '10000', keys: '300', databases: 'postgres,embedded' };
const QUICK = { starts: '2', traces: '500', keys: '20', databases: 'postgres' };
const MOST_MS = 1000;
const PROGRAMS: Readonly<Record<string, string>> = {
  source: pathOf('../../src/main.ts'),
  package: pathOf('../../dist/main.js'),
};

interface Row {
  readonly database: DatabaseName;
  readonly program: string;
  readonly starts: readonly Start[];
}

function programsOf(text: string): [name: string, main: string][] {
  return text.split(',').map((name) => {
    const main = PROGRAMS[name];
    if (main === undefined) throw new Error(`"${name}" is none of ${Object.keys(PROGRAMS).join(', ')}`);
    if (!existsSync(main)) throw new Error(`${main} is not there: npm run build -- --no-image makes it`);
    return [name, main];
  });
}

async function measureOn(ground: Ground, database: DatabaseName, shape: typeof FULL): Promise<Row[]> {
  const url = await databaseUrl(ground, database);
  const name = `start-${database}`;
  const folder = join(ground.folder, name);
  const traces = countOf('traces', options.traces ?? shape.traces);
  console.error(`${database}: ${traces} traces`);
  await fillWith(ground, { name, traces, ...(url === undefined ? {} : { databaseUrl: url }) });
  const adminKey = randomBytes(32).toString('base64url');
  const rows: Row[] = [];
  for (const [program, main] of programsOf(options.programs)) {
    const plan: StartPlan = { main, folder, adminKey, databaseUrl: url };
    const keys = rows.length === 0 ? countOf('keys', options.keys ?? shape.keys) : 0;
    // Not measured: it fills the caches of files and of compiled code.
    await startOnce(plan, (origin) => makeKeys(origin, adminKey, keys));
    const starts: Start[] = [];
    for (let left = countOf('starts', options.starts ?? shape.starts); left > 0; left -= 1)
      starts.push(await startOnce(plan));
    console.error(`${program}: ${starts.map(({ readyMs }) => readyMs.toFixed(0)).join(', ')} ms`);
    rows.push({ database, program, starts });
  }
  return rows;
}

async function makeKeys(origin: string, adminKey: string, keys: number): Promise<void> {
  for (let made = 0; made < keys; made += 1) await createKey(origin, adminKey, { project: `project-${made % 20}` });
}

function rowCells({ database, program, starts }: Row): string[] {
  const ready = starts.map(({ readyMs }) => readyMs);
  return [
    database,
    program,
    median(ready).toFixed(0),
    Math.max(...ready).toFixed(0),
    median(starts.map(({ cpuMs }) => cpuMs)).toFixed(0),
    median(starts.map(({ rssBytes }) => rssBytes / 1024 ** 2)).toFixed(0),
  ];
}

function checkOf({ database, program, starts }: Row): Check {
  const ms = median(starts.map(({ readyMs }) => readyMs));
  return {
    what: `start to ready, ${database}, ${program}`,
    target: `${MOST_MS} ms`,
    seen: `${ms.toFixed(0)} ms`,
    met: ms <= MOST_MS,
  };
}

async function measure(ground: Ground): Promise<readonly Check[]> {
  const shape = options.quick ? QUICK : FULL;
  const databases = (options.databases ?? shape.databases).split(',').map((name) => databaseOf(name));
  console.log(heading('Start to ready, existing data', options.databases ?? shape.databases));
  const rows: Row[] = [];
  for (const database of databases) rows.push(...(await measureOn(ground, database, shape)));
  console.log(
    markdownTable(
      ['database', 'from', 'median ms', 'worst ms', 'CPU ms of the process', 'RSS MB when ready'],
      rows.map(rowCells),
    ),
  );
  return rows.map(checkOf);
}

await runCase(measure);
