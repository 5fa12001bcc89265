import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { describedAs } from '../../records/listing/described.ts';
import { pageOf } from '../../records/listing/page.ts';
import {
  type Query,
  positionCursor,
  readLimit,
  readPeriod,
  readPosition,
  readText,
  refuseUnknown,
} from '../../records/listing/query.ts';
import { UUID } from '../uuid.ts';
import type { AuditStore, StoredAuditEntry } from './audit-store.ts';

const asked = (description: string) => Type.Optional(Type.String({ description }));
const orNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);
const LISTING = Type.Object({
  actor: asked('Exactly this name'),
  action: asked('Method and route, e.g. PUT /admin/v1/budgets/:id; or sign-in, sign-out, reload'),
  subject: asked('This, and what is under it, e.g. budgets or budgets/support'),
  since: asked('From this time on: RFC 3339, a date, or milliseconds since 1970'),
  until: asked('Before this time'),
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const AuditView = Type.Object({
  id: Type.String(),
  at: Type.String({ description: 'RFC 3339' }),
  actor: Type.String({ description: 'Who; `unknown` where nobody knows' }),
  role: orNull('admin, editor or viewer'),
  signed_in_by: orNull('admin-key, operator-key or single-sign-on'),
  address: Type.String(),
  action: Type.String(),
  subject: Type.String({ description: 'What was changed' }),
  project: orNull('Whose it is'),
  status: Type.Number({ description: 'The HTTP status of the answer' }),
  before: Type.Unknown({ description: 'As it was; null where there was nothing, or nothing can be shown' }),
  after: Type.Unknown({ description: 'As it is' }),
});
const AuditList = Type.Object({ data: Type.Array(AuditView), next: orNull('The `cursor` of the next page') });

/** `GET /admin/v1/audit`. */
export function auditRoutes({ store }: { readonly store: Pick<AuditStore, 'list'> }) {
  return (app: FastifyInstance): void => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/audit',
      describedAs('operators')({ summary: 'Who changed what, the newest first', querystring: LISTING }, AuditList),
      async ({ query }) => {
        refuseUnknown(query, Object.keys(LISTING.properties));
        const limit = readLimit(query);
        const filter = {
          actor: readText(query, 'actor'),
          action: readText(query, 'action'),
          subject: readText(query, 'subject'),
          ...readPeriod(query),
        };
        const found = await store.list(filter, limit + 1, readPosition(query, UUID));
        const { page, next } = pageOf(found, limit, positionCursor);
        return { data: page.map(viewOf), next };
      },
    );
  };
}

function viewOf({ id, at, signedInBy, ...entry }: StoredAuditEntry): Static<typeof AuditView> {
  return { id, at: at.toISOString(), signed_in_by: signedInBy, ...entry };
}
