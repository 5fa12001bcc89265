import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';

import { untilPrinted } from '../../scripts/until-printed.ts';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const START_LIMIT_MS = 60_000;

/** Compiled code that test processes share (`npm test` names its folder): a process that compiles all anew takes twice as long. */
export function compiledCode(): Readonly<Record<string, string>> {
  const { NODE_COMPILE_CACHE: folder } = process.env;
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

export interface CommandProcess {
  readonly child: ChildProcess;
  /** All that it printed so far, log lines and errors too. */
  printed(): string;
  /** Its exit code, once all its output is there. */
  readonly exited: Promise<number | null>;
}

/** `causeway …` in a process of its own, which ends with the test at the latest. It sees no setting of this machine. */
export function runCommand(
  t: TestContext,
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): CommandProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', CAUSEWAY_DATA_DIR: join(folder, 'data'), ...compiledCode(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, printed: () => text, exited };
}

export interface GatewayProcess extends CommandProcess {
  readonly url: string;
}

/** `causeway start`, until it has printed all that it prints at a start. */
export async function startProcess(
  t: TestContext,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const command = runCommand(t, folder, ['start'], env);
  const [url = ''] = await untilPrinted(command.child, [/listening on (http:\S+)/, /(curl -N .*)\n/], START_LIMIT_MS);
  return { ...command, url };
}
