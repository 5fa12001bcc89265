import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { placeOf } from '../app-snapshot.ts';
import { dataDirOf, databaseUrlOf, journalFolderOf } from '../whereabouts.ts';
import type { Config, Environment } from '../config/config.ts';
import { loadConfig, locateConfig, parseConfig } from '../config/load.ts';
import { redactSecrets } from '../core/redaction.ts';
import { inspectJournal, journalsIn } from '../records/journal/inspect.ts';
import { type JournalPosition, readPositions } from '../records/journal/position-store.ts';
import { type Database, databaseLockOf, openDatabase } from '../storage/database/database.ts';
import { readHolder } from '../storage/database/folder-lock.ts';
import { type Command, print } from './command.ts';
import { type Check, type Finding, fail, look, messageOf, ok } from './doctor/check.ts';
import { dataFolder, folderLock, journalFolder, snapshot, stateOf, vectorsOf } from './doctor/folder-checks.ts';
import { guards } from './doctor/guard-checks.ts';
import { database, gateway, redis } from './doctor/service-checks.ts';

const HELP = `Usage: causeway doctor [--config <file>] [--json]

Looks at everything that a gateway needs here, whether one runs or not, and says what is wrong and what to do about it:
configuration, data folder, journal, database, Redis, snapshot, guards, and the gateway that should answer. It changes nothing.

  --config  the configuration (default: CAUSEWAY_CONFIG, else ./causeway.yaml where there is one)
  --json    print JSON

It ends with 0, and with 1 where something has failed.`;

const WORDS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export const doctor: Command = {
  async run(argv, env) {
    const options = {
      config: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    const { values } = parseArgs({ args: [...argv], options });
    if (values.help) {
      print(HELP);
      return 0;
    }
    const checks = await examine(env, values.config);
    const isWell = checks.every(({ status }) => status !== 'fail');
    print(values.json ? JSON.stringify({ ok: isWell, checks }, null, 1) : checks.map(lineOf).join('\n'));
    return isWell ? 0 : 1;
  },
};

function lineOf({ name, status, message, todo }: Check): string {
  // A message of several problems has several lines.
  const text = message.replaceAll('\n', '\n                    ');
  return `${WORDS[status]}  ${name.padEnd(12)}  ${text}${todo === undefined ? '' : `. ${todo}`}`;
}

async function examine(env: Environment, configPath: string | undefined): Promise<Check[]> {
  const { check, config } = await readConfig(env, configPath);
  const dataDir = dataDirOf(env);
  const url = databaseUrlOf(env);
  const checks = [check, await look('data folder', () => dataFolder(dataDir))];
  if (url === undefined) checks.push(await look('lock', () => folderLock(dataDir)));
  else checks.push(await look('snapshot', () => snapshot(dataDir, Date.now())));
  const { checks: databaseChecks, positions } = await lookAtDatabase(dataDir, url);
  checks.push(...databaseChecks, ...(await lookAtJournal(dataDir, config, positions)));
  const redisUrl = env['REDIS_URL'] || undefined;
  if (redisUrl !== undefined) checks.push(await look('redis', () => redis(redisUrl)));
  if (config.guards.size > 0) checks.push(await look('guards', () => guards(config, env)));
  const { encoder } = config.cache;
  if (encoder !== undefined) checks.push(await look('encoder', () => vectorsOf(encoder)));
  checks.push(await look('gateway', () => gateway(config.server)));
  return checks;
}

/** The configuration in force; where it has problems, what the defaults make. */
async function readConfig(env: Environment, asked: string | undefined): Promise<{ check: Check; config: Config }> {
  const location = locateConfig(env, asked);
  let config: Config | undefined;
  const check = await look('config', () => {
    try {
      const loaded = loadConfig({ ...location, env });
      ({ config } = loaded);
      return ok(loaded.file === undefined ? 'no causeway.yaml; the defaults are in force' : `${loaded.file} is valid`);
    } catch (error) {
      return fail(messageOf(error), 'Correct it: a start refuses it, and a gateway that runs keeps the one before.');
    }
  });
  return { check, config: config ?? parseConfig(undefined, { path: location.path, env: {} }).config };
}

interface DatabaseLook {
  readonly checks: readonly Check[];
  /** Undefined where nobody could be asked. */
  readonly positions: ReadonlyMap<string, JournalPosition> | undefined;
}

/** The embedded database is asked only where a gateway has it open: a doctor starts nothing. */
async function lookAtDatabase(dataDir: string, url: string | undefined): Promise<DatabaseLook> {
  let positions: ReadonlyMap<string, JournalPosition> | undefined;
  const check = await look('database', async () => {
    const refusal = url === undefined ? idleEmbedded(dataDir) : undefined;
    if (refusal) return refusal;
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const opened = await openDatabase({ dataDir, url, log, join: true });
    try {
      const finding = await findDatabase(opened, url);
      if (finding.status !== 'fail') positions = await positionsIn(opened, dataDir);
      return finding;
    } finally {
      await opened.close();
    }
  });
  return { checks: [check], positions };
}

function idleEmbedded(dataDir: string): Finding | undefined {
  const holder = readHolder(databaseLockOf(resolve(dataDir)));
  if (holder && stateOf(holder) === 'living') return undefined;
  if (holder && stateOf(holder) === 'elsewhere') {
    return ok(`embedded, of a process on ${holder.host}: run the doctor there to have it asked`);
  }
  return ok('embedded, and not open: a gateway opens it when it starts');
}

async function findDatabase(opened: Database, url: string | undefined): Promise<Finding> {
  try {
    return await database(opened);
  } catch (error) {
    const place = url === undefined ? 'The embedded database' : `PostgreSQL at ${placeOf(url)}`;
    const todo = url === undefined ? 'The log of the gateway says more.' : 'Start it, or correct DATABASE_URL.';
    return fail(`${place} does not answer: ${redactSecrets(messageOf(error))}`, todo);
  }
}

async function positionsIn(
  opened: Database,
  dataDir: string,
): Promise<ReadonlyMap<string, JournalPosition> | undefined> {
  try {
    return await readPositions(opened.pool, journalsIn(journalFolderOf(resolve(dataDir))));
  } catch {
    // Before the migration that makes the table.
    return undefined;
  }
}

async function lookAtJournal(
  dataDir: string,
  config: Config,
  positions: ReadonlyMap<string, JournalPosition> | undefined,
): Promise<Check[]> {
  const root = journalFolderOf(resolve(dataDir));
  const facts = { maxSize: config.records.journal.maxSize, now: Date.now(), isPositionKnown: positions !== undefined };
  let folders: ReturnType<typeof inspectJournal> = [];
  const whole = await look('journal', () => {
    folders = inspectJournal(root, positions ?? new Map());
    return ok('no gateway has recorded anything here yet');
  });
  if (folders.length === 0) return [whole];
  return Promise.all(folders.map((folder) => look(`journal/${folder.number}`, () => journalFolder(folder, facts))));
}
