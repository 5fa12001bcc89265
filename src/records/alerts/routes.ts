import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { describedAs } from '../listing/described.ts';
import { pageOf } from '../listing/page.ts';
import { type Query, positionCursor, readLimit, readPosition, readText, refuseUnknown } from '../listing/query.ts';
import type { Alerts } from './alerts.ts';
import type { DeliveryFilter, DeliveryStore } from './delivery/delivery-store.ts';
import type { AlertSettings } from './settings.ts';
import { AlertsView, DeliveryView, TestView, alertsView, deliveryView, testView } from './views.ts';

export interface AlertRouteDeps {
  readonly alerts: Pick<Alerts, 'rules' | 'engine' | 'outbox'>;
  readonly settings: () => Readonly<AlertSettings>;
  readonly store: Pick<DeliveryStore, 'list'>;
  readonly clock: Clock;
}

const FLUSH_MS = 2000;
const OUTCOMES = ['sent', 'failed'];

const asked = (description: string) => Type.Optional(Type.String({ description }));
const LISTING = Type.Object({
  channel: asked('Only those to this channel'),
  alert: asked('Only those of this rule; tests are `test`'),
  outcome: asked(OUTCOMES.join(', ')),
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const DeliveryList = Type.Object({
  data: Type.Array(DeliveryView),
  next: Type.Union([Type.String({ description: 'The `cursor` of the next page' }), Type.Null()]),
});
const WHICH = Type.Object({ channel: asked('The name of a channel; all of them where absent') });

const described = describedAs('alerts');

/** `/admin/v1/alerts`, for whoever holds the admin key. */
export function alertRoutes(deps: AlertRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    rulesRoute(app, deps);
    deliveriesRoute(app, deps);
    testRoute(app, deps);
  };
}

function rulesRoute(app: FastifyInstance, { alerts, settings, clock }: AlertRouteDeps): void {
  app.get(
    '/admin/v1/alerts',
    described({ summary: 'Rules of alerts, and what they see in this replica now', response: { 200: AlertsView } }),
    async () => {
      const readings = (rule: string) => alerts.engine.readings(rule);
      const { waiting } = alerts.outbox;
      return alertsView({ rules: alerts.rules(), settings: settings(), waiting, readings, clock });
    },
  );
}

function deliveriesRoute(app: FastifyInstance, { alerts, store }: AlertRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/alerts/deliveries',
    described({
      summary: 'What was sent to whom, the newest first',
      querystring: LISTING,
      response: { 200: DeliveryList },
    }),
    async ({ query }) => {
      refuseUnknown(query, Object.keys(LISTING.properties));
      const filter = readFilter(query);
      const [limit, after] = [readLimit(query), readPosition(query)];
      if (!after) await alerts.outbox.flush(FLUSH_MS);
      const found = await store.list(filter, limit + 1, after);
      const { page, next } = pageOf(found, limit, positionCursor);
      return { data: page.map(deliveryView), next };
    },
  );
}

/** @throws request_invalid */
function readFilter(query: Query): DeliveryFilter {
  const outcome = readText(query, 'outcome');
  if (outcome !== undefined && !OUTCOMES.includes(outcome)) {
    throw invalid(`\`outcome\` must be one of ${OUTCOMES.join(', ')}.`, 'outcome');
  }
  return { channel: readText(query, 'channel'), alert: readText(query, 'alert'), outcome };
}

function testRoute(app: FastifyInstance, { alerts, settings }: AlertRouteDeps): void {
  app.post<{ Body: unknown }>(
    '/admin/v1/alerts/test',
    described({ summary: 'Send a test to a channel, or to each', body: WHICH, response: { 200: TestView } }),
    async ({ body }) => testView(await alerts.outbox.test(readChannel(body, [...settings().channels.keys()]))),
  );
}

/** @throws request_invalid where there is no such channel, or none at all */
function readChannel(body: unknown, known: readonly string[]): string | undefined {
  if (known.length === 0) throw invalid('There are no channels. Add one under alerts.channels of causeway.yaml.');
  if (body === undefined || body === null) return undefined;
  if (!isJsonObject(body)) throw invalid('The body must be a JSON object such as {"channel": "ops"}, or absent.');
  const other = Object.keys(body).find((key) => key !== 'channel');
  if (other !== undefined) throw invalid(`\`${other}\` is not known here. There is channel.`);
  const { channel } = body;
  if (channel === undefined) return undefined;
  if (typeof channel === 'string' && known.includes(channel)) return channel;
  throw invalid(`\`channel\` must be the name of a channel: ${known.join(', ')}.`, 'channel');
}

function invalid(message: string, param?: string): GatewayError {
  return new GatewayError('request_invalid', { message, ...(param !== undefined && { param }) });
}
