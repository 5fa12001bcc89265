import { join } from 'node:path';

import type { Logger } from 'pino';
import type { Access } from './app-access.ts';
import { openCache } from './app-cache.ts';
import { openChoosing } from './app-choosing.ts';
import type { openFeedback } from './app-feedback.ts';
import type { OpenedConfig } from './app-config.ts';
import { listingRoutes } from './app-listing.ts';
import type { openOrganisations } from './app-organisations.ts';
import { type Guards, openGuards } from './app-guards.ts';
import type { Operators } from './app-operators.ts';
import { openOwnership } from './app-ownership.ts';
import { openPriceDesk } from './app-pricing.ts';
import { openLive } from './app-live.ts';
import { openRoutePreview } from './app-route-preview.ts';
import { openReviewRoom } from './app-reviews.ts';
import { openStatus } from './app-status.ts';
import type { Records } from './app-records.ts';
import type { Resilience } from './app-resilience.ts';
import type { Quotas } from './app-quotas.ts';
import type { openPromptCache } from './app-prompt-cache.ts';
import type { openTrials } from './app-rollouts.ts';
import type { Storage } from './app-storage.ts';
import { adminTargetRoutes } from './app-targets.ts';
import type { Watchers } from './app-watchers.ts';
import type { Config, Environment } from './config/config.ts';
import type { Principal } from './core/call.ts';
import type { Clock } from './core/clock.ts';
import type { StageTiming } from './core/stage-times.ts';
import type { ConsoleFiles } from './edge/console/console-files.ts';
import { type EdgeServer, createServer } from './edge/server.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { ModelCatalog } from './models/catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { accessRoutes } from './pipeline/access/routes.ts';
import { identify, mayUseModel } from './pipeline/access/stage.ts';
import { buildPipeline } from './pipeline/pipeline.ts';
import { pricingRoutes } from './pipeline/pricing/routes.ts';
import type { Opinion } from './pipeline/routing/examples/learner.ts';
import { SHADOW_ENDPOINT } from './pipeline/shadow/mirrored-call.ts';
import type { Shadow } from './pipeline/shadow/open-shadow.ts';
import type { LoadMonitor } from './pipeline/shield/load-monitor.ts';
import type { StoredResponsesDeps } from './pipeline/stored-responses/deps.ts';
import { type Recorder, createRecorder } from './pipeline/recording/stage.ts';
import { addressRefusal } from './pipeline/vigilance/stage.ts';
import { facetRoutes } from './records/facets/routes.ts';
import { Pulse } from './records/live/pulse.ts';
import { recordPolicies } from './records/policies.ts';
import { metricsRoutes } from './records/metrics/routes.ts';
import type { OtelExport } from './records/otel/otel-export.ts';
import { overviewRoutes } from './records/overview/routes.ts';
import { savingsRoutes } from './records/savings/routes.ts';
import { conversationRoutes } from './records/traces/conversations/routes.ts';
import { traceRoutes } from './records/traces/routes.ts';
import { verdictRoutes } from './records/verdicts/routes.ts';
import type { Database } from './storage/database/database.ts';
import type { CacheRoom } from './app-cache.ts';
import type { Choosing } from './app-choosing.ts';

/** Every part that the front door or its corridor needs. */
export interface ServerParts extends Records, Watchers {
  readonly env: Environment;
  readonly clock: Clock;
  readonly quotas: Quotas;
  readonly promptCache: ReturnType<typeof openPromptCache>;
  readonly log: Logger;
  readonly storage: Storage;
  readonly database: Database;
  readonly access: Access;
  readonly organisations: ReturnType<typeof openOrganisations>;
  readonly operators: Operators;
  readonly live: LiveCatalog;
  readonly config: OpenedConfig;
  readonly load: LoadMonitor;
  readonly otel: OtelExport | undefined;
  readonly resilience: Resilience;
  readonly responses: StoredResponsesDeps;
  readonly feedback: ReturnType<typeof openFeedback>;
  readonly trials: Awaited<ReturnType<typeof openTrials>>;
  readonly listeners: Listeners;
  readonly dataDir: string;
  /** The metrics as `/metrics` shows them. */
  readonly exposeMetrics: () => string | Promise<string>;
  readonly console: ConsoleFiles | undefined;
}

/** Who is told of what happens, and is opened after those who tell. */
export interface Listeners {
  heard: ((opinion: Opinion) => void) | undefined;
  mirror: Shadow | undefined;
  guards: Guards | undefined;
}

/** Feeds all who keep or watch what happens with what has happened. */
function recorderOf(parts: ServerParts, pulse: Pulse): Recorder {
  const { clock, live, writer, metrics, objectives, alerting, vigilant, promptCache, trials, listeners } = parts;
  return createRecorder({
    sink: writer,
    policyOf: recordPolicies(() => live.config.records),
    clock,
    observe(record, call, texts) {
      metrics.calls.observeSoon(record);
      pulse.observe(record);
      // What is mirrored is no user's doing, and no user's experience.
      if (record.endpoint === SHADOW_ENDPOINT) return;
      objectives.tracker.observe(record);
      alerting.alerts.observe(record);
      vigilant.vigilance.observe(call, record);
      promptCache.observe(call, record);
      trials.observe(record, call, texts);
      listeners.mirror?.observe(record, call, texts);
      listeners.guards?.observe(record, call);
    },
    inFlight(change) {
      metrics.calls.inFlight(change);
      pulse.inFlight(change);
    },
  });
}

/** The front door, with the pipeline behind it and the rooms' own routes beside it. */
export async function buildServer(
  parts: ServerParts,
  settings: Config['server'],
  opened: OpenedParts,
): Promise<EdgeServer> {
  const { clock, log, database, access, live, load, responses, feedback, metrics, quotas, vigilant, trials } = parts;
  const pulse = new Pulse();
  const recorder = recorderOf(parts, pulse);
  const choosing = await openChoosing({ ...parts, recorder }, opened);
  const { semantic, routing, shadow } = choosing;
  parts.listeners.heard = (opinion) => routing.heard(opinion);
  parts.listeners.mirror = shadow;
  const cache = await openCache({ ...parts, semantic, registry: metrics.registry }, opened);
  const reviews = openReviewRoom(
    { ...parts, registry: metrics.registry, run: (call) => pipeline.admitted(call) },
    opened,
  );
  const guards = openGuards({ ...parts, ownCalls: choosing.ownCalls, reviews: reviews.desk }, opened);
  parts.listeners.guards = guards;
  const following = openLive({ ...parts, pulse, reviewsWaiting: () => reviews.countWaitingNow() }, opened);
  const pipeline = buildPipeline({
    recorder,
    shield: {
      load,
      random: Math.random,
      refuseAddress: (call) => addressRefusal(vigilant.blocks, call) ?? quotas.gate.refuse(call),
      onShed: (priority) => metrics.shed.observeShed(priority),
    },
    access: access.directory,
    block: vigilant.blocks,
    assign: { catalog: (): ModelCatalog => live.current, mayUseModel, rollouts: trials.rollouts },
    prompts: choosing.prompts,
    responses,
    quotas: quotas.stageDeps(metrics),
    own: openOwnership(database, live, clock, log),
    screen: guards.stage,
    cache: cache.stage,
    structured: guards.structured,
    promptCache: parts.promptCache.stage,
    route: routing.stage,
    cascade: choosing.cascade,
    attempt: parts.resilience,
    timing: stageTiming(parts),
  });
  return createServer({
    handler: pipeline.all,
    refuse: recorder.refuse,
    identify: (call) => vigilant.identify(call, (one) => identify(one, access.directory)),
    listModels: (principal) => listModels(live.current, principal),
    limits: edgeLimits(parts, settings),
    clock,
    adminRoutes: adminRoutes(parts, { cache, choosing, reviews, guards, following }),
    operators: parts.operators.door,
    clientRoutes: [feedback.routes, reviews.clientRoutes],
    publicRoutes: [metricsRoutes({ registry: { expose: parts.exposeMetrics } }), ...parts.operators.publicRoutes],
    // The database is not on the request path, so its absence does not make this process unready.
    readiness: () => ({ ready: true, reasons: parts.storage.answers ? [] : ['the database does not answer'] }),
    log,
    ...(parts.console && { console: parts.console }),
  });
}

/** How long the stages take, of a few requests. */
function stageTiming({ live, clock, metrics }: ServerParts): StageTiming {
  const { stageTimes: oneOf } = live.config.telemetry;
  return { oneOf, clock, took: (stage, ownMs) => metrics.stages.observe(stage, ownMs) };
}

interface OpenedRooms {
  readonly cache: Pick<CacheRoom, 'routes'>;
  readonly choosing: Choosing;
  readonly reviews: Pick<ReturnType<typeof openReviewRoom>, 'routes'>;
  readonly guards: Pick<Guards, 'routes'>;
  readonly following: ReturnType<typeof openLive>;
}

/** What operators may ask. */
function adminRoutes(parts: ServerParts, { cache, choosing, reviews, guards, following }: OpenedRooms) {
  const { database, feedback, writer, quotas, vigilant, trials } = parts;
  return [
    adminKeyRoutes(parts),
    parts.organisations.routes,
    traceRoutes({ database, writer, feedback: feedback.store }),
    conversationRoutes({ database, writer, feedback: feedback.store }),
    savingsRoutes({ database, writer }),
    overviewRoutes(parts),
    verdictRoutes(parts),
    feedback.listRoutes,
    adminPriceRoutes(parts),
    adminTargetRoutes(parts.resilience),
    listingRoutes({ ...parts, origins: parts.config.origins }),
    parts.config.routes(trials),
    openStatus({ ...parts, vectors: choosing.vectors }),
    ...quotas.routes,
    vigilant.routes,
    parts.eventRoutes,
    parts.objectives.routes,
    parts.alerting.routes,
    parts.promptCache.routes,
    cache.routes,
    trials.routes,
    choosing.shadow.routes,
    reviews.routes,
    guards.routes,
    following,
    facetRoutes(parts),
    ...choosing.routing.routes,
    openRoutePreview(parts, choosing),
    ...parts.operators.adminRoutes,
  ];
}

function edgeLimits({ live, dataDir }: ServerParts, settings: Config['server']) {
  return {
    bodyLimitBytes: settings.bodyLimit,
    // Where parts of forms wait that cannot be sent yet.
    uploads: { limitBytes: settings.uploadLimit, folder: join(dataDir, 'uploads') },
    trustedProxies: settings.trustedProxies,
    get drainTimeoutMs() {
      return live.config.server.drainTimeout;
    },
  };
}

function adminKeyRoutes({ access, storage, live }: ServerParts) {
  return accessRoutes({
    keys: access.keys,
    providerKeys: access.providerKeys,
    keysChanged: () => access.directory.refresh(),
    providerKeysChanged: () => storage.refresh(),
    providerNames: () => live.current.providers.map(({ name }) => name),
  });
}

function adminPriceRoutes({ storage, database, live, clock, writer }: ServerParts) {
  const desk = openPriceDesk(database, live, clock);
  return pricingRoutes({ desk, clock, writer, pricesChanged: () => storage.refresh() });
}

/** Those that the caller's key may ask for. */
function listModels(catalog: ModelCatalog, principal: Principal) {
  const entries = catalog.entries().filter(({ id }) => mayUseModel(principal, id));
  return entries.map((entry) => ({ ...entry, createdAt: undefined }));
}
