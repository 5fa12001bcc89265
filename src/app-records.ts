import type { Logger } from 'pino';

import type { Quotas } from './app-quotas.ts';
import type { Resilience } from './app-resilience.ts';
import { pressureReadings } from './app-shield.ts';
import type { Storage } from './app-storage.ts';
import { resilienceReadings } from './app-targets.ts';
import type { Config, Environment } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import { startSweep } from './core/sweep.ts';
import { VERSION } from './core/version.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import type { LoadMonitor } from './pipeline/shield/load-monitor.ts';
import type { Alerts } from './records/alerts/alerts.ts';
import { Journal } from './records/journal/journal.ts';
import { createMetrics } from './records/metrics/metrics.ts';
import { objectiveTargets } from './records/objectives/objective-tracker.ts';
import type { Providers } from './records/otel/conventions.ts';
import { registerExportMetrics } from './records/otel/export-metrics.ts';
import { OtelExport } from './records/otel/otel-export.ts';
import { oldOverviews } from './records/overview/old-sums.ts';
import { OverviewStore } from './records/overview/overview-store.ts';
import type { DropReason } from './records/traces/retention/retention-plan.ts';
import { openRetention } from './records/traces/retention/retention-sweep.ts';
import { oldVerdicts } from './records/verdicts/old-verdicts.ts';
import { VerdictStore } from './records/verdicts/verdict-store.ts';
import { journalFolderOf } from './whereabouts.ts';

/** What the metrics read when somebody asks. */
export interface Watched {
  readonly load: LoadMonitor;
  readonly resilience: Resilience;
  /** Once they are open: they tell what happens to them in events, which are counted. */
  quotas: Quotas | undefined;
  alerts: Alerts | undefined;
}

interface RecordParts {
  readonly storage: Storage;
  readonly otel: OtelExport | undefined;
  readonly providers: () => Providers;
  /** Where what outlives the process is kept. */
  readonly dataDir: string;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Records {
  readonly writer: Journal;
  readonly metrics: ReturnType<typeof createMetrics>;
}

const EXPORT_CLOSE_MS = 5000;

/** What happened: the journal, what hangs on it, and the metrics. */
export async function openRecords(parts: RecordParts, watched: Watched, opened: OpenedParts): Promise<Records> {
  const { storage, otel, providers, dataDir, live, clock, log } = parts;
  const { database } = storage;
  const journal = await Journal.open({
    folder: journalFolderOf(dataDir),
    connection: database.connection,
    maxSize: live.config.records.journal.maxSize,
    get maxBodyBytes() {
      return live.config.records.maxBodySize;
    },
    tap: otel && ((chunk, records) => otel.offer(chunk, records)),
    clock,
    log,
  });
  const writer = opened.keep(journal, (one) => one.close());
  const metrics = createMetrics({
    version: VERSION,
    recordStats: () => writer.stats(),
    pressures: () => pressureReadings(watched.load),
    resilience: resilienceReadings(watched.resilience),
    quotas: {
      outstanding: () => watched.quotas?.ledger.outstanding ?? 0,
      exact: () => watched.quotas?.isExact() ?? true,
    },
    databaseUp: () => storage.answers,
    snapshotWrittenAt: () => storage.snapshotWrittenAt,
    objectiveTargets: () => objectiveTargets(live.config.models),
    providers,
    alertsFiring: () => watched.alerts?.firing() ?? [],
    clock,
  });
  if (otel) registerExportMetrics(metrics.registry, () => otel.stats());
  const settings = () => live.config.records;
  const dropped = (reason: DropReason): void => metrics.partitions.observeDrop(reason);
  const retention = { database, settings, scheduler: systemScheduler, clock, log, dropped };
  opened.keep(openRetention(retention), (one) => one.close());
  const sums = [oldOverviews(new OverviewStore(database), clock), oldVerdicts(new VerdictStore(database), clock)];
  for (const old of sums) opened.keep(startSweep(old, { scheduler: systemScheduler, log }), (sweep) => sweep.close());
  return { writer, metrics };
}

interface ExportParts extends Pick<RecordParts, 'live' | 'providers' | 'clock' | 'log'> {
  readonly env: Environment;
}

/** To a collector; undefined where nothing is exported. It is closed after the journal, which still offers it records. */
export function openExport(
  { env, live, providers, clock, log }: ExportParts,
  opened: OpenedParts,
): OtelExport | undefined {
  const exporter = OtelExport.open({ settings: live.config.telemetry, env, log, clock });
  if (!exporter) return undefined;
  live.watch(() => exporter.setProviders(providers()));
  return opened.keep(exporter, (one) => one.close(EXPORT_CLOSE_MS));
}

/** What the configured providers are, for the names of OpenTelemetry; the same map until they change. */
export function followProviders(live: LiveCatalog): () => Providers {
  let providers: Providers = new Map();
  live.watch(() => {
    const { current, config } = live;
    providers = new Map(
      current.providers.map(({ name, family }) => [name, { system: family, ...addressOf(config, name) }]),
    );
  });
  return () => providers;
}

/** Where the file says so; a provider's usual address is nobody's news. */
function addressOf({ providers }: Config, name: string): { address?: string; port?: number } {
  const settings = providers.get(name);
  const url = settings && 'baseUrl' in settings ? URL.parse(settings.baseUrl ?? '') : null;
  if (!url) return {};
  return { address: url.hostname, ...(url.port !== '' && { port: Number(url.port) }) };
}
