import assert from 'node:assert/strict';
import { type ChildProcess, type SpawnOptions, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { untilPrinted } from '../../scripts/until-printed.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The oldest that `engines` allows, and the newest of each line after it. */
const NODE_VERSIONS = ['22.19.0', '24', '26'];

const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 30_000;
const RECORD_LIMIT_MS = 20_000;

type Environment = Record<string, string | undefined>;

const exec = promisify(execFile);
// What the cache has is not asked for again, and an answer that does not come is asked for once more.
const QUIET = [
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--prefer-offline',
  '--fetch-timeout=20000',
  '--fetch-retries=5',
];

async function npm(folder: string, args: readonly string[], env: Environment = process.env): Promise<string> {
  const { stdout } = await exec('npm', [...args, ...QUIET], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** A folder's own Node, first on the path and without the provider keys and settings of this machine. */
async function environmentOf(version: string, folder: string): Promise<Environment> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
  await npm(folder, ['install', '--ignore-scripts=false', `node@${version}`]);
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/API_KEY|^CAUSEWAY_|_URL$|^HOST$|^PORT$|^NODE_(?!EXTRA_CA)|^npm_(?!config_(registry|cache)$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [join(folder, 'node_modules/node/bin'), process.env['PATH']].join(delimiter),
    PORT: '0',
  };
}

const ADDRESS = /(http:\/\/127\.0\.0\.1:\d+)/;
const KEY = /\b(cw-[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/;

const ADMIN_KEY = 'the-admin-key-of-this-test-0123456789';
const GUARDED = `
providers: { sim: { type: simulator } }
guards: { default: { validation: { maxCharacters: 100000 }, pii: {}, injection: {} } }
defaults: { guards: default }
`;
/** Guards read it in a thread. */
const LONG_TEXT = 'We walked along the river and spoke of the weather. '.repeat(1000);

/** What is in the record of a request: a thread has read its text, another one and the database's process have written it. */
async function verdictsOnLongText(address: string, key: string): Promise<unknown> {
  const answer = await fetch(`${address}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'sim/echo', messages: [{ role: 'user', content: LONG_TEXT }] }),
  });
  assert.equal(answer.status, 200, await answer.text());
  const deadline = Date.now() + RECORD_LIMIT_MS;
  for (;;) {
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };
    const listed = await fetch(`${address}/admin/v1/traces?limit=1&guard=pii`, { headers });
    const { data } = (await listed.json()) as { data: { verdicts: { guard: string }[] }[] };
    if (data[0]) return data[0].verdicts.map(({ guard }) => guard);
    assert.ok(Date.now() < deadline, 'the record is in the database');
    await pause(100);
  }
}

/** A command of its own process group, so that what it started can be ended with it. */
function start(context: TestContext, command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  context.after(() => signalGroup(child, 'SIGKILL'));
  return child;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}

describe('the published package', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-package-'));
  let tarball = '';

  before(async () => {
    await npm(ROOT, ['pack', '--pack-destination', scratch]);
    const { name, version } = (await import('../../package.json', { with: { type: 'json' } })).default;
    tarball = join(scratch, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const version of NODE_VERSIONS) {
    test(`starts from an empty folder with npx under Node ${version}`, { timeout: 300_000 }, async (context) => {
      const env = await environmentOf(version, join(scratch, `node-${version}`));
      const { stdout: running } = await exec('node', ['--version'], { env });
      assert.ok(running.startsWith(`v${version}`), `Node ${running} runs`);

      const folder = join(scratch, `app-${version}`);
      mkdirSync(folder);
      await npm(folder, ['install', tarball], env);
      const launched = start(context, 'npx', ['causeway', 'start'], { cwd: folder, env });
      const [address = '', key = ''] = await untilPrinted(launched, [ADDRESS, KEY], START_LIMIT_MS);
      const answer = await fetch(`${address}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'sim/echo', messages: [{ role: 'user', content: 'over the causeway' }] }),
      });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('x-causeway-simulated'), 'true');
      assert.match(await answer.text(), /over the causeway/);
      const page = await fetch(`${address}/console/`);
      assert.equal(page.status, 200, 'the console is in the package');
      const [, script = ''] = /src="(\/console\/assets\/[^"]+\.js)"/.exec(await page.text()) ?? [];
      const loaded = await fetch(`${address}${script}`, { headers: { 'accept-encoding': 'br' } });
      assert.deepEqual([loaded.status, loaded.headers.get('content-encoding')], [200, 'br']);
      // npx passes no signal on, so the group gets it, as from Ctrl-C; the pipes close when the gateway itself is gone.
      signalGroup(launched, 'SIGTERM');
      await once(launched, 'close', { signal: AbortSignal.timeout(STOP_LIMIT_MS) });

      writeFileSync(join(folder, 'causeway.yaml'), GUARDED);
      const guarded = { ...env, CAUSEWAY_ADMIN_KEY: ADMIN_KEY };
      const again = start(context, join(folder, 'node_modules/.bin/causeway'), ['start'], {
        cwd: folder,
        env: guarded,
      });
      const [address2 = ''] = await untilPrinted(again, [ADDRESS], START_LIMIT_MS);
      assert.deepEqual(await verdictsOnLongText(address2, key), ['validation', 'pii', 'injection']);
      again.kill('SIGTERM');
      const [code] = await once(again, 'exit', { signal: AbortSignal.timeout(STOP_LIMIT_MS) });
      assert.equal(code, 0, 'SIGTERM ends it with 0');
    });
  }
});
