import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { Logger } from 'pino';

import type { Clock } from './core/clock.ts';
import { ConsoleFiles } from './edge/console/console-files.ts';
import type { OpenedParts } from './opened-parts.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '..');
/** How much of what a failed build printed is in the warning. */
const LINES_TOLD = 20;
/** Only the repository has it. */
const BUILD_SCRIPT = join(ROOT, 'scripts/build-console.ts');

/** Beside the compiled files in the published package; in the repository where the console is built. */
function consoleFolder(): string {
  const packaged = join(HERE, 'console');
  return existsSync(packaged) ? packaged : join(ROOT, 'console/dist');
}

/** The console's files, wherever they are; they need not be there yet. */
export function openConsole(where: {
  readonly clock: Clock;
  readonly log: Logger;
  readonly folder?: string | undefined;
}): ConsoleFiles {
  const { clock, log, folder = consoleFolder() } = where;
  return new ConsoleFiles({
    folder,
    clock,
    onFault: (err) => log.error({ err }, 'the files of the console cannot be read'),
  });
}

/** What the console is built from, in the repository. */
const MADE_FROM = [
  'console/src/**/*.{ts,tsx,css,svg}',
  'console/index.html',
  'console/vite.config.ts',
  'console/package.json',
  'docs/openapi.json',
  'package-lock.json',
];
/** Each build makes it anew, after it began. */
const GENERATED = 'schema.gen.ts';

/** What changed after the console was built, if anything did; the newest of it. */
function changedSince(builtAt: number, root: string): string | undefined {
  const changed = globSync(MADE_FROM, { cwd: root })
    .filter((path) => !path.endsWith(GENERATED))
    .map((path) => ({ path, at: modifiedAt(join(root, path)) ?? 0 }))
    .filter(({ at }) => at > builtAt);
  return changed.toSorted((a, b) => b.at - a.at)[0]?.path;
}

function modifiedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** Where the repository is, and what in it builds the console. */
export interface ConsoleSources {
  readonly root: string;
  readonly script: string;
}

/**
 * Builds the console beside the running gateway where it is the repository's and was never built, or is older than what
 * it is made from. The old one is served until then, and after a build that fails.
 */
export function buildConsole(
  files: ConsoleFiles,
  log: Logger,
  opened: OpenedParts,
  { root, script }: ConsoleSources = { root: ROOT, script: BUILD_SCRIPT },
): void {
  if (!existsSync(script)) return;
  const builtAt = modifiedAt(join(files.folder, 'index.html'));
  const changed = builtAt === undefined ? undefined : changedSince(builtAt, root);
  if (builtAt !== undefined && changed === undefined) return;
  const isOld = builtAt !== undefined;
  if (!isOld) files.absence = 'building';
  if (isOld) log.info({ changed }, 'the console is older than its sources and is built anew; the old one is served');
  else log.info('the console is being built; /console/ opens when it is there');
  const said: string[] = [];
  const build = startBuild(script, (line) => {
    log.debug({ line }, 'build of the console');
    said.splice(0, said.length - LINES_TOLD + 1, line);
  });
  let isClosing = false;
  const over = new Promise<void>((resolve) => {
    const end = (code: number | null, err?: Error): void => {
      if (code === 0) log.info('the console is built');
      else if (!isClosing) warn(log, { code, err, said }, isOld);
      files.absence = code === 0 ? 'not_built' : 'failed';
      resolve();
    };
    build.once('error', (err) => end(null, err)).once('close', (code) => end(code));
  });
  opened.keep(build, async (child) => {
    isClosing = true;
    endGroup(child);
    await over;
  });
}

function warn(log: Logger, why: object, isOld: boolean): void {
  const meanwhile = isOld ? 'The old one is served' : 'Requests are served';
  log.warn(why, `the console could not be built; run "npm ci", then "npm run build:console". ${meanwhile}`);
}

/** In a group of its own, since it starts others; after everybody else, since requests come first. */
function startBuild(script: string, onLine: (line: string) => void): ChildProcess {
  const child = spawn(process.execPath, [script], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) lower(child.pid);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', onLine);
  }
  return child;
}

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It ended already, or the system has no such thing.
  }
}

function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It ended in between.
  }
}
