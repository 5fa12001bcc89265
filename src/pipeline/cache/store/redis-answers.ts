import { luaScript } from '../../../storage/counters/lua-script.ts';
import type { RedisConnection } from '../../../storage/counters/redis.ts';
import type { Clock } from '../../../core/clock.ts';
import type { StoredAnswer } from '../answer/stored-answer.ts';
import type { LevelStats } from './answer-store.ts';

/**
 * Answers in Redis, beside the counters of limits: the bytes under their own key, which Redis forgets when they are
 * over, and beside them what each takes (`sizes`), in the order in which they will be over (`index`), and their sum
 * (`bytes`), so that they never take more than they may and the counters keep their room.
 */
const PREFIX = '{causeway}:cache:';

/** What Redis takes for an entry beside the bytes of the answer. */
const ENTRY_OVERHEAD = 400;

const LIB = `
local P = '${PREFIX}'
local function forget(id)
  local size = redis.call('HGET', P .. 'sizes', id)
  redis.call('DEL', P .. id)
  if not size then return 0 end
  redis.call('HDEL', P .. 'sizes', id)
  redis.call('ZREM', P .. 'index', id)
  redis.call('DECRBY', P .. 'bytes', size)
  return 1
end
local function forgetOver(now, most)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. 'index', '-inf', now, 'LIMIT', 0, most)) do forget(id) end
end
local id = string.sub(KEYS[1], ${PREFIX.length + 1})
`;

/** Puts it in, and takes out what is over, then what will be over first, until all have room. Says how many of those. */
const SET = luaScript(`${LIB}
local size, expiresAt, ttl, now, most = tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
forget(id)
forgetOver(now, 100)
local evicted = 0
local bytes = tonumber(redis.call('GET', P .. 'bytes') or 0)
while bytes + size > most and evicted < 1000 do
  local first = redis.call('ZRANGE', P .. 'index', 0, 0)[1]
  if not first then break end
  evicted = evicted + forget(first)
  bytes = tonumber(redis.call('GET', P .. 'bytes') or 0)
end
if bytes + size > most then return evicted end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ttl)
redis.call('HSET', P .. 'sizes', id, size)
redis.call('ZADD', P .. 'index', expiresAt, id)
redis.call('INCRBY', P .. 'bytes', size)
return evicted
`);

const GET = luaScript(`return redis.call('GET', KEYS[1])`);
const DELETE = luaScript(`${LIB} return forget(id)`);
const STATS = luaScript(`${LIB}
forgetOver(ARGV[1], 10000)
return {redis.call('ZCARD', P .. 'index'), tonumber(redis.call('GET', P .. 'bytes') or 0)}
`);

/** What may be on its way to a Redis that is slow, in bytes; more is not written. */
const MOST_UNDER_WAY = 16 * 1024 * 1024;
/** No single answer takes more of it than this. */
const MOST_OF_ALL = 1 / 4;

export interface RedisAnswersOptions {
  readonly redis: Pick<RedisConnection, 'ready' | 'runBytes'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly maxBytes: number;
}

/** The level that replicas share. Where Redis is away, nothing is there, and nothing waits for it. */
export class RedisAnswers {
  readonly #redis: RedisAnswersOptions['redis'];
  readonly #clock: Pick<Clock, 'now'>;
  readonly #maxBytes: number;
  #underWay = 0;
  #hits = 0;
  #misses = 0;
  #evictions = 0;

  constructor({ redis, clock, maxBytes }: RedisAnswersOptions) {
    this.#redis = redis;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  /** Whether it is worth asking. */
  get ready(): boolean {
    return this.#redis.ready;
  }

  /** An answer as it was encoded. Never rejects. */
  async get(key: string): Promise<Buffer | undefined> {
    const found = await this.#run(GET, key, []);
    const encoded = Buffer.isBuffer(found) ? found : undefined;
    if (encoded) this.#hits += 1;
    else this.#misses += 1;
    return encoded;
  }

  /** Never throws, and does not wait. */
  set({ key, expiresAt }: Pick<StoredAnswer, 'key' | 'expiresAt'>, encoded: Buffer): void {
    const now = this.#clock.now();
    const size = encoded.length + ENTRY_OVERHEAD;
    const ttl = Math.floor(expiresAt - now);
    if (ttl < 1 || size > this.#maxBytes * MOST_OF_ALL || this.#underWay + size > MOST_UNDER_WAY) return;
    const numbers = [size, expiresAt, ttl, now, this.#maxBytes].map(String);
    void this.#write(key, [encoded, ...numbers], size);
  }

  /** Never throws, and does not wait. */
  delete(key: string): void {
    void this.#run(DELETE, key, []);
  }

  /** Undefined where Redis does not answer. What was forgotten and found is this process's own count. */
  async stats(): Promise<LevelStats | undefined> {
    const said = await this.#run(STATS, 'stats', [String(this.#clock.now())]);
    if (!Array.isArray(said)) return undefined;
    return {
      entries: Number(said[0]),
      bytes: Number(said[1]),
      maxBytes: this.#maxBytes,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
    };
  }

  async #write(key: string, args: readonly (string | Buffer)[], size: number): Promise<void> {
    this.#underWay += size;
    const evicted = await this.#run(SET, key, args);
    this.#underWay -= size;
    if (typeof evicted === 'number') this.#evictions += evicted;
  }

  async #run(script: typeof SET, key: string, args: readonly (string | Buffer)[]): Promise<unknown> {
    if (!this.#redis.ready) return undefined;
    try {
      return await this.#redis.runBytes(script, PREFIX + key, args);
    } catch {
      // The connection says once in the log that it is away.
      return undefined;
    }
  }
}
