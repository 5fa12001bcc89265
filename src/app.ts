import type { Logger } from 'pino';
import { openAccess } from './app-access.ts';
import { buildConsole, openConsole } from './app-console.ts';
import { openConfig } from './app-config.ts';
import { openFeedback } from './app-feedback.ts';
import { openOperators } from './app-operators.ts';
import { openOrganisations } from './app-organisations.ts';
import { followPrices } from './app-pricing.ts';
import { openReadiness } from './app-readiness.ts';
import { type Watched, followProviders, openExport, openRecords } from './app-records.ts';
import { openResilience } from './app-resilience.ts';
import { openQuotas } from './app-quotas.ts';
import { openPromptCache } from './app-prompt-cache.ts';
import { openResponses } from './app-responses.ts';
import { openTrials } from './app-rollouts.ts';
import { openLoadMonitor } from './app-shield.ts';
import { openStorage } from './app-storage.ts';
import { openWatchers } from './app-watchers.ts';
import type { Environment, LoadedConfig } from './config/config.ts';
import { systemClock } from './core/clock.ts';
import { requireFreePort } from './edge/require-free-port.ts';
import { LiveCatalog } from './live-catalog.ts';
import type { ModelCatalog } from './models/catalog.ts';
import { OpenedParts } from './opened-parts.ts';
import { inForceTexts } from './pipeline/rollouts/views/in-force-text.ts';
import type { LoadSample } from './pipeline/shield/pressure.ts';
import { createLogger } from './records/log.ts';
import { dataDirOf, databaseUrlOf } from './whereabouts.ts';
import { type Listeners, type ServerParts, buildServer } from './app-server.ts';
import type { Events } from './records/events/event.ts';
import type { FeedbackDeps } from './records/feedback/feedback-desk.ts';

export interface AppOptions {
  readonly env: Environment;
  /** The configuration to start with, and where it is watched. */
  readonly loaded: LoadedConfig;
  readonly configPath: string;
  /** Where the console was never built, it is built while the gateway runs. */
  readonly buildsConsole?: boolean;
  /** Where the built console is, in place of where it usually is; for tests. */
  readonly consoleFolder?: string;
  /** Measures the load in place of this process's own; for tests and drills. */
  readonly sampleLoad?: () => LoadSample;
  /** Where several processes listen on one port, which of them this is. */
  readonly worker?: WorkerPlace | undefined;
}

/** What a worker needs to know of the others. */
interface WorkerPlace {
  readonly number: number;
  /** @param own how the metrics of this process are read @returns how those of all workers are */
  metricsOfAll(own: () => string): () => Promise<string>;
}

/** A running gateway. */
export interface App {
  readonly url: string;
  readonly log: Logger;
  /** Keys that were made at this start and can be shown only now. */
  readonly freshKeys: { readonly apiKey: string | undefined; readonly adminKey: string | undefined };
  readonly catalog: () => ModelCatalog;
  readonly database: 'embedded' | 'postgres';
  /** Whether limits and budgets are counted for all replicas together. */
  readonly sharedCounters: boolean;
  /** Whether the web console is served, at `/console/`. */
  readonly hasConsole: boolean;
  /** The limits in force, in words. */
  readonly limits: readonly string[];
  /** What is tried of virtual models now, in words. */
  readonly rollouts: () => readonly string[];
  /** Reads the configuration file again, as on SIGHUP. */
  reload(): void;
  /** Stops accepting, lets answers end, writes the records, closes everything. */
  close(): Promise<void>;
}

/**
 * Builds every part once and joins them. A start that fails closes what it had opened.
 * @throws LockHeldError, DatabaseRefusedError, storage_unavailable, RangeError (master key), or the system's error where the port is taken
 */
export async function startApp(options: AppOptions): Promise<App> {
  const opened = new OpenedParts();
  try {
    return await openApp(options, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openApp(options: AppOptions, opened: OpenedParts): Promise<App> {
  const { port, host } = options.loaded.config.server;
  // Its primary has seen to that; here the port is shared.
  if (!options.worker) await requireFreePort({ port, host });
  const parts = await openParts(options, opened);
  const { log, live, access, quotas, config } = parts;
  const server = opened.keep(await buildServer(parts, options.loaded.config.server, opened), (edge) => edge.drain());
  const { url } = await server.listen({ port, host });
  if (options.buildsConsole && parts.console) buildConsole(parts.console, log, opened);

  return {
    url,
    log,
    freshKeys: { apiKey: access.firstKey, adminKey: access.adminKey.fresh },
    catalog: () => live.current,
    database: parts.database.kind,
    hasConsole: parts.console !== undefined,
    sharedCounters: quotas.areShared,
    limits: quotas.limitTexts(),
    rollouts: () => inForceTexts(parts.trials),
    reload: () => config.reload(),
    close: () => opened.close(),
  };
}

async function openParts(
  { env, loaded, configPath, sampleLoad, consoleFolder, worker }: AppOptions,
  opened: OpenedParts,
): Promise<ServerParts> {
  const clock = systemClock;
  const log = createLogger({ level: loaded.config.log.level, worker: worker?.number });
  const storage = await openStorage({ dataDir: dataDirOf(env), url: databaseUrlOf(env), env, clock, log }, opened);
  const { database } = storage;
  const access = await openAccess(storage, env, clock, log);
  const live = opened.keep(new LiveCatalog(loaded.config, new Map(), clock), (catalog) => catalog.close());
  const config = openConfig({ env, loaded, configPath, live, clock, log }, opened);
  const organisations = openOrganisations(access, live);
  await access.followProviderKeys((sealedKeys) => live.replace({ sealedKeys }));
  await followPrices(storage, live, clock);
  const load = openLoadMonitor({ live, clock, log, sampleLoad }, opened);
  const providers = followProviders(live);
  const otel = openExport({ env, live, providers, clock, log }, opened);
  const readiness = openReadiness(live, log, opened);
  const resilience = openResilience({ live, clock, log, readiness, exportsTraces: otel?.exportsTraces ?? false });
  const watched: Watched = { load, resilience, quotas: undefined, alerts: undefined };
  const recording = { storage, otel, providers, dataDir: dataDirOf(env), live, clock, log };
  const { writer, metrics } = await openRecords(recording, watched, opened);
  const expose = (): string => metrics.registry.expose();
  const watchers = await openWatchers({ storage, live, clock, log, metrics }, watched, opened);
  const promptCache = openPromptCache({ ...watchers, live, clock, log, metrics: metrics.promptCache }, opened);
  const quotas = await openQuotas({ ...watchers, storage, env, live, clock, log }, opened);
  watched.quotas = quotas;
  return {
    env,
    clock,
    log,
    storage,
    database,
    access,
    organisations,
    operators: await openOperators({ ...watchers, storage, access, env, config, live, clock, log }, opened),
    live,
    config,
    otel,
    load,
    resilience,
    responses: openResponses({ database, live, clock, log }, opened),
    ...(await openTrying({ ...watchers, storage, writer, metrics, live, clock, log }, opened)),
    dataDir: dataDirOf(env),
    writer,
    metrics,
    exposeMetrics: worker?.metricsOfAll(expose) ?? expose,
    ...watchers,
    promptCache,
    quotas,
    console: loaded.config.console.enabled ? openConsole({ clock, log, folder: consoleFolder }) : undefined,
  };
}

interface TryingParts extends Pick<ServerParts, 'storage' | 'writer' | 'metrics' | 'live' | 'clock' | 'log'> {
  readonly events: Events;
}

/** What is tried, and what users say of answers, which goes to that and to who learns from it. */
async function openTrying(parts: TryingParts, opened: OpenedParts) {
  const { storage, metrics } = parts;
  const listeners: Listeners = { heard: undefined, mirror: undefined, guards: undefined };
  const trials = await openTrials({ ...parts, registry: metrics.registry }, opened);
  const told: Required<Pick<FeedbackDeps, 'attributed' | 'heard'>> = {
    attributed: (feedback) => trials.feedback(feedback),
    heard: (opinion) => listeners.heard?.(opinion),
  };
  return { trials, listeners, feedback: openFeedback({ ...parts, database: storage.database, ...told }, opened) };
}
