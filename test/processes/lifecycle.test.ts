import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, after, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { untilPrinted } from '../../scripts/until-printed.ts';
import { compiledCode, runCommand, startProcess } from '../support/gateway-process.ts';
import { adminOf, traceOf } from '../support/admin-api.ts';
import { JSON_HEADERS, startUpstream } from '../support/upstream.ts';
import { OPENAI_ANSWER } from '../support/wire-texts.ts';

const exec = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), 'causeway-lifecycle-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const KEY = /API key +(cw-[A-Za-z0-9_-]{43})\b/;
const ADMIN_KEY = /Admin key +(\S+)/;

function chat(url: string, key: string, body: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'sim/echo', messages: [{ role: 'user', content: 'Hi' }], ...body }),
  });
}

function found(pattern: RegExp, text: string): string {
  const value = pattern.exec(text)?.[1];
  assert.ok(value, `${pattern} in ${text}`);
  return value;
}

/** What stays from one test to the next, as it stays from one start to the next. */
const kept = { apiKey: '', adminKey: '', traceId: '' };

async function refusesASecondProcess(t: TestContext, pid: number): Promise<void> {
  const second = runCommand(t, scratch, ['start']);
  assert.equal(await second.exited, 1);
  assert.match(second.printed(), new RegExp(`^causeway: The data folder is in use by process ${pid} `));
  assert.equal(second.printed().trim().split('\n').length, 1, second.printed());
}

async function seesANewKey(t: TestContext, url: string): Promise<void> {
  const command = runCommand(t, scratch, ['keys', 'create', '--project', 'support', '--json']);
  assert.equal(await command.exited, 0, command.printed());
  const made = performance.now();
  const { key } = JSON.parse(command.printed()) as { key: string };
  while ((await chat(url, key)).status !== 200) assert.ok(performance.now() - made < 1000, 'a second has passed');
}

/** SIGTERM in mid-stream: the stream ends as it should, and the process with 0. */
async function endsInOrder({ url, child, exited }: Awaited<ReturnType<typeof startProcess>>): Promise<void> {
  const simulate = { 'x-causeway-simulate': 'tokens-per-second=100, output-tokens=50' };
  const response = await chat(url, kept.apiKey, { model: 'sim/small', stream: true }, simulate);
  assert.ok(response.body);
  kept.traceId = response.headers.get('x-causeway-request-id') ?? '';
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    if (text === '') child.kill('SIGTERM');
    text += chunk;
  }
  assert.match(text, /data: \[DONE\]\n\n$/);
  assert.equal(await exited, 0);
}

describe('the life of a gateway in its own process', () => {
  it('starts on an empty folder with a line that works when pasted', async (t) => {
    const gateway = await startProcess(t, scratch);
    const text = gateway.printed();
    assert.match(text, /more: causeway keys create/);
    kept.apiKey = found(KEY, text);
    kept.adminKey = found(ADMIN_KEY, text);
    assert.match(text, /simulator answers/);
    const { stdout } = await exec('sh', ['-c', found(/(curl -N .*)\n/, text)]);
    assert.match(stdout, /"content":"Hello/);
    assert.match(stdout, /data: \[DONE\]/);
    assert.equal((await adminOf(gateway.url, kept.adminKey)('/keys')).status, 200);
    await refusesASecondProcess(t, Number(gateway.child.pid));
    await seesANewKey(t, gateway.url);
    await endsInOrder(gateway);
  });

  it('has everything after a start anew; kill -9 and another start change nothing', async (t) => {
    const second = await startProcess(t, scratch);
    assert.doesNotMatch(second.printed(), /API key +cw-|Admin key/, 'keys are shown once');
    const trace = await traceOf(adminOf(second.url, kept.adminKey), kept.traceId);
    assert.deepEqual([trace.status, trace.tokens.output], ['completed', 50]);
    assert.equal((await chat(second.url, kept.apiKey)).status, 200);
    second.child.kill('SIGKILL');
    await second.exited;

    const third = await startProcess(t, scratch);
    assert.equal((await chat(third.url, kept.apiKey)).status, 200);
    assert.equal((await traceOf(adminOf(third.url, kept.adminKey), kept.traceId)).status, 'completed');
    third.child.kill('SIGTERM');
    assert.equal(await third.exited, 0);
  });

  it('started through npm, it names the command of a clone and hears a signal that npm alone gets', async (t) => {
    const npm = spawn('npm', ['start'], {
      cwd: resolve(import.meta.dirname, '../..'),
      env: { PATH: process.env['PATH'], PORT: '0', CAUSEWAY_DATA_DIR: join(scratch, 'through-npm'), ...compiledCode() },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const { pid } = npm;
    assert.ok(pid);
    let closed = false;
    npm.once('close', () => (closed = true));
    t.after(() => closed || process.kill(-pid, 'SIGKILL'));
    await untilPrinted(npm, [/more: (npm run causeway -- keys create)/, /(curl -N .*)\n/], 60_000);
    npm.kill('SIGTERM');
    // The output closes when the last process that holds it has ended.
    await once(npm, 'close');
  });

  it('says that its port is taken, ends with 1, and leaves the first keys for the next start', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    t.after(() => taken.close());
    const { port } = taken.address() as AddressInfo;
    const folder = join(scratch, 'untouched');
    const command = runCommand(t, scratch, ['start'], { PORT: String(port), CAUSEWAY_DATA_DIR: folder });
    assert.equal(await command.exited, 1);
    assert.equal(existsSync(folder), false);
    assert.match(command.printed(), new RegExp(`causeway: the address is in use .*${port}.*Set PORT`));
    assert.doesNotMatch(command.printed(), / at .*\.ts/);
  });

  it('ends with 1 where a start fails half-way', async (t) => {
    const command = runCommand(t, scratch, ['start'], { CAUSEWAY_MASTER_KEY: 'short' });
    assert.equal(await command.exited, 1);
    assert.match(command.printed(), /^causeway: CAUSEWAY_MASTER_KEY is too short/);
  });

  it('says where its configuration is wrong, and ends with 1', async (t) => {
    const file = join(scratch, 'wrong.yaml');
    writeFileSync(file, 'server:\n  bodyLimit: 10 megabytes\nproviders:\n  a: { type: openai, apiKey: "${UNSET}" }\n');
    const command = runCommand(t, scratch, ['start'], { CAUSEWAY_CONFIG: file });
    assert.equal(await command.exited, 1);
    assert.match(command.printed(), /wrong\.yaml:2:14: server\.bodyLimit: /);
    assert.match(
      command.printed(),
      /wrong\.yaml:4:30: providers\.a\.apiKey: the environment variable UNSET is not set/,
    );
    assert.doesNotMatch(command.printed(), / at .*\.ts/);
  });

  it('promise 12: prints no key of a client or provider in its log, at its most talkative', async (t) => {
    const key = 'sk-stored-and-sealed-9876543210';
    const upstream = await startUpstream({ headers: JSON_HEADERS, chunks: [JSON.stringify(OPENAI_ANSWER)] });
    t.after(() => upstream.close());
    const file = join(scratch, 'talkative.yaml');
    const provider = `providers: { up: { type: openai, baseUrl: "${upstream.url}/v1" } }\n`;
    writeFileSync(file, `${provider}log: { level: trace }\n`);
    const env = { CAUSEWAY_CONFIG: file, CAUSEWAY_MASTER_KEY: 'a passphrase that is long enough' };
    const gateway = await startProcess(t, scratch, env);
    const admin = adminOf(gateway.url, kept.adminKey);
    const stored = await admin('/provider-keys', { method: 'POST', body: { provider: 'up', key } });
    assert.equal(stored.status, 201, stored.text);
    assert.equal((await chat(gateway.url, kept.apiKey, { model: 'up/m' })).status, 200);
    upstream.answer({ status: 401, headers: JSON_HEADERS, chunks: [`{"error":{"message":"bad key ${key}"}}`] });
    assert.equal((await chat(gateway.url, kept.apiKey, { model: 'up/m' })).status, 502);
    writeFileSync(file, `${provider}log: { level: trace }\nmodels: { x: { taget: ${key} } }\n`);
    gateway.child.kill('SIGHUP');
    gateway.child.kill('SIGTERM');
    assert.equal(await gateway.exited, 0);
    assert.match(
      gateway.printed(),
      /"key":"models\.x\.taget","message":"unknown key.*the configuration cannot be used/,
    );
    for (const secret of [key, kept.apiKey, kept.adminKey, 'a passphrase']) {
      assert.ok(!gateway.printed().includes(secret), secret);
    }
  });
});
