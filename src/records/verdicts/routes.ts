import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Database } from '../../storage/database/database.ts';
import { describedAs } from '../listing/described.ts';
import type { Query } from '../listing/query.ts';
import { MOST_DAYS, VERDICT_GROUPS, type VerdictQuestion, readVerdictQuestion } from './verdict-question.ts';
import { type VerdictSeries, VerdictStore } from './verdict-store.ts';

export interface VerdictRouteDeps {
  readonly database: Pick<Database, 'orm'>;
  /** Writes what waits, so that a verdict is there right after its request. */
  readonly writer: { flush(timeoutMs: number): Promise<void> };
  readonly clock: Clock;
}

const FLUSH_MS = 100;
/** More lines than anybody tells apart. */
const MOST_GROUPS = 200;

const asked = (description: string) => Type.Optional(Type.String({ description }));
const VERDICTS = Type.Object({
  by: asked(`Any of ${VERDICT_GROUPS.join(', ')}, separated by commas; verdict where absent`),
  ...Object.fromEntries(VERDICT_GROUPS.map((group) => [group, asked(`Only this ${group}`)])),
  since: asked(
    `From this time on: RFC 3339, or milliseconds since 1970; a day before \`until\` where absent, at most ${MOST_DAYS}`,
  ),
  until: asked('Before this time: RFC 3339, or milliseconds since 1970; now where absent'),
});

const VerdictSeriesView = Type.Object(
  {
    total: Type.Integer(),
    counts: Type.Array(Type.Integer(), { description: 'One a point' }),
  },
  { description: 'Preceded by what it is grouped by, e.g. `verdict`', additionalProperties: true },
);

const VerdictsView = Type.Object({
  since: Type.String({
    description: 'RFC 3339; as asked, or up to a quarter of an hour earlier, and never before `kept_since`',
  }),
  until: Type.String({ description: 'RFC 3339; never after the quarter of an hour that is going on' }),
  kept_since: Type.String({ description: 'RFC 3339; nothing is known of what was before' }),
  slot_seconds: Type.Integer({ description: 'Of one point; the first begins at `since`' }),
  started_at: Type.Array(Type.String({ description: 'RFC 3339' })),
  data: Type.Array(VerdictSeriesView, { description: 'The most frequent first' }),
  totals: Type.Object({ verdicts: Type.Integer() }),
  next: Type.Null(),
});

const described = describedAs('records');

/** `GET /admin/v1/guards/verdicts`, for whoever may see what happens. */
export function verdictRoutes({ database, writer, clock }: VerdictRouteDeps): (app: FastifyInstance) => void {
  const store = new VerdictStore(database);
  return (app) => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/guards/verdicts',
      described({ summary: 'How often guards said what, over time', querystring: VERDICTS }, VerdictsView),
      async ({ query }) => {
        const question = readVerdictQuestion(query, clock.now());
        await writer.flush(FLUSH_MS);
        const series = await store.series(question, MOST_GROUPS + 1);
        if (series.length > MOST_GROUPS) throw tooMany();
        return verdictsView(question, series);
      },
    );
  };
}

function verdictsView({ by, from, until, unitMs, keptSince }: VerdictQuestion, series: readonly VerdictSeries[]) {
  const starts = Array.from({ length: Math.ceil((until - from) / unitMs) }, (_, at) => from + at * unitMs);
  return {
    since: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    kept_since: new Date(keptSince).toISOString(),
    slot_seconds: unitMs / 1000,
    started_at: starts.map((at) => new Date(at).toISOString()),
    data: series.map(({ group, total, points }) => ({
      // Nobody is null, as elsewhere.
      ...Object.fromEntries(by.map((name, at) => [name, group[at] === '' ? null : group[at]])),
      total,
      counts: starts.map((_, at) => points.get(at) ?? 0),
    })),
    totals: { verdicts: series.reduce((sum, { total }) => sum + total, 0) },
    next: null,
  };
}

function tooMany(): GatewayError {
  return new GatewayError('request_invalid', {
    message: `These are over ${MOST_GROUPS} groups. Group by less, or ask for one project, policy or guard.`,
    param: 'by',
  });
}
