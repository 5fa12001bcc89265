import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

import type { Principal } from '../../../core/call.ts';
import { type Operator, operatorOf } from '../../../core/operator.ts';
import { describedAs } from '../../../records/listing/described.ts';
import { pageOf } from '../../../records/listing/page.ts';
import {
  type Query,
  invalid,
  positionCursor,
  readLimit,
  readPosition,
  readText,
  refuseUnknown,
} from '../../../records/listing/query.ts';
import { APPROVE_BODY, EDIT_BODY, REJECT_BODY, readApprove, readEdit, readReject } from './decision-body.ts';
import { MOST_REQUEST_BYTES, tooLarge } from './kept-request.ts';
import { ReadPace } from './read-pace.ts';
import { REVIEW_STATES, type ReviewState } from './review.ts';
import type { ReviewDesk, ReviewWord } from './review-desk.ts';
import type { ReviewFilter, ReviewStore } from './review-store.ts';
import type { SealedParts } from './sealed-parts.ts';
import { ClientReviewView, OpenedReviewView, ReviewList, clientView, openedView, reviewView } from './views.ts';

export interface ReviewRouteDeps {
  readonly desk: Pick<ReviewDesk, 'find' | 'decide'>;
  readonly store: Pick<ReviewStore, 'list'>;
  readonly parts: SealedParts;
}

const asked = (description: string) => Type.Optional(Type.String({ description }));
const LISTING = Type.Object({
  state: asked(REVIEW_STATES.join(', ')),
  project: asked('Of this project'),
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const ById = Type.Object({ id: Type.String() });
type ById = { Params: Static<typeof ById> };

const described = describedAs('reviews');
/** JSON text of a body may be longer than the body; what it says is measured when it is read. */
const EDIT_LIMIT = { bodyLimit: 2 * MOST_REQUEST_BYTES, errorHandler: sayWhatIsTooLarge };

/** `/admin/v1/reviews`, for operators. */
export function reviewRoutes(deps: ReviewRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    readRoutes(app, deps);
    decisionRoute(app, deps, {
      action: 'approve',
      summary: 'Let through what waits: the gateway answers it, or its client sends it again',
      body: APPROVE_BODY,
      read: readApprove,
    });
    decisionRoute(app, deps, {
      action: 'edit',
      summary: 'Put another request, or another answer, in the place of what waits, and let that through',
      body: EDIT_BODY,
      read: readEdit,
    });
    decisionRoute(app, deps, {
      action: 'reject',
      summary: 'Refuse what waits, and say why',
      body: REJECT_BODY,
      read: readReject,
    });
  };
}

function readRoutes(app: FastifyInstance, { desk, store, parts }: ReviewRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/reviews',
    described(
      { summary: 'What waits for somebody, and what was decided, the newest first', querystring: LISTING },
      ReviewList,
    ),
    async ({ query }) => {
      refuseUnknown(query, Object.keys(LISTING.properties));
      const [limit, after] = [readLimit(query), readPosition(query)];
      const found = await store.list(readFilter(query), limit + 1, after);
      const { page, next } = pageOf(found, limit, ({ createdAt: at, id }) => positionCursor({ at, id }));
      return { data: page.map(reviewView), next };
    },
  );
  app.get<ById>(
    '/admin/v1/reviews/:id',
    described({ summary: 'Show a review, with what was asked and answered', params: ById }, OpenedReviewView),
    async ({ params: { id } }) => openedView(await desk.find(id), parts),
  );
}

interface DecisionRoute {
  readonly action: ReviewWord['action'];
  readonly summary: string;
  readonly body: TSchema;
  readonly read: (sent: unknown) => ReviewWord;
}

function decisionRoute(
  app: FastifyInstance,
  { desk, parts }: ReviewRouteDeps,
  { action, summary, body, read }: DecisionRoute,
): void {
  app.post<ById & { Body: unknown }>(
    `/admin/v1/reviews/:id/${action}`,
    { ...described({ summary, params: ById, body }, OpenedReviewView), ...EDIT_LIMIT },
    async (request) => {
      const word = signed(read(request.body), operatorOf(request));
      return openedView(await desk.decide(request.params.id, word), parts);
    },
  );
}

/** Whoever holds the admin key says who they are; everybody else is known. */
function signed(word: ReviewWord, { by, name }: Operator): ReviewWord {
  return by === 'admin-key' ? word : { ...word, by: name };
}

/** The usual message names a setting, and this limit is none. */
function sayWhatIsTooLarge(thrown: FastifyError): never {
  throw thrown.code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? tooLarge('A request') : thrown;
}

function readFilter(query: Query): ReviewFilter {
  const state = readText(query, 'state');
  if (state !== undefined && !isState(state)) throw invalid('state', `must be one of ${REVIEW_STATES.join(', ')}`);
  return { state, project: readText(query, 'project') };
}

function isState(text: string): text is ReviewState {
  return REVIEW_STATES.some((state) => state === text);
}

export interface ReviewClientDeps {
  readonly desk: Pick<ReviewDesk, 'find'>;
  readonly parts: SealedParts;
}

/** `GET /v1/reviews/:id`, for the key whose request waits; operators see all. */
export function reviewClientRoutes({ desk, parts }: ReviewClientDeps) {
  const pace = new ReadPace();
  const clients = describedAs('models');
  return (app: FastifyInstance, callerOf: (request: FastifyRequest) => Principal | Operator): void => {
    app.get<ById>(
      '/v1/reviews/:id',
      clients(
        {
          summary: 'How a request stands that somebody has to approve, and its answer once it is there',
          security: [{ causewayKey: [] }, { adminKey: [] }],
          params: ById,
        },
        ClientReviewView,
      ),
      async (request, reply: FastifyReply) => {
        const caller = callerOf(request);
        const client = 'role' in caller ? undefined : caller;
        const review = await pace.run(client?.keyId ?? 'operators', () => desk.find(request.params.id, client));
        return reply.header('cache-control', 'no-store').send(clientView(review, parts));
      },
    );
  };
}
