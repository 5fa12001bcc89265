import type { FastifyInstance } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

import { describedAs } from '../../records/listing/described.ts';
import { refuseUnknown } from '../../records/listing/query.ts';
import type { Purges } from './purges.ts';
import { readPurge } from './read-purge.ts';
import type { FamilyView } from './semantic/families.ts';
import type { SemanticView } from './semantic/semantic-cache.ts';
import type { LevelStats } from './store/answer-store.ts';

export interface CacheRouteDeps {
  readonly purges: Pick<Purges, 'purge'>;
  /** What this process has in memory. */
  memory(): LevelStats;
  /** Undefined where no Redis is used, or it does not answer. */
  redis(): Promise<LevelStats | undefined>;
  /** What the semantic cache of this process holds and has learned. */
  semantic(): SemanticView;
}

const asked = (description: string) => Type.Optional(Type.String({ description }));
const PURGE = Type.Object({
  key: asked('One answer, as x-causeway-cache-key names it'),
  model: asked('As clients ask for it'),
  tag: asked('One of those that the request was sent with in x-causeway-cache-tags'),
  project: asked('Whose request it answered'),
  user: asked('The same'),
  prompt_version: asked('name@version of the prompt that was put in'),
  all: Type.Optional(Type.Boolean({ description: 'True, and nothing else: all answers of all projects' })),
});
const Purged = Type.Object({
  purged: Type.Integer({ description: 'Answers that were deleted in this process; the other replicas follow' }),
  at: Type.String({ description: 'RFC 3339: what was stored until then is gone' }),
});
const Level = Type.Object({
  entries: Type.Integer({ description: 'Answers that are held' }),
  bytes: Type.Integer({ description: 'What they take, bookkeeping included' }),
  max_bytes: Type.Integer({ description: 'What they may take' }),
  hits: Type.Integer({ description: 'Looks that found one, of this process since its start' }),
  misses: Type.Integer({ description: 'Looks that found none' }),
  evictions: Type.Integer({ description: 'Answers that were forgotten for want of room before they were over' }),
});
const Learned = Type.Object({
  project: Type.String(),
  model: Type.String({ description: 'As clients ask for it' }),
  space: Type.String({ description: 'Whose vectors they are' }),
  labels: Type.Integer({ description: 'Times when the model was asked and its answer compared' }),
  wrong_labels: Type.Integer({ description: 'Of these, times when the kept answer would have been wrong' }),
  serves_from: Type.Union([Type.Number(), Type.Null()], {
    description: 'The standing from which on kept answers are given; null = not enough is known, and none are',
  }),
  max_error_rate: Type.Number({
    description: 'Of the answers given by meaning, how many may be wrong: the bound of the settings',
  }),
  confidence: Type.Number({ description: 'How sure that has to be' }),
  error_bound: Type.Union([Type.Number(), Type.Null()], {
    description: 'What the labels bound the share of wrong answers by, at that confidence; null while none are given',
  }),
  decisions: Type.Integer({ description: 'Requests that had a neighbour' }),
  served: Type.Integer({ description: 'Of these, those that were given its answer' }),
  alarms: Type.Integer({ description: 'Times when what had been learned was no longer true, and was thrown away' }),
});
const Semantic = Type.Object({
  entries: Type.Integer({ description: 'Requests that are kept with their vectors and answers' }),
  bytes: Type.Integer({ description: 'What they take' }),
  learned: Type.Array(Learned, { description: 'By project, model and vectors; the 100 with most decisions' }),
});
const State = Type.Object({
  semantic: Semantic,
  memory: Level,
  redis: Type.Union([Level, Type.Null()], { description: 'null = there is none, or it does not answer' }),
});

const described = describedAs('cache');
const shown = (answer: TSchema) => ({ response: { 200: answer } });

/** `/admin/v1/cache`, for whoever holds the admin key. */
export function cacheRoutes(deps: CacheRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.get<{ Querystring: Record<string, unknown> }>(
      '/admin/v1/cache',
      described({
        summary: 'What this process and Redis keep of answers, and what the semantic cache has learned',
        ...shown(State),
      }),
      async ({ query }): Promise<Static<typeof State>> => {
        refuseUnknown(query, []);
        const redis = await deps.redis();
        const memory = levelView(deps.memory());
        return { memory, redis: redis ? levelView(redis) : null, semantic: semanticView(deps.semantic()) };
      },
    );
    app.post<{ Body: unknown }>(
      '/admin/v1/cache/purge',
      described({
        summary: 'Delete kept answers that have all that is named, on all replicas, with what means the same',
        body: PURGE,
        ...shown(Purged),
      }),
      async ({ body }): Promise<Static<typeof Purged>> => {
        const { purged, at } = await deps.purges.purge(readPurge(body));
        return { purged, at: new Date(at).toISOString() };
      },
    );
  };
}

function levelView({ entries, bytes, maxBytes, hits, misses, evictions }: LevelStats): Static<typeof Level> {
  return { entries, bytes, max_bytes: maxBytes, hits, misses, evictions };
}

const MOST_LEARNED = 100;

function semanticView({ entries, bytes, families }: SemanticView): Static<typeof Semantic> {
  const most = families.toSorted((a, b) => b.decisions - a.decisions).slice(0, MOST_LEARNED);
  return { entries, bytes, learned: most.map(learnedView) };
}

function learnedView(family: FamilyView): Static<typeof Learned> {
  const { project, model, space, labels, wrongLabels, servesFrom, decisions, served, alarms } = family;
  return {
    project,
    model,
    space,
    labels,
    wrong_labels: wrongLabels,
    serves_from: servesFrom,
    max_error_rate: family.maxErrorRate,
    confidence: family.confidence,
    error_bound: family.errorBound,
    decisions,
    served,
    alarms,
  };
}
