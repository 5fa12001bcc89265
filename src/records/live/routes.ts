import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';

import type { LiveFeed, Subscription } from './live-feed.ts';

export interface LiveRouteDeps {
  readonly feed: Pick<LiveFeed, 'subscribe' | 'close'>;
  /** Who asks, and whether they see only some projects. */
  readonly follower: (request: FastifyRequest) => Pick<Subscription, 'who' | 'isScoped' | 'mayStill'>;
}

const EVENTS = `An event stream. \`hello\` {replica, version}: ask for everything; then \`traces\` {latest}, \`events\` {},
\`reviews\` {waiting}, \`alerts\` {firing} and \`settings\` {subject}: ask for that again; and \`pulse\` {in_flight,
requests_per_second, errors_per_second} of this process, every two seconds.`;

/** `GET /admin/v1/live`: that something changed, as it does. */
export function liveRoutes({ feed, follower }: LiveRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    // An answer that never ends would hold up a shutdown.
    app.addHook('preClose', async () => feed.close());
    app.get(
      '/admin/v1/live',
      {
        schema: {
          summary: 'Tells as events that something changed',
          tags: ['records'],
          response: {
            200: {
              description: EVENTS.replaceAll('\n', ' '),
              content: { 'text/event-stream': { schema: Type.String() } },
            },
          },
        },
      },
      (request, reply) => {
        const headers = plain(reply.getHeaders());
        feed.subscribe({ ...follower(request), response: reply.raw, headers });
        reply.hijack();
      },
    );
  };
}

/** What was set before, such as the request's id. */
function plain(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts);
}
