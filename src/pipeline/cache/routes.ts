import type { FastifyInstance } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

import { describedAs } from '../../records/listing/described.ts';
import { refuseUnknown } from '../../records/listing/query.ts';
import type { Purges } from './purges.ts';
import { readPurge } from './read-purge.ts';
import type { LevelStats } from './store/answer-store.ts';

export interface CacheRouteDeps {
  readonly purges: Pick<Purges, 'purge'>;
  /** What this process has in memory. */
  memory(): LevelStats;
  /** Undefined where no Redis is used, or it does not answer. */
  redis(): Promise<LevelStats | undefined>;
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
const State = Type.Object({
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
      described({ summary: 'What the exact cache holds, in memory and in Redis', ...shown(State) }),
      async ({ query }): Promise<Static<typeof State>> => {
        refuseUnknown(query, []);
        const redis = await deps.redis();
        return { memory: levelView(deps.memory()), redis: redis ? levelView(redis) : null };
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
