import type { FastifyInstance } from 'fastify';
import { type TSchema, Type } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, isJsonObject } from '../../core/json.ts';
import { MAX_DOCUMENT_BYTES } from '../../models/pricing/price-document.ts';
import { listPosition } from '../../models/pricing/price-list.ts';
import { describedAs } from '../../records/listing/described.ts';
import {
  type Query,
  invalid,
  readLimit,
  readText,
  readTextCursor,
  refuseUnknown,
  textCursor,
} from '../../records/listing/query.ts';
import { PriceConflictError } from './price-row-store.ts';
import type { PriceDesk } from './price-desk.ts';
import { conflictText, readComparisonGroups, readRecentPeriod, readSentPrices } from './questions.ts';
import { rowKey } from './row-changes.ts';
import { ComparisonView, MissingPriceView, PriceView, comparisonView, missingView } from './views.ts';

export interface PricingRouteDeps {
  readonly desk: PriceDesk;
  readonly clock: Clock;
  /** Prices were stored here: be in force at once. */
  readonly pricesChanged: () => Promise<void>;
  /** Writes what waits, so that past usage is whole. */
  readonly writer: { flush(timeoutMs: number): Promise<void> };
}

const FLUSH_MS = 5000;
/** More than anybody reads. */
const MAX_GROUPS = 10_000;

const asked = (description: string) => Type.Optional(Type.String({ description }));
const TIME = 'RFC 3339, or milliseconds since 1970';
const PERIOD = {
  since: asked(`From this time on: ${TIME}; 30 days back where absent`),
  until: asked(`Before this time: ${TIME}`),
};
const LISTING = Type.Object({
  family: asked('e.g. openai'),
  model: asked("The model's name"),
  all: asked('true: prices of other times too'),
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const DOCUMENT = Type.Object(
  { prices: Type.Array(Type.Unknown({ description: 'A row: family, model, from, source, input, output, …' })) },
  { description: 'docs/prices.md describes rows', additionalProperties: true },
);
const QUESTION = Type.Object({
  ...PERIOD,
  by: Type.Optional(
    Type.Array(Type.String(), { description: 'Any of target, model, user, endpoint, project, key, day (UTC)' }),
  ),
  prices: Type.Optional(Type.Array(Type.Unknown(), { description: 'Rows that stand before those of today' })),
});
const listOf = (item: TSchema) =>
  Type.Object({ data: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) });
const KEYS = Type.Array(Type.String(), { description: 'family/model@from' });
const CHANGES = Type.Object({ added: KEYS, unchanged: Type.Integer(), from_config: Type.Integer() });

const described = describedAs('prices');

/** `/admin/v1/prices`, for whoever holds the admin key. */
export function pricingRoutes(deps: PricingRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    listRoute(app, deps);
    updateRoute(app, deps);
    usageRoutes(app, deps);
  };
}

function listRoute(app: FastifyInstance, { desk }: PricingRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/prices',
    described({ summary: 'Prices that are in force, or all', querystring: LISTING }, listOf(PriceView)),
    async ({ query }) => {
      refuseUnknown(query, Object.keys(LISTING.properties));
      const limit = readLimit(query);
      const filter = { family: readText(query, 'family'), model: readText(query, 'model'), all: flag(query, 'all') };
      const prices = await desk.list(filter);
      const after = readTextCursor(query);
      const start = after === undefined ? 0 : prices.findIndex((price) => listPosition(price) === after) + 1;
      if (after !== undefined && start === 0) throw invalid('cursor', 'must be the `next` of an earlier page');
      const page = prices.slice(start, start + limit);
      const last = page.at(-1);
      const isMore = last !== undefined && start + limit < prices.length;
      return { data: page, next: isMore ? textCursor(listPosition(last)) : null };
    },
  );
}

function updateRoute(app: FastifyInstance, { desk, clock, pricesChanged }: PricingRouteDeps): void {
  app.post<{ Body: unknown; Querystring: Query }>(
    '/admin/v1/prices',
    {
      ...described(
        {
          summary: 'Store prices, all or none; rows that are stored with the same numbers are no change',
          querystring: Type.Object({ dry_run: asked('true: only say what would be done') }),
          body: DOCUMENT,
        },
        CHANGES,
      ),
      bodyLimit: MAX_DOCUMENT_BYTES,
    },
    async ({ body, query }) => {
      refuseUnknown(query, ['dry_run']);
      const { rows, fromConfig } = readSentPrices(body, clock.now());
      const isDry = flag(query, 'dry_run');
      const changes = await (isDry ? desk.preview(rows) : desk.update(rows)).catch((thrown: unknown) => {
        throw thrown instanceof PriceConflictError ? refusal(conflictText(thrown.conflicts)) : thrown;
      });
      if (changes.refused.length > 0) throw refusal(conflictText(changes.refused));
      if (!isDry) await pricesChanged();
      return { added: changes.added.map(rowKey), unchanged: changes.unchanged.length, from_config: fromConfig };
    },
  );
}

function usageRoutes(app: FastifyInstance, { desk, clock, writer }: PricingRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/prices/missing',
    described(
      { summary: 'Targets that were called at an unknown cost', querystring: Type.Object(PERIOD) },
      listOf(MissingPriceView),
    ),
    async ({ query }) => {
      refuseUnknown(query, Object.keys(PERIOD));
      const period = readRecentPeriod(query, clock.now());
      await writer.flush(FLUSH_MS);
      return { data: (await desk.missing(period, MAX_GROUPS)).map(missingView), next: null };
    },
  );
  app.post<{ Body: unknown }>(
    '/admin/v1/prices/compare',
    {
      ...described(
        { summary: 'Past usage at the prices of today, or at others, beside what was booked', body: QUESTION },
        listOf(ComparisonView),
      ),
      bodyLimit: MAX_DOCUMENT_BYTES,
    },
    async ({ body }) => {
      const { period, by, prices } = readQuestion(body, clock.now());
      await writer.flush(FLUSH_MS);
      const groups = await desk.compare({ period, by, prices, maxGroups: MAX_GROUPS });
      if (!groups) throw invalid('by', `makes over ${MAX_GROUPS} groups. Group by less, or narrow the time`);
      return { data: groups.map((group) => comparisonView(by, group)), next: null };
    },
  );
}

function readQuestion(body: unknown, now: number) {
  if (!isJsonObject(body)) throw new GatewayError('request_invalid', { message: 'The body must be a JSON object.' });
  refuseUnknown(body, Object.keys(QUESTION.properties));
  const { since, until, by = [], prices } = body as JsonObject & { readonly by?: unknown };
  if (!Array.isArray(by) || !by.every((name) => typeof name === 'string')) {
    throw new GatewayError('request_invalid', { message: '`by` must be a list of names.', param: 'by' });
  }
  return {
    period: readRecentPeriod({ ...(since !== undefined && { since }), ...(until !== undefined && { until }) }, now),
    by: readComparisonGroups(by),
    prices: prices === undefined ? undefined : readSentPrices({ prices }, now).rows,
  };
}

function refusal(message: string): GatewayError {
  return new GatewayError('request_invalid', { message, param: 'prices' });
}

function flag(query: Query, name: string): boolean {
  const value = readText(query, name);
  if (value === undefined || value === 'false') return false;
  if (value === 'true' || value === '') return true;
  throw invalid(name, 'must be true or false');
}
