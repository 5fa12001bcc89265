import { statfs } from 'node:fs/promises';
import { hostname, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { getHeapStatistics } from 'node:v8';

import type { OpenedConfig } from './app-config.ts';
import type { Quotas } from './app-quotas.ts';
import type { Records } from './app-records.ts';
import type { Storage } from './app-storage.ts';
import { ENVIRONMENT, type Problem } from './config/problems.ts';
import { restartKeys } from './config/restart-keys.ts';
import type { Clock } from './core/clock.ts';
import { newId } from './core/ids.ts';
import { redactSecrets } from './core/redaction.ts';
import { VERSION } from './core/version.ts';
import type { LoadMonitor } from './pipeline/shield/load-monitor.ts';
import { containerLimit } from './pipeline/shield/process-load.ts';
import type { OtelExport } from './records/otel/otel-export.ts';
import type { MeasuredParts } from './records/status/judge.ts';
import { LoopDelay } from './records/status/loop-delay.ts';
import { statusRoutes } from './records/status/routes.ts';
import type { Measured } from './records/status/status-schema.ts';
import { type DatabaseHealth, readHealth } from './storage/database/health-store.ts';

interface StatusParts extends Records {
  readonly clock: Clock;
  readonly dataDir: string;
  readonly storage: Storage;
  readonly quotas: Pick<Quotas, 'areShared' | 'isExact' | 'latencyMs'>;
  readonly config: Pick<OpenedConfig, 'path' | 'inForce'>;
  readonly load: LoadMonitor;
  readonly otel: OtelExport | undefined;
  readonly vectors: { readonly state: string };
}

/** Whoever asks more often than this gets the answer of before. */
const ASK_EVERY_MS = 3000;
/** A database that needs longer is away for who looks at a page. */
const PATIENCE_MS = 2000;

/** What the admin API says of how this process is. */
export function openStatus(parts: StatusParts) {
  const { clock, dataDir, storage, writer, config } = parts;
  const loop = new LoopDelay();
  const askDatabase = remembered(clock, () => patient(readHealth(storage.database)));
  const askRedis = remembered(clock, () => patient(parts.quotas.latencyMs()));
  return statusRoutes({
    identity: {
      version: VERSION,
      node: process.version,
      replica: newId('replica'),
      host: hostname(),
      pid: process.pid,
      startedAt: Math.round(Date.now() - process.uptime() * 1000),
    },
    now: () => clock.now(),
    async measure(): Promise<MeasuredParts> {
      const [health, latency, disk] = await Promise.all([askDatabase(), askRedis(), diskOf(dataDir)]);
      return {
        database: databaseOf(storage, health),
        redis: redisOf(parts.quotas, latency),
        journal: journalOf(writer),
        process: processOf(parts, loop),
        config: configOf(config),
        snapshot: snapshotOf(storage, clock),
        vectors: { state: parts.vectors.state },
        otlp: exportOf(parts.otel),
        disk,
      };
    },
  });
}

/** Several pages that are open ask once. */
function remembered<Value>(clock: Clock, ask: () => Promise<Value>): () => Promise<Value> {
  let known: { readonly at: number; readonly value: Promise<Value> } | undefined;
  return () => {
    const now = clock.monotonic();
    if (!known || now - known.at >= ASK_EVERY_MS) known = { at: now, value: ask() };
    return known.value;
  };
}

/** Undefined where it fails, or takes too long. */
async function patient<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  const { promise: late, resolve: giveUp } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => giveUp(undefined), PATIENCE_MS);
  timer.unref();
  try {
    return await Promise.race([asked.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

function databaseOf({ database, answers }: Storage, health: DatabaseHealth | undefined): Measured<'database'> {
  return {
    kind: database.kind,
    answers: answers && health !== undefined,
    version: health?.version ?? null,
    latency_ms: health?.latencyMs ?? null,
    size_bytes: health?.bytes ?? null,
    partitions: health?.partitions ?? null,
  };
}

function redisOf({ areShared, isExact }: StatusParts['quotas'], latency: number | undefined): Measured<'redis'> {
  return {
    configured: areShared,
    answers: areShared ? latency !== undefined : null,
    latency_ms: latency ?? null,
    exact: isExact(),
  };
}

function journalOf(writer: Records['writer']): Measured<'journal'> {
  const stats = writer.stats();
  return {
    backlog_records: stats.queuedRecords,
    backlog_bytes: stats.queuedBytes,
    delay_ms: stats.oldestAgeMs,
    fill: stats.fill,
    file_bytes: stats.journalBytes,
    written: stats.written,
    dropped_records: stats.droppedRecords,
    dropped_texts: stats.droppedTexts,
    damaged_bytes: stats.damagedBytes,
  };
}

function processOf({ metrics, load, clock }: StatusParts, loop: LoopDelay): Measured<'process'> {
  const heap = getHeapStatistics();
  return {
    in_flight: metrics.calls.inFlightNow,
    event_loop_delay_p99_ms: loop.p99(clock.monotonic()),
    memory_bytes: process.memoryUsage.rss(),
    memory_limit_bytes: containerLimit(process.constrainedMemory(), totalmem()) ?? null,
    heap_used_bytes: heap.used_heap_size,
    heap_limit_bytes: heap.heap_size_limit,
    pressure: { ...load.pressures },
    shedding: load.pressure > 0,
    shedding_ms: Math.round(load.lastedMs),
  };
}

function configOf({ path, inForce }: StatusParts['config']): Measured<'config'> {
  const { loaded, started, loadedAt, problems } = inForce();
  const [first] = problems;
  return {
    path: resolve(path),
    file: loaded.file !== undefined,
    loaded_at: new Date(loadedAt).toISOString(),
    last_error: first ? placeOf(first) : null,
    restart_pending: restartKeys(started.config, loaded.config),
  };
}

/** Without what is wrong there: that quotes the file, and whoever may only look sees this. */
function placeOf({ file, line, column, key }: Problem): string {
  const where = [...(file === ENVIRONMENT ? [] : [`line ${line}, column ${column}`]), ...(key === '' ? [] : [key])];
  return redactSecrets(where.join(': '));
}

function snapshotOf({ database, snapshotWrittenAt: at }: Storage, clock: Clock): Measured<'snapshot'> {
  const wanted = database.kind === 'postgres';
  if (at === undefined) return { wanted, written_at: null, age_ms: null };
  return { wanted, written_at: new Date(at).toISOString(), age_ms: Math.max(0, clock.now() - at) };
}

function exportOf(otel: OtelExport | undefined): Measured<'otlp'> {
  const stats = otel?.stats();
  return {
    enabled: stats !== undefined,
    exported: { ...stats?.exported },
    failures: { ...stats?.failures },
    dropped: { ...stats?.dropped },
    waiting_bytes: stats?.waitingBytes ?? 0,
    last_error: stats?.lastError === undefined ? null : redactSecrets(stats.lastError),
  };
}

async function diskOf(dataDir: string): Promise<Measured<'disk'>> {
  const path = resolve(dataDir);
  const found = await statfs(path).catch(() => undefined);
  if (!found) return { path, free_bytes: null, total_bytes: null };
  return { path, free_bytes: found.bavail * found.bsize, total_bytes: found.blocks * found.bsize };
}
