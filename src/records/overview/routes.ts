import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import type { Database } from '../../storage/database/database.ts';
import { describedAs } from '../listing/described.ts';
import { type Query, readPeriod, readText, refuseUnknown } from '../listing/query.ts';
import { OverviewView } from './overview-schema.ts';
import { OverviewStore } from './overview-store.ts';
import { overviewView } from './overview-view.ts';
import { MOST_DAYS, earlier, keptSince, windowOf } from './overview-window.ts';

export interface OverviewRouteDeps {
  readonly database: Pick<Database, 'orm'>;
  /** Writes what waits, so that a request is there right after it ended. */
  readonly writer: { flush(timeoutMs: number): Promise<void> };
  readonly clock: Clock;
}

/** Whoever looks at an overview looks again soon, and would rather see it now. */
const FLUSH_MS = 100;

const asked = (description: string) => Type.Optional(Type.String({ description }));
const OVERVIEW = Type.Object({
  since: asked(
    `From this time on: RFC 3339, or milliseconds since 1970; a day before \`until\` where absent, at most ${MOST_DAYS}`,
  ),
  until: asked('Before this time: RFC 3339, or milliseconds since 1970; now where absent'),
  project: asked('Only this project'),
  virtual_model: asked('Only this model, by a name that `top.models_by_requests` has'),
});

const described = describedAs('records');

/** `GET /admin/v1/overview`, for whoever may see what happens. */
export function overviewRoutes({ database, writer, clock }: OverviewRouteDeps): (app: FastifyInstance) => void {
  const store = new OverviewStore(database);
  return (app) => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/overview',
      described(
        { summary: 'What happens, what it costs, and what changed against the time before', querystring: OVERVIEW },
        OverviewView,
      ),
      async ({ query }) => {
        refuseUnknown(query, Object.keys(OVERVIEW.properties));
        const now = clock.now();
        const window = windowOf(readPeriod(query), now);
        const filter = { project: readText(query, 'project'), model: readText(query, 'virtual_model') };
        await writer.flush(FLUSH_MS);
        const then = earlier(window);
        const [points, before, names] = await Promise.all([
          store.points(window, filter),
          store.whole(then, filter),
          store.names(window, then, filter),
        ]);
        return overviewView({ window, keptSince: keptSince(now), points, before, names });
      },
    );
  };
}
