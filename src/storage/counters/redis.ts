import { Redis } from 'ioredis';

import { type Scheduler, systemScheduler } from '../../core/scheduler.ts';
import type { StorageLog } from '../database/storage-log.ts';
import type { LuaScript } from './lua-script.ts';
import { ReplyWatch } from './reply-watch.ts';
import { readServerInfo } from './server-info.ts';

/**
 * One connection to one Redis (6.2 or later) or Valkey server. Keys begin with `{causeway}:`, so that they are in one
 * slot of a cluster; but the node is the one that the address names. Nodes of a cluster are not looked up, nor is
 * Sentinel asked: where there is a failover, the address has to follow the primary.
 */
export interface RedisHandle {
  /** Whether commands are sent; it is told by `onUp` and `onDown` when it changes. */
  readonly ready: boolean;
  /** Which run of which server answers: another one after a restart or a failover. 'unknown' where it does not tell. */
  readonly runId: string;
  /**
   * Runs a script, which is written to the socket before this returns. It rejects where the server is away, refuses or
   * does not answer in time; then nobody knows whether it ran, and the connection is made anew.
   */
  run(script: LuaScript, key: string, args: readonly string[]): Promise<unknown>;
  onUp(listener: () => void): void;
  onDown(listener: (reason: string) => void): void;
  /** May be called again; it happens once. */
  close(): Promise<void>;
}

/** The same for what is no text. */
export interface RedisConnection extends RedisHandle {
  /** As `run`, but arguments may be bytes, and all texts of the answer are. */
  runBytes(script: LuaScript, key: string, args: readonly (string | Buffer)[]): Promise<unknown>;
}

export interface RedisOptions {
  /** `redis://` or `rediss://`, with user, password and database number where needed. */
  readonly url: string;
  readonly log: StorageLog;
  /** How long an answer may take. */
  readonly timeoutMs?: number;
  readonly scheduler?: Scheduler;
}

const TIMEOUT_MS = 250;
/** For a connection, and for the server's first answer on it. */
const CONNECT_TIMEOUT_MS = 2000;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;
const LOADING_RETRY_MS = 100;
/** An unfit server may be replaced by a fit one behind the same address. */
const UNFIT_RETRY_MS = 10_000;

/**
 * Opens the connection, which is made in the background, and made again whenever it is lost. A server that is not
 * there makes nothing fail here.
 * @throws RangeError where the address is none
 */
export function openRedis(options: RedisOptions): RedisConnection {
  checkAddress(options.url);
  return new Connection(options);
}

function checkAddress(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  if (protocol === 'redis:' || protocol === 'rediss:') return;
  // The address is not shown: it may have a password in it.
  throw new RangeError('REDIS_URL is not an address such as redis://host:6379 or rediss://user:password@host:6379/0');
}

class Connection implements RedisConnection {
  readonly #client: Redis;
  readonly #log: StorageLog;
  readonly #scheduler: Scheduler;
  readonly #watch: ReplyWatch;
  readonly #up: (() => void)[] = [];
  readonly #down: ((reason: string) => void)[] = [];
  #ready = false;
  #runId = 'unknown';
  /** Why the connection was or will be lost, as far as it is known before it is. */
  #reason: string | undefined;
  /** What was said last, so that each state is said once. */
  #said: string | undefined;
  #retryMs: number | undefined;
  #stopGreeting = (): void => {};
  #closing: Promise<void> | undefined;

  constructor({ url, log, timeoutMs = TIMEOUT_MS, scheduler = systemScheduler }: RedisOptions) {
    this.#log = log;
    this.#scheduler = scheduler;
    this.#watch = new ReplyWatch(timeoutMs, scheduler, () => this.#drop(`no answer for ${timeoutMs} ms`));
    this.#client = new Redis(url, {
      connectionName: 'causeway',
      // What is asked while the server is away fails at once, and is never sent a second time behind the asker's back.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      // The first answer is looked at here, and how long answers take is watched here for all of them together.
      enableReadyCheck: false,
      disableClientInfo: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepAlive: 30_000,
      noDelay: true,
      retryStrategy: (times) => this.#retryMs ?? retryDelay(times),
      // A primary that became a replica: the address leads elsewhere by now.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    this.#client.on('ready', () => void this.#greet());
    this.#client.on('error', (error: Error) => (this.#reason ??= error.message));
    this.#client.on('close', () => this.#lost());
  }

  get ready(): boolean {
    return this.#ready;
  }

  get runId(): string {
    return this.#runId;
  }

  onUp(listener: () => void): void {
    this.#up.push(listener);
  }

  onDown(listener: (reason: string) => void): void {
    this.#down.push(listener);
  }

  run({ source, sha }: LuaScript, key: string, args: readonly string[]): Promise<unknown> {
    return this.#ask(
      () => this.#client.evalsha(sha, 1, key, ...args),
      () => this.#client.eval(source, 1, key, ...args),
    );
  }

  runBytes({ source, sha }: LuaScript, key: string, args: readonly (string | Buffer)[]): Promise<unknown> {
    return this.#ask(
      () => this.#client.callBuffer('EVALSHA', sha, 1, key, ...args),
      () => this.#client.callBuffer('EVAL', source, 1, key, ...args),
    );
  }

  async #ask(byName: () => Promise<unknown>, bySource: () => Promise<unknown>): Promise<unknown> {
    if (!this.#ready) throw new Error('Redis is away');
    this.#watch.sent();
    try {
      return await byName();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      // EVAL keeps it under its name from then on.
      return await bySource();
    } finally {
      this.#watch.answered();
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const wasReady = this.#ready;
    this.#ready = false;
    this.#stopGreeting();
    this.#watch.reset();
    if (wasReady) {
      const stop = this.#scheduler.after(CONNECT_TIMEOUT_MS, () => this.#client.disconnect());
      await this.#client.quit().catch(() => {});
      stop();
    }
    this.#client.disconnect();
  }

  /** The first question on a new connection: who answers, and whether it will do. */
  async #greet(): Promise<void> {
    if (this.#closing) return;
    this.#stopGreeting();
    const late = this.#scheduler.after(CONNECT_TIMEOUT_MS, () => this.#drop('no answer to INFO'));
    this.#stopGreeting = late;
    let text = '';
    try {
      text = await this.#client.info();
    } catch (error) {
      // A reason that is known already came first: the question failed for it.
      if (!isForbidden(error)) return this.#drop(this.#reason ?? messageOf(error));
    } finally {
      late();
    }
    this.#judge(text);
  }

  #judge(text: string): void {
    const { runId, isLoading, unfit, warning } = readServerInfo(text);
    if (isLoading) {
      this.#stopGreeting = this.#scheduler.after(LOADING_RETRY_MS, () => void this.#greet());
      return;
    }
    if (unfit !== undefined) {
      this.#retryMs = UNFIT_RETRY_MS;
      if (this.#said !== unfit) this.#log.error({ reason: unfit }, 'Redis cannot be used');
      this.#said = unfit;
      this.#drop(unfit);
      return;
    }
    this.#retryMs = undefined;
    this.#reason = undefined;
    this.#runId = runId;
    this.#ready = true;
    this.#watch.reset();
    if (this.#said !== 'up') this.#log.info({}, 'Redis answers');
    this.#said = 'up';
    if (warning !== undefined) this.#log.warn({ reason: warning }, 'Redis may lose counters');
    for (const listener of this.#up) listener();
  }

  /** Ends the connection at once: one that is only asked to end waits for the other side. */
  #drop(reason: string): void {
    this.#reason = reason;
    // The listeners hear it now, before anybody asks again on a connection that is known to be of no use.
    this.#becomeDown(reason);
    if (!this.#closing) this.#client.stream?.destroy();
  }

  #lost(): void {
    this.#stopGreeting();
    const reason = this.#reason ?? 'the connection was closed';
    this.#reason = undefined;
    this.#becomeDown(reason);
    if (this.#closing || this.#retryMs !== undefined || this.#said === 'down') return;
    this.#said = 'down';
    this.#log.warn({ reason }, 'Redis is away; it is tried again until it answers');
  }

  #becomeDown(reason: string): void {
    if (!this.#ready) return;
    this.#ready = false;
    this.#watch.reset();
    for (const listener of this.#down) listener(reason);
  }
}

function retryDelay(times: number): number {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(times, 10));
  // Replicas that lost it together do not come back in step.
  return Math.round(longest * (0.5 + Math.random() / 2));
}

/** Some managed servers keep INFO to themselves. */
function isForbidden(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOPERM');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
