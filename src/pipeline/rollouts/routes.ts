import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FastifyInstance } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

import { describedAs } from '../../records/listing/described.ts';
import { pageOf } from '../../records/listing/page.ts';
import { type Query, readLimit, readTextCursor, refuseUnknown, textCursor } from '../../records/listing/query.ts';
import type { DefinitionDesk } from './definition-desk.ts';
import { notFound } from './not-found.ts';
import type { Rollout, RolloutKind } from './definition.ts';
import type { RolloutDirectory } from './directory/rollout-directory.ts';
import { rolloutSections } from './settings.ts';
import type { TallyBook } from './tallies/tally-book.ts';
import type { TallyStore } from './tallies/tally-store.ts';
import { FlagView, RouteView, commonView, flagView } from './views/rollout-view.ts';
import {
  CanaryView,
  ExperimentView,
  type Seen,
  canaryTrialOf,
  canaryView,
  experimentTrialOf,
  experimentView,
} from './views/trial-view.ts';
import { CANARY_ACTIONS, type CanaryWord, type Steering } from './watch/steering.ts';

export interface RolloutRouteDeps {
  readonly directory: Pick<RolloutDirectory, 'list' | 'find' | 'stateOf'>;
  readonly desk: Pick<DefinitionDesk, 'put' | 'remove'>;
  readonly steering: Pick<Steering, 'canary' | 'restartExperiment'>;
  /** What was seen a moment ago is shown as well. */
  readonly book: Pick<TallyBook, 'flush'>;
  readonly tallies: Pick<TallyStore, 'of'>;
  readonly judged: Seen['judged'];
  readonly now: () => number;
}

/** What routes of one kind need to know of it. */
interface Described<Kind extends RolloutKind> {
  readonly kind: Kind;
  /** Under `/admin/v1/`. */
  readonly path: string;
  /** As in "a flag". */
  readonly called: string;
  readonly name: string;
  readonly body: TSchema;
  readonly view: TSchema;
  /** What replacing it does. */
  readonly replacing: string;
  /** @throws storage_unavailable */
  readonly shown: (rollouts: readonly Rollout<Kind>[]) => Promise<readonly object[]>;
}

const asked = (description: string) => Type.Optional(Type.String({ description }));
const LISTING = Type.Object({
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const Gone = Type.Object({ id: Type.String(), deleted: Type.Literal(true) });
const SETTINGS = Type.Object(
  {},
  { additionalProperties: true, description: "In place of the model's own settings: fields of `models.<name>`" },
);
const BODIES = rolloutSections(SETTINGS);
const ROUTE = Type.Object({
  route: Type.Object({}, { additionalProperties: true, description: 'As in `models.<name>.route`' }),
});

const described = describedAs('rollouts');

/** `/admin/v1/flags`, `experiments`, `canaries` and `routes`, for whoever holds the admin key. */
export function rolloutRoutes(deps: RolloutRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    definitionRoutes(app, deps, {
      kind: 'flag',
      path: 'flags',
      called: 'a flag',
      name: "The flag's name",
      body: BODIES.flag,
      view: FlagView,
      replacing: 'whoever had it keeps it where its share does not fall',
      shown: async (flags) => flags.map(flagView),
    });
    definitionRoutes(app, deps, {
      kind: 'route',
      path: 'routes',
      called: 'a route that holds in place of the one of the model',
      name: "The model's name",
      body: ROUTE,
      view: RouteView,
      replacing: 'for everybody, before flags, experiments and canaries',
      shown: async (routes) => routes.map(commonView),
    });
    definitionRoutes(app, deps, {
      kind: 'experiment',
      path: 'experiments',
      called: 'an experiment',
      name: "The experiment's name",
      body: BODIES.experiment,
      view: ExperimentView,
      replacing: 'with another model, unit or arms, or another setting of one, it begins anew',
      shown: (experiments) => shownExperiments(deps, experiments),
    });
    definitionRoutes(app, deps, {
      kind: 'canary',
      path: 'canaries',
      called: 'a canary',
      name: "The canary's name",
      body: BODIES.canary,
      view: CanaryView,
      replacing: 'with another model, unit, setting or steps it begins anew',
      shown: (canaries) => shownCanaries(deps, canaries),
    });
    actionRoutes(app, deps);
  };
}

function definitionRoutes<Kind extends RolloutKind>(
  app: FastifyInstance,
  { directory, desk }: RolloutRouteDeps,
  { kind, path, called, name, body, view, replacing, shown }: Described<Kind>,
): void {
  const params = Type.Object({ id: Type.String({ description: name }) });
  const Page = Type.Object({ data: Type.Array(view), next: Type.Union([Type.String(), Type.Null()]) });
  const one = `/admin/v1/${path}/:id`;
  const shownOne = async (rollout: Rollout<Kind> | undefined, id: string): Promise<object> => {
    const [found] = rollout ? await shown([rollout]) : [];
    if (!found) throw notFound(kind, id);
    return found;
  };
  type ById = { Params: Static<typeof params> };

  app.get<{ Querystring: Query }>(
    `/admin/v1/${path}`,
    described({ summary: `All of /admin/v1/${path}, by name, and how they stand`, querystring: LISTING }, Page),
    async ({ query }) => {
      refuseUnknown(query, Object.keys(LISTING.properties));
      const [limit, after] = [readLimit(query), readTextCursor(query)];
      const beyond = directory.list(kind).filter(({ id }) => after === undefined || id > after);
      const { page, next } = pageOf(beyond, limit, ({ id }) => textCursor(id));
      return { data: await shown(page), next };
    },
  );
  app.get<ById>(one, described({ summary: `Show ${called}`, params }, view), ({ params: { id } }) =>
    shownOne(directory.find(kind, id), id),
  );
  app.put<ById & { Body: unknown }>(
    one,
    described({ summary: `Make ${called}, or replace it: ${replacing}`, params, body }, view),
    async ({ params: { id }, body: sent }) => shownOne(await desk.put(kind, id, sent), id),
  );
  app.delete<ById>(
    one,
    described({ summary: `Delete ${called}, and what was counted of it`, params }, Gone),
    async ({ params: { id } }) => {
      await desk.remove(kind, id);
      return { id, deleted: true as const };
    },
  );
}

const DOES: Readonly<Record<CanaryWord, string>> = {
  promote: 'Give the candidate all requests',
  advance: 'Let a canary go on to its next step at once',
  rollback: 'Take a canary back: no request goes to the candidate from now on',
  pause: 'Keep a canary at its step; harm takes it back all the same',
  resume: 'Let a canary go on that is paused or holds',
  restart: 'Begin a canary anew, at its first step',
};

function actionRoutes(app: FastifyInstance, deps: RolloutRouteDeps): void {
  const { directory, steering } = deps;
  const params = Type.Object({ id: Type.String() });
  for (const action of CANARY_ACTIONS) {
    app.post<{ Params: Static<typeof params> }>(
      `/admin/v1/canaries/:id/${action}`,
      described({ summary: DOES[action], params }, CanaryView),
      async ({ params: { id } }) => {
        await steering.canary(id, action);
        const canary = directory.find('canary', id);
        const [found] = canary ? await shownCanaries(deps, [canary]) : [];
        if (!found) throw notFound('canary', id);
        return found;
      },
    );
  }
  app.post<{ Params: Static<typeof params> }>(
    '/admin/v1/experiments/:id/restart',
    described({ summary: 'Begin an experiment anew: nothing is counted of it yet', params }, ExperimentView),
    async ({ params: { id } }) => {
      await steering.restartExperiment(id);
      const experiment = directory.find('experiment', id);
      const [found] = experiment ? await shownExperiments(deps, [experiment]) : [];
      if (!found) throw notFound('experiment', id);
      return found;
    },
  );
}

async function shownExperiments(
  { directory, book, tallies, judged, now }: RolloutRouteDeps,
  experiments: readonly Rollout<'experiment'>[],
): Promise<object[]> {
  const trials = experiments.map((one) => experimentTrialOf(one, directory.stateOf(one), now()));
  await book.flush();
  const rows = await tallies.of(trials.filter((trial) => trial !== undefined));
  const views: object[] = [];
  for (const [at, one] of experiments.entries()) {
    const trial = trials[at];
    views.push(trial ? experimentView(trial, { rows, judged }) : commonView(one));
    // A verdict takes milliseconds; requests go on in between.
    await nextTurn();
  }
  return views;
}

async function shownCanaries(
  { directory, book, tallies, judged, now }: RolloutRouteDeps,
  canaries: readonly Rollout<'canary'>[],
): Promise<object[]> {
  const trials = canaries.map((one) => canaryTrialOf(one, directory.stateOf(one), now()));
  await book.flush();
  const rows = await tallies.of(trials.filter((trial) => trial !== undefined));
  const views: object[] = [];
  for (const [at, one] of canaries.entries()) {
    const trial = trials[at];
    views.push(trial ? canaryView(trial, { rows, judged }, now()) : commonView(one));
    // Intervals take milliseconds; requests go on in between.
    await nextTurn();
  }
  return views;
}
