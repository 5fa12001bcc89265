import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { type Clock, systemClock } from '../../../core/clock.ts';
import { GatewayError } from '../../../core/errors.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { Database } from '../../../storage/database/database.ts';
import { storableText } from '../../../storage/database/storable.ts';
import type { FeedbackReader } from '../feedback-of.ts';
import { describedAs } from '../../listing/described.ts';
import { pageOf } from '../../listing/page.ts';
import {
  type Query,
  WITH_DASHES,
  invalid,
  positionCursor,
  readLimit,
  readPeriod,
  readPosition,
  readText,
  refuseUnknown,
} from '../../listing/query.ts';
import { ConversationStore } from './conversation-store.ts';
import { ConversationList, ThreadView, type TurnView, conversationView, turnView } from './conversation-view.ts';
import type { Conversation } from './conversation.ts';

export interface ConversationRouteDeps {
  readonly database: Pick<Database, 'kind' | 'orm'>;
  /** Writes what waits, so that a request can be read right after it. */
  readonly writer: { flush(timeoutMs: number): Promise<void> };
  /** Absent where nothing is said of answers. */
  readonly feedback?: FeedbackReader;
  readonly clock?: Clock;
}

const FLUSH_MS = 5000;
/** What is looked through where nothing is said of the time. */
const WINDOW_MS = 7 * DAY_MS;
const LIST_PARAMETERS = ['project', 'user', 'since', 'until', 'limit', 'cursor'];
const THREAD_PARAMETERS = ['project', 'limit', 'cursor'];

const asked = (description: string) => Type.Optional(Type.String({ description }));
const CURSOR = { cursor: asked('`next` of the page before') };
const LISTING = Type.Object({
  project: asked('Of the key'),
  user: asked('Its user id'),
  since: asked('From this time on, 7 days where absent: RFC 3339, a date, or milliseconds since 1970'),
  until: asked('Before this time: RFC 3339, a date, or milliseconds since 1970'),
  limit: asked('1 to 500, 50 where absent'),
  ...CURSOR,
});
/** Each request holds its whole history, so these are few. */
const THREAD_LIMITS = { usual: 20, most: 50 };
const THREAD = Type.Object({
  project: asked('Whose it is, where several have one of this id'),
  limit: asked(`1 to ${THREAD_LIMITS.most}, ${THREAD_LIMITS.usual} where absent`),
  ...CURSOR,
});

const described = describedAs('records');

/** `GET /admin/v1/conversations` and `/admin/v1/conversations/:id`, for whoever holds the admin key. */
export function conversationRoutes(deps: ConversationRouteDeps): (app: FastifyInstance) => void {
  const { database, writer, feedback, clock = systemClock } = deps;
  const store = new ConversationStore(database);

  return (app) => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/conversations',
      described(
        { summary: 'Conversations, those with the latest requests first', querystring: LISTING },
        ConversationList,
      ),
      async ({ query }) => {
        refuseUnknown(query, LIST_PARAMETERS);
        const { since, until } = readPeriod(query);
        const filter = {
          project: readText(query, 'project'),
          userId: readText(query, 'user'),
          since: since ?? new Date(Math.max(0, (until?.getTime() ?? clock.now()) - WINDOW_MS)),
          until,
        };
        const after = readPosition(query, WITH_DASHES);
        if (!after) await writer.flush(FLUSH_MS);
        const { conversations, next } = await store.list(filter, readLimit(query), after);
        return { data: conversations.map(conversationView), next: next ? positionCursor(next) : null };
      },
    );

    app.get<{ Params: { id: string }; Querystring: Query }>(
      '/admin/v1/conversations/:id',
      described(
        { summary: 'One conversation: its requests, the earliest first, and what they cost', querystring: THREAD },
        ThreadView,
      ),
      async ({ params: { id }, query }) => {
        refuseUnknown(query, THREAD_PARAMETERS);
        const [limit, after] = [readLimit(query, THREAD_LIMITS), readPosition(query, WITH_DASHES)];
        if (!after) await writer.flush(FLUSH_MS);
        const conversation = only(await store.find(storableText(id), readText(query, 'project')), id);
        const found: Static<typeof TurnView>[] = [];
        for await (const rows of store.requests(conversation, limit + 1, after)) {
          const said = await feedback?.feedbackOf(rows.map(({ traceId }) => traceId));
          found.push(...rows.map((row) => turnView(row, said?.get(row.traceId))));
        }
        const { page, next } = pageOf(found, limit, (last) =>
          positionCursor({ at: new Date(last.started_at), id: last.trace_id }),
        );
        return { ...conversationView(conversation), data: page, next };
      },
    );
  };
}

/** @throws resource_not_found; request_invalid where several projects have one of this id */
function only([first, ...others]: readonly Conversation[], id: string): Conversation {
  if (!first) throw new GatewayError('resource_not_found', { message: `There is no conversation "${id}".` });
  if (others.length === 0) return first;
  const projects = [first, ...others].map(({ project }) => project ?? '(none)').join(', ');
  throw invalid('project', `has to be given, since several have a conversation of this id: ${projects}`);
}
