import type { LuaScript } from '../../src/storage/counters/lua-script.ts';
import type { RedisHandle } from '../../src/storage/counters/redis.ts';

/** One real server, of which a test says what run of it answers. */
export class Host {
  readonly real: RedisHandle;
  runId = 'run1';
  #pending = 0;

  constructor(real: RedisHandle) {
    this.real = real;
  }

  async run(...[script, key, args]: Parameters<RedisHandle['run']>): Promise<unknown> {
    this.#pending += 1;
    try {
      return await this.real.run(script, key, args);
    } finally {
      this.#pending -= 1;
    }
  }

  /** Resolves when nothing is asked any more, and nobody has anything more to say to what was answered. */
  async rest(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await new Promise((done) => void setImmediate(done));
      if (this.#pending > 0) quiet = -1;
    }
  }
}

/** A replica's connection to it, which a test can cut at any command. */
export class CutRedis implements RedisHandle {
  readonly #host: Host;
  readonly #up: (() => void)[] = [];
  readonly #down: ((reason: string) => void)[] = [];
  /** Rejects what is under way. */
  #lost = Promise.withResolvers<never>();
  #ready = true;
  #runId: string;
  #trip: 'run' | 'lost' | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#runId = host.runId;
    this.#lost.promise.catch(() => {});
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

  /** The next command is the last one: it runs or it does not, and nobody hears of it either way. */
  tripAtNext(what: 'run' | 'lost' | undefined): void {
    if (this.#ready) this.#trip = what;
  }

  cut(): void {
    if (!this.#ready) return;
    this.#ready = false;
    this.#trip = undefined;
    for (const listener of this.#down) listener('cut');
    this.#lost.reject(new Error('the connection was closed'));
  }

  mend(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#runId = this.#host.runId;
    this.#lost = Promise.withResolvers<never>();
    this.#lost.promise.catch(() => {});
    for (const listener of this.#up) listener();
  }

  run(script: LuaScript, key: string, args: readonly string[]): Promise<unknown> {
    if (!this.#ready) return Promise.reject(new Error('away'));
    const { promise } = this.#lost;
    if (this.#trip === undefined) return Promise.race([this.#host.run(script, key, args), promise]);
    const asked = this.#trip === 'run' ? this.#host.run(script, key, args) : undefined;
    asked?.catch(() => {});
    this.cut();
    return promise;
  }

  close(): Promise<void> {
    this.cut();
    return Promise.resolve();
  }
}
