import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Answers, Details, Topic } from './messages.ts';

const PROBE = fileURLToPath(new URL('./probe.ts', import.meta.url));
const ANSWER_MS = 20_000;
const STOP_MS = 10_000;
const LOG_TAIL_CHARS = 2000;

export interface ChildPlan {
  readonly name: string;
  /** Script and its arguments. */
  readonly command: readonly string[];
  /** Added to the little that every child gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of its log file. */
  readonly logs: string;
}

/** One process of the bench: this Node, the probe, a log file of its own. */
export class Child {
  readonly name: string;
  readonly #log: string;
  readonly #process: ChildProcess;

  constructor({ name, command, env, logs }: ChildPlan) {
    this.name = name;
    this.#log = join(logs, `${name}.log`);
    const log = openSync(this.#log, 'w');
    this.#process = spawn(process.execPath, ['--import', PROBE, ...command], {
      // Not the caller's environment: a proxy or a provider key there would change what is measured.
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        NODE_ENV: 'production',
        BENCH_PROBE: 'armed',
        ...env,
      },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
  }

  get pid(): number {
    if (this.#process.pid === undefined) throw new Error(`${this.name} could not be started`);
    return this.#process.pid;
  }

  /** The next message on the topic. Rejects where the process ends or stays silent. */
  hear<T extends Topic>(topic: T, withinMs = ANSWER_MS): Promise<Answers[T]> {
    const { promise, resolve, reject } = Promise.withResolvers<Answers[T]>();
    const onMessage = (message: { topic: Topic; answer: Answers[T] }): void => {
      if (message.topic === topic) resolve(message.answer);
    };
    const onExit = (): void => reject(this.failure('ended'));
    const timer = setTimeout(() => reject(this.failure(`did not say "${topic}" within ${withinMs} ms`)), withinMs);
    this.#process.on('message', onMessage).on('exit', onExit);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#process.off('message', onMessage).off('exit', onExit);
    });
  }

  async ask<T extends Topic>(topic: T, ...[details]: T extends keyof Details ? [Details[T]] : []): Promise<Answers[T]> {
    if (!this.running) throw this.failure('has ended');
    const answer = this.hear(topic);
    this.#process.send({ topic, details });
    return answer;
  }

  /** An error that says what the process itself printed last. */
  failure(what: string): Error {
    const tail = readFileSync(this.#log, 'utf8').slice(-LOG_TAIL_CHARS);
    return new Error(`${this.name} ${what}; its output ends in:\n${tail}`);
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** As a crash: no more is done, not even of what is half done. */
  async kill(): Promise<void> {
    if (!this.running) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }

  /** SIGTERM, and SIGKILL if that was not enough. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(timer);
  }
}
