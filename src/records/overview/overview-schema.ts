import { type TSchema, Type } from 'typebox';

/** What `GET /admin/v1/overview` answers with. */

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Count = (description?: string) => Type.Integer(description === undefined ? {} : { description });
const Share = (description: string) => orNull(Type.Number({ description }));
const listOf = <T extends TSchema>(schema: T) => Type.Array(schema);

const timesOf = <T extends TSchema>(of: (schema: TSchema) => T) => {
  const one = () => of(orNull(Type.Number()));
  return Type.Object(
    { p50: one(), p95: one(), p99: one() },
    { description: 'Milliseconds, within 4.5 %; null where nothing was timed' },
  );
};

const errorsOf = <T extends TSchema>(count: T) =>
  Type.Object(
    { client: count, policy: count, provider: count, gateway: count },
    { description: 'Requests that failed, by whose fault it was' },
  );

const cacheOf = <T extends TSchema>(count: T) =>
  Type.Object(
    { exact: count, semantic: count, coalesced: count, miss: count, bypass: count },
    { description: 'Requests for models that have a cache, by what it did for them' },
  );

const tokensOf = <T extends TSchema>(count: T) =>
  Type.Object({ input: count, output: count }, { description: 'That were reported' });

export const OverviewTotalsView = Type.Object({
  requests: Count('Of clients; what the gateway asks by itself is in cost, savings and tokens alone'),
  errors: errorsOf(Count()),
  error_rate: Share('That failed by the fault of a provider or the gateway, of all requests'),
  refusal_rate: Share('That failed by the fault of clients or were refused by a policy, of all requests'),
  aborted: Count(),
  latency_ms: timesOf((schema) => schema),
  ttft_ms: timesOf((schema) => schema),
  cost_usd: Type.Number(),
  cost_unknown_requests: Count('Whose cost is not in it'),
  saved_usd: Type.Number({ description: 'By caches, net of what finding out cost' }),
  cache: cacheOf(Count()),
  hit_rate: Share('Hits of caches, of all that was looked for in one'),
  tokens: tokensOf(Count()),
});

export const OverviewSeriesView = Type.Object(
  {
    started_at: listOf(Type.String({ description: 'RFC 3339' })),
    requests: listOf(Count()),
    errors: errorsOf(listOf(Count())),
    aborted: listOf(Count()),
    latency_ms: timesOf((schema) => listOf(schema)),
    ttft_ms: timesOf((schema) => listOf(schema)),
    cost_usd: listOf(Type.Number()),
    saved_usd: listOf(Type.Number()),
    cache: cacheOf(listOf(Count())),
    tokens: tokensOf(listOf(Count())),
  },
  { description: 'One list for each figure, with one value a point' },
);

const Name = orNull(Type.String({ description: 'null: nobody is named' }));
const both = <T extends TSchema>(schema: T) => Type.Object({ now: schema, before: schema });

const ChangeView = Type.Object({
  name: Name,
  most: Type.String({ description: 'What changed most: requests, errors or cost' }),
  requests: both(Count()),
  errors: both(Count()),
  cost_usd: both(Type.Number()),
});

const ErrorChangeView = Type.Object({ code: Type.String(), count: both(Count()) });

const TopView = Type.Object({ name: Name, requests: Count(), errors: Count(), cost_usd: Type.Number() });

export const OverviewView = Type.Object({
  since: Type.String({
    description:
      'RFC 3339; as asked, to the minute before where points are shorter than a quarter of an hour, else to the quarter; ' +
      'never before `kept_since`',
  }),
  until: Type.String({ description: 'RFC 3339; never after the minute or the quarter of an hour that is going on' }),
  kept_since: Type.String({ description: 'RFC 3339; nothing is known of what was before' }),
  slot_seconds: Count('Of one point; the first begins at `since`'),
  totals: OverviewTotalsView,
  before: Type.Object(
    { since: Type.String(), until: Type.String(), ...OverviewTotalsView.properties },
    {
      description:
        'The same of an earlier time with the same hours: a day earlier, and as many days as the time has where it is ' +
        'longer. Where it begins before `kept_since`, it is not all there',
    },
  ),
  series: OverviewSeriesView,
  changed: Type.Object(
    {
      models: Type.Array(ChangeView),
      projects: Type.Array(ChangeView),
      targets: Type.Array(ChangeView),
      errors: Type.Array(ErrorChangeView),
    },
    {
      description:
        'By more than chance, against the time before, the most surprising first; nothing where that has none, or is no longer kept',
    },
  ),
  top: Type.Object({
    models_by_requests: Type.Array(TopView),
    models_by_cost: Type.Array(TopView),
    projects_by_cost: Type.Array(TopView),
    errors: Type.Array(Type.Object({ code: Type.String(), count: Count() })),
  }),
});
