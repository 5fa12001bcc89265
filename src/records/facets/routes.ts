import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import { type Clock, systemClock } from '../../core/clock.ts';
import { DAY_MS } from '../../core/units.ts';
import type { Database } from '../../storage/database/database.ts';
import { describedAs } from '../listing/described.ts';
import { type Query, invalid, readPeriod, readText, refuseUnknown } from '../listing/query.ts';
import { type FacetQuestion, type FacetValue, readFacets } from './facet-store.ts';
import { FACET_FIELDS, type FacetField, MOST_VALUES, RECENT_FAILURES, RECENT_TRACES, isSummed } from './fields.ts';

export interface FacetRouteDeps {
  readonly database: Pick<Database, 'orm'>;
  readonly clock?: Clock;
}

/** Where the question says nothing else. */
const USUAL_DAYS = 7;

const asked = (description: string) => Type.Optional(Type.String({ description }));
const QUESTION = Type.Object({
  fields: asked(`Any of ${FACET_FIELDS.join(', ')}, separated by commas; all where absent`),
  project: asked('Only of this project'),
  since: asked(`From this time on: RFC 3339, a date, or milliseconds since 1970; ${USUAL_DAYS} days ago where absent`),
  until: asked('Before this time'),
});
const FacetList = Type.Object({
  data: Type.Array(
    Type.Object({
      field: Type.String({ description: 'As the filters of GET /admin/v1/traces name it' }),
      values: Type.Array(Type.Object({ value: Type.String(), requests: Type.Number() }), {
        description: 'Those of most requests first',
      }),
      more: Type.Boolean({ description: `There are more than ${MOST_VALUES}` }),
      basis: Type.String({
        description: `sums: of all requests, the first quarter of an hour, or day, of the time counted whole; recent: in the newest ${RECENT_TRACES} traces of the time, of errors in the newest ${RECENT_FAILURES} that failed`,
      }),
    }),
  ),
  next: Type.Null(),
});

const described = describedAs('records');

/** `GET /admin/v1/facets`, for those who run the gateway. */
export function facetRoutes({ database, clock = systemClock }: FacetRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/facets',
      described({ summary: 'What there is to choose from in filters', querystring: QUESTION }, FacetList),
      async ({ query }) => {
        const question = readQuestion(query, clock.now());
        const facets = await readFacets(database, question);
        return { data: question.fields.map((field) => viewOf(field, facets.get(field) ?? [])), next: null };
      },
    );
  };
}

function viewOf(field: FacetField, found: readonly FacetValue[]) {
  return {
    field,
    values: found.slice(0, MOST_VALUES),
    more: found.length > MOST_VALUES,
    basis: isSummed(field) ? 'sums' : 'recent',
  };
}

/** @throws request_invalid */
function readQuestion(query: Query, now: number): FacetQuestion {
  refuseUnknown(query, Object.keys(QUESTION.properties));
  const { since = new Date(now - USUAL_DAYS * DAY_MS), until } = readPeriod(query);
  return { fields: readFields(query), since, until, project: readText(query, 'project') };
}

function readFields(query: Query): FacetField[] {
  const names = (readText(query, 'fields') ?? '').split(',').filter((name) => name !== '');
  if (names.length === 0) return [...FACET_FIELDS];
  return [...new Set(names)].map((name) => {
    const field = FACET_FIELDS.find((one) => one === name);
    if (!field) throw invalid('fields', `knows no "${name.slice(0, 100)}". There are ${FACET_FIELDS.join(', ')}`);
    return field;
  });
}
