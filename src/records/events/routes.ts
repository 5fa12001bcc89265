import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { describedAs } from '../listing/described.ts';
import { pageOf } from '../listing/page.ts';
import { type Query, positionCursor } from '../listing/query.ts';
import type { EventLog } from './event-log.ts';
import { readEventListing } from './event-query.ts';
import type { EventStore } from './event-store.ts';
import { EVENT_KINDS, SEVERITIES, type StoredEvent } from './event.ts';

export interface EventRouteDeps {
  readonly store: Pick<EventStore, 'list'>;
  /** What it was told is written before it is shown. */
  readonly log: Pick<EventLog, 'flush'>;
}

const FLUSH_MS = 2000;

const described = describedAs('records');

const asked = (description: string) => Type.Optional(Type.String({ description }));
const orNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);
const LISTING = Type.Object({
  kind: asked(Object.keys(EVENT_KINDS).join(', ')),
  severity: asked(SEVERITIES.join(', ')),
  subject: asked('Exactly this one, e.g. key:key_3f9c…'),
  since: asked('From this time on: RFC 3339, or milliseconds since 1970'),
  until: asked('Before this time'),
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const EventView = Type.Object({
  id: Type.String(),
  at: Type.String({ description: 'RFC 3339' }),
  kind: Type.String({ description: Object.keys(EVENT_KINDS).join(', ') }),
  severity: Type.String({ description: SEVERITIES.join(', ') }),
  subject: Type.String({ description: 'Who or what it is about' }),
  evidence: Type.Unknown({ description: 'Numbers and names that show it' }),
  resolved_at: orNull('When it was over, if it is something that ends'),
});
const EventList = Type.Object({ data: Type.Array(EventView), next: orNull('The `cursor` of the next page') });

/** `GET /admin/v1/events`, for whoever holds the admin key. */
export function eventRoutes({ store, log }: EventRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/events',
      described({ summary: 'What operators should know, the newest first', querystring: LISTING }, EventList),
      async ({ query }) => {
        const { filter, limit, after } = readEventListing(query);
        if (!after) await log.flush(FLUSH_MS);
        const found = await store.list(filter, limit + 1, after);
        const { page, next } = pageOf(found, limit, positionCursor);
        return { data: page.map(eventView), next };
      },
    );
  };
}

function eventView({ id, at, kind, severity, subject, evidence, resolvedAt }: StoredEvent): Static<typeof EventView> {
  const resolved_at = resolvedAt?.toISOString() ?? null;
  return { id, at: at.toISOString(), kind, severity, subject, evidence, resolved_at };
}
