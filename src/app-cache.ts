import { type AnswerParts, type Answers, openAnswers } from './app-answers.ts';
import type { Environment } from './config/config.ts';
import { newId } from './core/ids.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { OpenedParts } from './opened-parts.ts';
import { type FlightsOptions, LocalFlights } from './pipeline/cache/coalesce/local-flights.ts';
import { SharedFlights } from './pipeline/cache/coalesce/redis-flights.ts';
import type { CacheDeps, Flights } from './pipeline/cache/deps.ts';
import { registerCacheReadings } from './records/metrics/cache-metrics.ts';
import type { Registry } from './records/metrics/registry.ts';
import type { RedisConnection } from './storage/counters/redis.ts';

interface CacheParts extends Omit<AnswerParts, 'redis'> {
  readonly env: Environment;
  readonly semantic: CacheDeps['semantic'] & AnswerParts['semantic'];
  readonly registry: Registry;
}

/** What the stage works with, and what admins see of it. */
export interface CacheRoom extends Pick<Answers, 'routes'> {
  readonly stage: CacheDeps;
}

/**
 * What need not be asked twice.
 * @throws storage_unavailable; RangeError where REDIS_URL is no address
 */
export async function openCache(parts: CacheParts, opened: OpenedParts): Promise<CacheRoom> {
  const { live, clock, semantic, registry } = parts;
  const scheduler = systemScheduler;
  const redis = await openCacheRedis(parts.env, opened);
  const { store, memory, routes } = await openAnswers({ ...parts, redis }, opened);
  registerCacheReadings(registry, () => memory.stats);
  return {
    routes,
    stage: {
      catalog: () => live.current,
      clock,
      scheduler,
      store,
      flights: openFlights({ clock, scheduler, random: Math.random }, redis, opened),
      semantic,
    },
  };
}

/** Of this process, or of all replicas that share a Redis. */
function openFlights(deps: FlightsOptions, redis: RedisConnection | undefined, opened: OpenedParts): Flights {
  if (!redis) return new LocalFlights(deps);
  const flights = new SharedFlights({ ...deps, redis, replica: newId('replica') });
  return opened.keep(flights, (shared) => shared.close());
}

/** The connection of the counters says in the log whether Redis answers; once is enough. */
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

/** A connection for caches alone: what is large does not hold up the counters. */
async function openCacheRedis(env: Environment, opened: OpenedParts): Promise<RedisConnection | undefined> {
  const url = env['REDIS_URL'] || undefined;
  if (url === undefined) return undefined;
  // Its client is loaded where it is needed.
  const { openRedis } = await import('./storage/counters/redis.ts');
  return opened.keep(openRedis({ url, log: SILENT }), (connection) => connection.close());
}
