import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { freePort } from '../parties.ts';

const DUMP = 'dump.rdb';
const COPY = 'copy.rdb';

/** A Redis server that keeps nothing by itself, can die, and come back empty or as an older copy of itself. */
export class RedisProcess {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  #process: ChildProcess;

  private constructor(port: number, folder: string, process: ChildProcess) {
    this.#port = port;
    this.#folder = folder;
    this.#process = process;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(): Promise<RedisProcess> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'causeway-redis-'));
    return new RedisProcess(port, folder, await launch(port, folder));
  }

  /** kill -9, and everything that it knew is gone. */
  async kill(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
    rmSync(join(this.#folder, DUMP), { force: true });
  }

  async startEmpty(): Promise<void> {
    this.#process = await launch(this.#port, this.#folder);
  }

  /** Keeps a copy of what it knows now. */
  copy(): void {
    this.ask('SAVE');
    copyFileSync(join(this.#folder, DUMP), join(this.#folder, COPY));
  }

  /** As a replica that was behind is promoted: it knows what it knew when it was copied. */
  async startFromCopy(): Promise<void> {
    copyFileSync(join(this.#folder, COPY), join(this.#folder, DUMP));
    this.#process = await launch(this.#port, this.#folder);
  }

  /** One command, and its answer as text. */
  ask(...command: readonly string[]): string {
    return execFileSync('redis-cli', ['-p', String(this.#port), ...command], { encoding: 'utf8' });
  }

  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function launch(port: number, folder: string): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes('Ready to accept connections')) break;
  }
  server.stdout.resume();
  return server;
}
