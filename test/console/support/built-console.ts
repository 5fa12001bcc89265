import { hash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT, run } from '../../../scripts/run.ts';

/** Names a folder with a built console, which is served as it is. */
export const CONSOLE_DIST = 'CAUSEWAY_CONSOLE_DIST';

const WORKSPACE = join(ROOT, 'console');
const DIST = join(WORKSPACE, 'dist');
const SOURCES = ['src/**/*.{ts,tsx,css,svg}', 'index.html', 'vite.config.ts', 'package.json'];
/** Files of tests share one build, and whoever comes second waits for it. */
const LOCK = join(tmpdir(), `causeway-console-build-${hash('sha256', ROOT).slice(0, 12)}`);
const WAIT_MS = 250;
const WAITS = 1200;

/** The folder of the console as its sources say now: built where it never was, or where they are newer. */
export function builtConsole(): string {
  const given = process.env[CONSOLE_DIST];
  if (given) return given;
  buildWhereStale();
  // What is changed from now on is not looked at by the other suites of this process either.
  process.env[CONSOLE_DIST] = DIST;
  return DIST;
}

function buildWhereStale(): void {
  for (let wait = 0; isStale(); wait += 1) {
    if (takeLock()) {
      buildAndUnlock();
      break;
    }
    if (wait === WAITS) throw new Error(`another process builds the console for too long; remove ${LOCK}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  }
}

function unlock(): void {
  rmSync(LOCK, { recursive: true, force: true });
}

function buildAndUnlock(): void {
  // A failed build ends this process.
  process.once('exit', unlock);
  console.log('The console is older than its sources (console/src): building it, some 20 s.');
  run(process.execPath, [join(ROOT, 'scripts/build-console.ts')]);
  process.off('exit', unlock);
  unlock();
}

function isStale(): boolean {
  const builtAt = modifiedAt(join(DIST, 'index.html'));
  const sources = globSync(SOURCES, { cwd: WORKSPACE }).filter((file) => !/\.(?:test|gen)\.tsx?$/.test(file));
  return sources.some((file) => modifiedAt(join(WORKSPACE, file)) > builtAt);
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
  } catch {
    if (!holderLives()) unlock();
    return false;
  }
  writeFileSync(join(LOCK, 'pid'), String(process.pid));
  return true;
}

function holderLives(): boolean {
  try {
    process.kill(Number(readFileSync(join(LOCK, 'pid'), 'utf8')), 0);
    return true;
  } catch {
    // Between the making of the folder and of what is in it there is nothing to read: it lives if the folder is new.
    return modifiedAt(LOCK) > Date.now() - WAIT_MS;
  }
}
