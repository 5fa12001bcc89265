import { join } from 'node:path';

import type { Logger } from 'pino';

import { type Access, openAccess } from './app-access.ts';
import { openCache } from './app-cache.ts';
import { openChoosing } from './app-choosing.ts';
import { openFeedback } from './app-feedback.ts';
import { openOrganisations } from './app-organisations.ts';
import { openOwnership } from './app-ownership.ts';
import { followPrices, openPriceDesk } from './app-pricing.ts';
import { openReadiness } from './app-readiness.ts';
import { type Records, type Watched, followProviders, openExport, openRecords } from './app-records.ts';
import { type Resilience, openResilience } from './app-resilience.ts';
import { type Quotas, openQuotas } from './app-quotas.ts';
import { openPromptCache } from './app-prompt-cache.ts';
import { openResponses } from './app-responses.ts';
import { openTrials } from './app-rollouts.ts';
import { openLoadMonitor } from './app-shield.ts';
import { type Storage, openStorage } from './app-storage.ts';
import { adminTargetRoutes } from './app-targets.ts';
import { type Watchers, openWatchers } from './app-watchers.ts';
import type { Config, Environment, LoadedConfig } from './config/config.ts';
import { ConfigError } from './config/problems.ts';
import { type ConfigWatch, watchConfig } from './config/watch.ts';
import type { Principal } from './core/call.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { requireFreePort } from './edge/require-free-port.ts';
import { type EdgeServer, createServer } from './edge/server.ts';
import { LiveCatalog } from './live-catalog.ts';
import type { ModelCatalog } from './models/catalog.ts';
import { OpenedParts } from './opened-parts.ts';
import { accessRoutes } from './pipeline/access/routes.ts';
import { identify, mayUseModel } from './pipeline/access/stage.ts';
import { buildPipeline } from './pipeline/pipeline.ts';
import { pricingRoutes } from './pipeline/pricing/routes.ts';
import type { Opinion } from './pipeline/routing/examples/learner.ts';
import type { Shadow } from './pipeline/shadow/open-shadow.ts';
import type { LoadMonitor } from './pipeline/shield/load-monitor.ts';
import type { LoadSample } from './pipeline/shield/pressure.ts';
import type { StoredResponsesDeps } from './pipeline/stored-responses/deps.ts';
import { type Recorder, createRecorder } from './pipeline/recording/stage.ts';
import { addressRefusal } from './pipeline/vigilance/stage.ts';
import { createLogger } from './records/log.ts';
import { recordPolicies } from './records/policies.ts';
import { metricsRoutes } from './records/metrics/routes.ts';
import { savingsRoutes } from './records/savings/routes.ts';
import { conversationRoutes } from './records/traces/conversations/routes.ts';
import { traceRoutes } from './records/traces/routes.ts';
import type { Database } from './storage/database/database.ts';
import { dataDirOf, databaseUrlOf } from './whereabouts.ts';

export interface AppOptions {
  readonly env: Environment;
  /** The configuration to start with, and where it is watched. */
  readonly loaded: LoadedConfig;
  readonly configPath: string;
  /** Measures the load in place of this process's own; for tests and drills. */
  readonly sampleLoad?: () => LoadSample;
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
  /** The limits in force, in words. */
  readonly limits: readonly string[];
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

async function openApp({ env, loaded, configPath, sampleLoad }: AppOptions, opened: OpenedParts): Promise<App> {
  const clock = systemClock;
  const log = createLogger({ level: loaded.config.log.level });
  const { port, host } = loaded.config.server;
  await requireFreePort({ port, host });
  const storage = await openStorage({ dataDir: dataDirOf(env), url: databaseUrlOf(env), env, clock, log }, opened);
  const { database } = storage;
  const access = await openAccess(storage, env, clock, log);
  const live = opened.keep(new LiveCatalog(loaded.config, new Map(), clock), (catalog) => catalog.close());
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
  const watchers = await openWatchers({ storage, live, clock, log, metrics }, watched, opened);
  const { events } = watchers;
  const promptCache = openPromptCache({ live, clock, log, events, metrics: metrics.promptCache }, opened);
  const quotas = await openQuotas({ storage, env, live, clock, log, events }, opened);
  watched.quotas = quotas;
  const trials = await openTrials({ storage, live, clock, log, events, registry: metrics.registry }, opened);
  const listeners: Listeners = { heard: undefined, mirror: undefined };
  const told = { attributed: trials.feedback, heard: (opinion: Opinion) => listeners.heard?.(opinion) };
  const parts: Parts = {
    env,
    clock,
    log,
    storage,
    database,
    access,
    organisations,
    live,
    load,
    resilience,
    responses: openResponses({ database, live, clock, log }, opened),
    feedback: openFeedback({ database, writer, live, clock, log, metrics, ...told }, opened),
    trials,
    listeners,
    uploadFolder: join(dataDirOf(env), 'uploads'),
    writer,
    metrics,
    ...watchers,
    promptCache,
    quotas,
  };
  const server = opened.keep(await buildServer(parts, loaded.config.server, opened), (edge) => edge.drain());
  const { url } = await server.listen({ port, host });
  const watch = opened.keep(followConfig({ env, loaded, configPath }, live, log), (config) => config.close());

  return {
    url,
    log,
    freshKeys: { apiKey: access.firstKey, adminKey: access.adminKey.fresh },
    catalog: () => live.current,
    database: database.kind,
    sharedCounters: quotas.areShared,
    limits: quotas.limitTexts(),
    reload: () => watch.reload(),
    close: () => opened.close(),
  };
}

interface Parts extends Records, Watchers {
  readonly env: Environment;
  readonly clock: Clock;
  readonly quotas: Quotas;
  readonly promptCache: ReturnType<typeof openPromptCache>;
  readonly log: Logger;
  readonly storage: Storage;
  readonly database: Database;
  readonly access: Access;
  readonly organisations: ReturnType<typeof openOrganisations>;
  readonly live: LiveCatalog;
  readonly load: LoadMonitor;
  readonly resilience: Resilience;
  readonly responses: StoredResponsesDeps;
  readonly feedback: ReturnType<typeof openFeedback>;
  readonly trials: Awaited<ReturnType<typeof openTrials>>;
  readonly listeners: Listeners;
  /** Where parts of forms wait that cannot be sent yet. */
  readonly uploadFolder: string;
}

/** Who is told of what happens, and is opened after those who tell. */
interface Listeners {
  heard: ((opinion: Opinion) => void) | undefined;
  mirror: Shadow | undefined;
}

/** Feeds all who keep or watch what happens with what has happened. */
function recorderOf(parts: Parts): Recorder {
  const { clock, live, writer, metrics, objectives, alerting, vigilant, promptCache, trials, listeners } = parts;
  return createRecorder({
    sink: writer,
    policyOf: recordPolicies(() => live.config.records),
    clock,
    observe(record, call, texts) {
      metrics.calls.observeCall(record);
      objectives.tracker.observe(record);
      alerting.alerts.observe(record);
      vigilant.vigilance.observe(call, record);
      promptCache.observe(call, record);
      trials.observe(record, call, texts);
      listeners.mirror?.observe(record, call, texts);
    },
    inFlight: (change) => metrics.calls.inFlight(change),
  });
}

/** The front door, with the pipeline behind it and the rooms' own routes beside it. */
async function buildServer(parts: Parts, settings: Config['server'], opened: OpenedParts): Promise<EdgeServer> {
  const { clock, log, database, access, live, load, responses, feedback, writer, metrics, quotas, vigilant } = parts;
  const { trials } = parts;
  const recorder = recorderOf(parts);
  const catalog = (): ModelCatalog => live.current;
  const choosing = await openChoosing({ ...parts, recorder }, opened);
  const { semantic, routing, shadow } = choosing;
  parts.listeners.heard = routing.heard;
  parts.listeners.mirror = shadow;
  const cache = await openCache({ ...parts, semantic, registry: metrics.registry }, opened);
  return createServer({
    handler: buildPipeline({
      recorder,
      shield: {
        load,
        random: Math.random,
        refuseAddress: (call) => addressRefusal(vigilant.blocks, call) ?? quotas.gate.refuse(call),
        onShed: (priority) => metrics.shed.observeShed(priority),
      },
      access: access.directory,
      block: vigilant.blocks,
      assign: { catalog, mayUseModel, rollouts: trials.rollouts },
      prompts: choosing.prompts,
      responses,
      quotas: quotas.stageDeps(metrics),
      own: openOwnership(database, live, clock, log),
      cache: cache.stage,
      promptCache: parts.promptCache.stage,
      route: routing.stage,
      cascade: choosing.cascade,
      attempt: parts.resilience,
    }),
    refuse: recorder.refuse,
    identify: (call) => vigilant.identify(call, (one) => identify(one, access.directory)),
    listModels: (principal) => listModels(catalog(), principal),
    limits: edgeLimits(parts, settings),
    clock,
    adminRoutes: [
      adminKeyRoutes(parts),
      parts.organisations.routes,
      traceRoutes({ database, writer, feedback: feedback.store }),
      conversationRoutes({ database, writer, feedback: feedback.store }),
      savingsRoutes({ database, writer }),
      feedback.listRoutes,
      adminPriceRoutes(parts),
      adminTargetRoutes(parts.resilience),
      ...quotas.routes,
      vigilant.routes,
      parts.eventRoutes,
      parts.objectives.routes,
      parts.alerting.routes,
      parts.promptCache.routes,
      cache.routes,
      trials.routes,
      shadow.routes,
      ...routing.routes,
    ],
    checkAdminKey: (key) => access.adminKey.check(key),
    clientRoutes: [feedback.routes],
    publicRoutes: [metricsRoutes(metrics)],
    // The database is not on the request path, so its absence does not make this process unready.
    readiness: () => ({ ready: true, reasons: parts.storage.answers ? [] : ['the database does not answer'] }),
    log,
  });
}

function edgeLimits({ live, uploadFolder }: Parts, settings: Config['server']) {
  return {
    bodyLimitBytes: settings.bodyLimit,
    uploads: { limitBytes: settings.uploadLimit, folder: uploadFolder },
    trustedProxies: settings.trustedProxies,
    get drainTimeoutMs() {
      return live.config.server.drainTimeout;
    },
  };
}

function adminKeyRoutes({ access, storage, live }: Parts) {
  return accessRoutes({
    keys: access.keys,
    providerKeys: access.providerKeys,
    keysChanged: () => access.directory.refresh(),
    providerKeysChanged: () => storage.refresh(),
    providerNames: () => live.current.providers.map(({ name }) => name),
  });
}

function adminPriceRoutes({ storage, database, live, clock, writer }: Parts) {
  const desk = openPriceDesk(database, live, clock);
  return pricingRoutes({ desk, clock, writer, pricesChanged: () => storage.refresh() });
}

/** Those that the caller's key may ask for. */
function listModels(catalog: ModelCatalog, principal: Principal) {
  const entries = catalog.entries().filter(({ id }) => mayUseModel(principal, id));
  return entries.map((entry) => ({ ...entry, createdAt: undefined }));
}

/** A bad file keeps the old configuration in force and says so. */
function followConfig({ env, loaded, configPath }: AppOptions, live: LiveCatalog, log: Logger): ConfigWatch {
  return watchConfig({
    path: configPath,
    env,
    current: loaded,
    onChange({ config }, { restart }) {
      live.replace({ config });
      log.level = config.log.level;
      log.info({ file: configPath }, 'the configuration was read again and is in force');
      if (restart.length > 0) log.warn({ keys: restart }, 'these settings wait for the next start');
    },
    onError(err) {
      const reason = err instanceof ConfigError ? { problems: err.problems } : { err };
      log.error(reason, 'the configuration cannot be used; the one before stays in force');
    },
  });
}
