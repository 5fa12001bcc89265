import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { alerts } from './alerts.ts';
import { compiledCode } from '../../test/support/gateway-process.ts';
import { Receiver } from '../../test/support/receiver.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'causeway-alerts-command-'));
const receiver = new Receiver();

const config = join(folder, 'causeway.yaml');
const env = { PATH: process.env['PATH'], TOKEN: 'open-sesame-1234', CAUSEWAY_CONFIG: config, ...compiledCode() };

/** The same in this process, which is faster. */
function inProcess(yaml: string, ...words: string[]): Promise<number> {
  writeFileSync(config, yaml);
  return alerts.run(words, env);
}

/** Runs `causeway alerts …` on a file of configuration. */
async function causeway(yaml: string, ...words: string[]): Promise<{ code: number | null; out: string }> {
  writeFileSync(config, yaml);
  const child = spawn(process.execPath, [MAIN, 'alerts', ...words], { cwd: folder, env });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number | null>((ended) => child.on('close', ended));
  return { code, out };
}

before(() => receiver.listen());
after(() => {
  receiver.close();
  rmSync(folder, { recursive: true });
});

const channels = () => `alerts:
  channels:
    ops: { type: slack, url: "${receiver.url('/${TOKEN}')}", allowPrivate: true }
    team: { type: feishu, url: "${receiver.url('/bot')}", allowPrivate: true, language: zh }
`;

describe('causeway alerts', () => {
  test('test sends to each channel, says what became of it, and fails where one did', async () => {
    receiver.answer = (response) => response.end('{"code":19021,"msg":"sign match fail"}');
    const { code, out } = await causeway(channels(), 'test');
    assert.equal(code, 1);
    assert.deepEqual(out.trim().split('\n').toSorted(), [
      'ops (slack): ok',
      'team (feishu): failed: answered code 19021: sign match fail',
    ]);
    assert.deepEqual(receiver.received.map(({ path }) => path).toSorted(), ['/bot', '/open-sesame-1234']);
    assert.match(receiver.received.map(({ body }) => body).join(), /\[Test\] Causeway: this channel works/);
  });

  test('test sends to the channels that are named', async () => {
    receiver.clear();
    assert.equal(await inProcess(channels(), 'test', 'ops'), 0);
    assert.equal(receiver.received.length, 1);
    await assert.rejects(inProcess(channels(), 'test', 'opz'), /there is no channel "opz"; there are: ops, team/);
    await assert.rejects(inProcess(channels(), 'tset'), /there is no "alerts tset"/);
  });

  test('check lists channels and rules without a secret, or says what is wrong', async (t) => {
    const written = t.mock.method(process.stdout, 'write');
    assert.equal(await inProcess(channels(), 'check'), 0);
    const out = written.mock.calls.map(({ arguments: [text] }) => String(text)).join('');
    assert.match(out, /^ {2}ops {2}slack, en$/m);
    assert.match(out, /^ {2}latency {2}latency: p95, above 10 s, over 5m, for 5m, warning → ops, team$/m);
    assert.ok(!out.includes('sesame'));
    const wrong = `${channels()}  rules: [{ name: x, type: queue, to: [opz] }]`;
    await assert.rejects(inProcess(wrong, 'check'), /alerts\.rules\[0\]\.to\[0\]: there is no channel "opz"/);
  });
});
