import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';

import { GatewayError } from '../../core/errors.ts';
import { storableText } from '../../storage/database/storable.ts';
import { UNCHECKED } from '../listing/described.ts';
import { pageOf } from '../listing/page.ts';
import type { Query } from '../listing/query.ts';
import type { SentFeedback } from './feedback.ts';
import { FEEDBACK_BODY, MOST_COMMENT, MOST_USER, readFeedback } from './feedback-body.ts';
import { type FeedbackDesk, type Teller, isOperator } from './feedback-desk.ts';
import type { FeedbackPace } from './feedback-pace.ts';
import { feedbackCursor, readFeedbackListing } from './feedback-query.ts';
import type { FeedbackStore } from './feedback-store.ts';
import { FeedbackList, ListedFeedbackView, listedViewOf } from './feedback-view.ts';

const MOST_KB = 64;
const USER_HEADER = 'x-causeway-user';

const asked = (description: string) => Type.Optional(Type.String({ description }));
const LISTING = Type.Object({
  project: asked('Of the trace'),
  thumb: asked('up or down'),
  tag: asked('Has this tag'),
  since: asked('Told or changed from this time on: RFC 3339, a date, or milliseconds since 1970'),
  until: asked('Before this time'),
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});

export interface SendingDeps {
  readonly desk: Pick<FeedbackDesk, 'take'>;
  readonly pace: FeedbackPace;
}

/** `POST /v1/feedback`, for whoever holds a key, and for operators. */
export function feedbackRoutes({ desk, pace }: SendingDeps) {
  return (app: FastifyInstance, callerOf: (request: FastifyRequest) => Teller): void => {
    app.post(
      '/v1/feedback',
      {
        bodyLimit: MOST_KB * 1024,
        errorHandler: sayWhatIsTooLarge,
        schema: {
          summary: 'Say what an answer was worth; again from the same author replaces what was said',
          tags: ['feedback'],
          security: [{ causewayKey: [] }, { adminKey: [] }],
          body: FEEDBACK_BODY,
          response: { 200: ListedFeedbackView, 201: ListedFeedbackView },
        },
        ...UNCHECKED,
      },
      async (request, reply) => {
        const teller = callerOf(request);
        const sent = withHeader(readFeedback(request.body), request.headers[USER_HEADER]);
        const who = isOperator(teller) ? `operator:${teller.name}` : teller.keyId;
        const { row, outcome } = await pace.run(who, () => desk.take(sent, teller));
        return reply.status(outcome === 'created' ? 201 : 200).send(listedViewOf(row));
      },
    );
  };
}

/** The limit is not the one of the settings, which the usual message names. */
function sayWhatIsTooLarge(thrown: FastifyError): never {
  if (thrown.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw thrown;
  throw new GatewayError('request_too_large', {
    message: `Feedback has at most ${MOST_KB} KB; its \`comment\` at most ${MOST_COMMENT} characters.`,
    cause: thrown,
  });
}

/** The header wins, as in model requests. */
function withHeader(sent: SentFeedback, header: string | string[] | undefined): SentFeedback {
  if (typeof header !== 'string' || header === '') return sent;
  if (header.length <= MOST_USER) return { ...sent, user: storableText(header) };
  throw new GatewayError('request_invalid', {
    message: `The header ${USER_HEADER} must be a text of at most ${MOST_USER} characters.`,
    param: USER_HEADER,
  });
}

/** `GET /admin/v1/feedback`, for operators. */
export function feedbackListRoutes({ store }: { readonly store: Pick<FeedbackStore, 'list'> }) {
  return (app: FastifyInstance): void => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/feedback',
      {
        schema: {
          summary: 'What was said of answers, the latest first',
          tags: ['records'],
          querystring: LISTING,
          response: { 200: FeedbackList },
        },
        ...UNCHECKED,
      },
      async ({ query }) => {
        const { filter, limit, after } = readFeedbackListing(query);
        const found = await store.list(filter, limit + 1, after);
        const { page, next } = pageOf(found, limit, feedbackCursor);
        return { data: page.map(listedViewOf), next };
      },
    );
  };
}
