import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { pino } from 'pino';

import { buildConsole } from './app-console.ts';
import { systemClock } from './core/clock.ts';
import { ConsoleFiles } from './edge/console/console-files.ts';
import { OpenedParts } from './opened-parts.ts';

interface House {
  readonly folder: string;
  readonly files: ConsoleFiles;
  readonly opened: OpenedParts;
  /** Resolves with the first line of the log that says this. */
  readonly said: (words: RegExp) => Promise<Record<string, unknown>>;
  readonly build: (script: string) => void;
  /** A file that the console is made from, changed so many seconds after the last build. */
  readonly source: (path: string, seconds: number) => void;
}

/** When the console was built that is there. */
const BUILT_S = 1_700_000_000;

function houseFor(t: TestContext): House {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-build-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = new ConsoleFiles({ folder, clock: systemClock, onFault: (error) => assert.fail(String(error)) });
  const opened = new OpenedParts();
  t.after(() => opened.close());
  const lines: Record<string, unknown>[] = [];
  const waiting: (() => void)[] = [];
  const write = (line: string): void => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    for (const wake of waiting.splice(0)) wake();
  };
  const log = pino({ base: null }, { write });
  return {
    folder,
    files,
    opened,
    async said(words) {
      for (;;) {
        const line = lines.find(({ msg }) => words.test(String(msg)));
        if (line) return line;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    build(script) {
      const path = join(folder, 'build.mjs');
      writeFileSync(
        path,
        `import { existsSync, writeFileSync } from 'node:fs';\nprocess.chdir(${JSON.stringify(folder)});\n${script}`,
      );
      buildConsole(files, log, opened, { root: folder, script: path });
    },
    source(path, seconds) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
      utimesSync(file, BUILT_S + seconds, BUILT_S + seconds);
    },
  };
}

test('a console that was never built is built beside the gateway, after everybody else, and then served', async (t) => {
  const { folder, files, said, build } = houseFor(t);
  build(`import { getPriority } from 'node:os';
    writeFileSync('priority', String(getPriority()));
    writeFileSync('index.html', 'here');`);
  assert.equal(files.absence, 'building');
  await said(/console is built/);
  assert.equal(String((await files.current())?.get('index.html')?.body), 'here');
  assert.equal(Number(readFileSync(join(folder, 'priority'), 'utf8')), constants.priority.PRIORITY_LOW);
});

test('a build that fails is a warning with what it said and what to do, and the page says so too', async (t) => {
  const { files, said, build } = houseFor(t);
  build(`console.error('vite is not installed'); process.exitCode = 1;`);
  const warning = await said(/npm ci.*npm run build:console/);
  assert.deepEqual([warning['level'], warning['code'], warning['said']], [40, 1, ['vite is not installed']]);
  assert.equal(files.absence, 'failed');
  assert.equal(await files.current(), undefined);
});

test('a build that is under way ends with the gateway, and what it started too', { timeout: 20_000 }, async (t) => {
  const { folder, opened, build } = houseFor(t);
  const started = once(watch(folder, { signal: t.signal }), 'change');
  build(`import { spawn } from 'node:child_process';
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    child.once('spawn', () => writeFileSync('pid', String(child.pid)));`);
  const pidFile = join(folder, 'pid');
  await started;
  while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await new Promise(setImmediate);
  await opened.close();
  const pid = Number(readFileSync(pidFile, 'utf8'));
  while (isRunning(pid)) await new Promise(setImmediate);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

test('a console that is newer than what it is made from is not built again', async (t) => {
  const { folder, build, source, opened } = houseFor(t);
  source('index.html', 0);
  source('console/src/app.tsx', -1);
  source('docs/openapi.json', -1);
  // The build itself writes this one.
  source('console/src/api/schema.gen.ts', 1);
  build(`writeFileSync('again', '');`);
  await opened.close();
  assert.equal(existsSync(join(folder, 'again')), false);
});

for (const path of ['console/src/pages/cost/cost-page.tsx', 'docs/openapi.json', 'package-lock.json']) {
  test(`a console that is older than ${path} is served until another is built`, async (t) => {
    const { files, folder, said, build, source } = houseFor(t);
    source('index.html', 0);
    source(path, 1);
    build(`while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 5));
      writeFileSync('index.html', 'new');`);
    assert.equal((await said(/older than its sources/))['changed'], path);
    assert.ok(await files.current(), 'the old one is served');
    writeFileSync(join(folder, 'go'), '');
    await said(/console is built/);
    assert.equal(readFileSync(join(folder, 'index.html'), 'utf8'), 'new');
  });
}

test('a build that fails leaves the old console, with a warning', async (t) => {
  const { files, said, build, source } = houseFor(t);
  source('index.html', 0);
  source('package-lock.json', 1);
  build(`process.exitCode = 1;`);
  await said(/npm ci.*old one is served/);
  assert.ok(await files.current());
});
