import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

import { writtenName } from '../models/simulator/written-settings.ts';
import { SimulatorBaseSettings } from '../models/simulator/settings.ts';

const RUN = `
  import { simulateCommand } from ${JSON.stringify(new URL('simulate.ts', import.meta.url).href)};
  process.exitCode = await simulateCommand(process.argv.slice(1), {});
`;

/** The command in a process of its own. */
function run(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', RUN, '--', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finished(child: ChildProcess): Promise<{ code: unknown; out: string; err: string }> {
  const result = { code: undefined as unknown, out: '', err: '' };
  child.stdout?.on('data', (chunk) => (result.out += String(chunk)));
  child.stderr?.on('data', (chunk) => (result.err += String(chunk)));
  [result.code] = await once(child, 'close');
  return result;
}

test('it says where it listens, serves what was set, and ends with 0 on SIGTERM', async () => {
  const child = run('--port', '0', '--ttft', '0ms', '--model', 'gpt-5-mini: output-tokens=3, tokens-per-second=0');
  assert.ok(child.stdout);
  const [line] = await once(child.stdout, 'data');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0] ?? '';
  const body = JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'hi' }] });
  const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body });
  const { usage } = (await answer.json()) as { usage: { completion_tokens: number } };
  assert.equal(usage.completion_tokens, 3);
  // A request that hangs must not keep the process.
  const hung = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body,
    headers: { 'x-causeway-simulate': 'hang' },
  });
  const failed = assert.rejects(hung, TypeError);
  while (((await (await fetch(`${url}/stats`)).json()) as { inFlight: number }).inFlight === 0);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  await failed;
});

test('--help lists every setting', async () => {
  const { code, out } = await finished(run('--help'));
  assert.equal(code, 0);
  for (const setting of Object.keys(SimulatorBaseSettings.properties)) {
    assert.ok(out.includes(`  --${writtenName(setting)}`), setting);
  }
});

test('what is not right ends with 2 and says what would be', async () => {
  for (const [args, wanted] of [
    [['--ttft', '5'], 'a duration such as 50ms or 2s'],
    [['--port', '70000'], 'a whole number from 0 to 65535'],
    [['--tfft', '5ms'], "Unknown option '--tfft'"],
    [['--model', 'ttft=5ms'], 'names no model'],
    [['--model', 'small: rate-limit=0'], 'a whole number of at least 1'],
  ] as const) {
    const { code, err } = await finished(run(...args));
    assert.equal(code, 2);
    assert.ok(err.includes(wanted), err);
    assert.doesNotMatch(err, /\n\s+at /, 'no stack trace');
  }
});
