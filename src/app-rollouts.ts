import type { Logger } from 'pino';

import type { Storage } from './app-storage.ts';
import { readRollout } from './config/read-rollout.ts';
import { ConfigError, type Problem, joinKey } from './config/problems.ts';
import type { RolloutSection } from './config/schema.ts';
import type { Clock } from './core/clock.ts';
import { newId } from './core/ids.ts';
import { isJsonObject } from './core/json.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import type { DefinitionProblem, ReadDefinition, RolloutKind } from './pipeline/rollouts/definition.ts';
import { type OpenedRollouts, openRollouts } from './pipeline/rollouts/open-rollouts.ts';
import type { Events } from './records/events/event.ts';
import type { Registry } from './records/metrics/registry.ts';
import { registerRolloutMetrics } from './records/metrics/rollout-metrics.ts';

interface RolloutsParts {
  readonly storage: Storage;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
  readonly registry: Registry;
}

/** What is tried of virtual models: flags, experiments, canaries, and routes of the admin API. @throws storage_unavailable */
export async function openTrials(parts: RolloutsParts, opened: OpenedParts): Promise<OpenedRollouts> {
  const { storage, live, clock, log, events, registry } = parts;
  const made = await openRollouts({
    orm: storage.database.orm,
    revisions: storage,
    file: live.config,
    read: definitionReader(live),
    variant: (model, sets) => live.variant(model, sets),
    replica: newId('replica'),
    events,
    clock,
    scheduler: systemScheduler,
    random: Math.random,
    log,
  });
  opened.keep(made, (rollouts) => rollouts.close());
  live.watch(() => made.directory.setFile(live.config));
  registerRolloutMetrics(registry, made.readings);
  return made;
}

const SECTIONS = {
  route: 'flags',
  flag: 'flags',
  experiment: 'experiments',
  canary: 'canaries',
  shadow: 'shadows',
} as const satisfies Record<RolloutKind, RolloutSection>;

/** Reads definitions by the rules of the configuration file. A route is a flag that is on for everybody. */
export function definitionReader(live: Pick<LiveCatalog, 'config'>): ReadDefinition {
  return ((kind, id, body) => {
    const section = SECTIONS[kind];
    const isRoute = kind === 'route';
    if (isRoute && !isRouteAlone(body))
      return { problems: [{ key: 'route', message: 'nothing but route can be here' }] };
    try {
      const written = isRoute ? { model: id, set: body } : body;
      return { definition: readRollout(section, isRoute ? 'route' : id, written, live.config) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const prefix = isRoute ? 'flags.route.set.' : `${joinKey(section, id)}.`;
      return { problems: error.problems.map((problem) => withoutPrefix(problem, prefix)) };
    }
  }) as ReadDefinition;
}

function isRouteAlone(body: unknown): boolean {
  return isJsonObject(body) && Object.keys(body).every((name) => name === 'route');
}

/** As the body of a request has it. */
function withoutPrefix({ key, message }: Problem, prefix: string): DefinitionProblem {
  return { key: key.startsWith(prefix) ? key.slice(prefix.length) : key, message };
}
