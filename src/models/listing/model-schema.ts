import { type Static, type TSchema, Type } from 'typebox';

const orNull = <Value extends TSchema>(value: Value) => Type.Union([value, Type.Null()]);
const Milliseconds = Type.Number({ description: 'Milliseconds' });
const TargetText = Type.String({ description: 'provider/model' });

const PriceView = Type.Object(
  {
    version: Type.String(),
    input_usd: Type.Number(),
    output_usd: Type.Number(),
    cache_read_usd: orNull(Type.Number()),
    cache_write_usd: orNull(Type.Number()),
  },
  { description: 'Dollars per million tokens; GET /admin/v1/prices has all of it' },
);

const CapabilitiesView = Type.Record(Type.String(), Type.Unknown(), {
  description: 'What it is known to be able or unable to do; what is not named is not known',
});

const ModelTargetView = Type.Object({
  target: TargetText,
  provider: Type.String(),
  model: Type.String(),
  role: Type.Union(
    [
      Type.Literal('target'),
      Type.Literal('route'),
      Type.Literal('rule'),
      Type.Literal('cascade'),
      Type.Literal('fallback'),
      Type.Literal('context_length'),
      Type.Literal('content_policy'),
    ],
    { description: 'When it is asked; `rule`, `cascade`: where the route says so' },
  ),
  weight: orNull(Type.Number({ description: 'Of `route`: its part of the requests is this by the sum of all' })),
  tiers: Type.Array(Type.String(), { description: 'Of `route`: how demanding requests for it are; empty: any' }),
  simulated: Type.Boolean(),
  ready: Type.Boolean({ description: 'false: its server says that the model is not loaded' }),
  price_known: Type.Boolean({ description: 'false: what it costs is recorded as unknown' }),
  price: orNull(PriceView),
  capabilities: orNull(CapabilitiesView),
});

const RouteView = Type.Object({
  origin: Type.Union([Type.Literal('file'), Type.Literal('admin')]),
  by: Type.String({ description: 'order, weight, latency, cost, load, need or complexity' }),
  sticky: Type.String(),
  rules: Type.Array(Type.String({ description: 'Names of its rules' })),
  cascade_to: orNull(TargetText),
  cascade_check: orNull(Type.String()),
});

const PolicyView = Type.Object({
  retries: Type.Object({ max: Type.Integer(), base_delay_ms: Milliseconds, max_delay_ms: Milliseconds }),
  breaker: Type.Object({
    failures: Type.Integer(),
    failure_rate: Type.Number(),
    window_ms: Milliseconds,
    open_for_ms: Milliseconds,
  }),
  queue: Type.Object({
    concurrency: Type.Integer(),
    size: Type.Integer(),
    max_wait_ms: Milliseconds,
    adaptive: Type.Boolean(),
  }),
  hedge_after: orNull(Type.String({ description: 'p95, or milliseconds' })),
  continue: Type.Boolean(),
});

const TimeoutsView = Type.Object({
  connect_ms: orNull(Milliseconds),
  first_token_ms: orNull(Milliseconds),
  idle_ms: orNull(Milliseconds),
  total_ms: orNull(Milliseconds),
});

const CacheView = Type.Object({
  scope: Type.String(),
  exact_ttl_ms: orNull(Milliseconds),
  coalesce: Type.Boolean(),
  semantic_ttl_ms: orNull(Milliseconds),
  semantic_max_error_rate: orNull(Type.Number()),
});

/** Something that is tried of a model. */
export const TryingView = Type.Object({
  kind: Type.String({ description: 'route, flag, experiment, canary or shadow' }),
  id: Type.String(),
  origin: Type.Union([Type.Literal('file'), Type.Literal('admin')]),
  in_force: Type.Boolean(),
  problem: orNull(Type.String({ description: 'Why it is not in force although it is enabled' })),
});
export type TryingView = Static<typeof TryingView>;

/** A virtual model as it is in force for who falls into nothing that is tried. */
export const ModelView = Type.Object({
  name: Type.String(),
  origin: Type.Literal('file', { description: 'Virtual models are made in causeway.yaml' }),
  version: orNull(Type.String({ description: 'Changes with all that answers depend on' })),
  targets: Type.Array(ModelTargetView, { description: 'In the order in which they are asked' }),
  route: orNull(RouteView),
  policy: orNull(PolicyView),
  timeouts: TimeoutsView,
  cache: orNull(CacheView),
  prompt_cache: orNull(Type.Object({ breakpoints: Type.Boolean(), ttl: Type.String(), sticky: Type.Boolean() })),
  guards: orNull(Type.String({ description: 'The name of its policy' })),
  prompt_version: orNull(Type.String()),
  parameters: Type.Record(Type.String(), Type.Unknown(), { description: 'Set in every request' }),
  pass_through_credentials: Type.Boolean(),
  trying: Type.Array(TryingView),
});
export type ModelView = Static<typeof ModelView>;
export type ModelTargetView = Static<typeof ModelTargetView>;

const KeyView = Type.Object({
  id: Type.String({ description: 'The first 8 hex digits of its SHA-256' }),
  hint: Type.String({ description: 'Its last four characters' }),
  weight: Type.Number(),
});

/** A provider as it is in force. */
export const ProviderView = Type.Object({
  name: Type.String(),
  type: Type.String(),
  family: Type.String({ description: 'Whose prices and models it has: its preset, else its type' }),
  origin: Type.Union([Type.Literal('file'), Type.Literal('environment'), Type.Literal('default')], {
    description: '`environment`: its usual key is set; `default`: the simulator',
  }),
  host: orNull(Type.String({ description: 'Of its address; null: the own one of its type' })),
  simulated: Type.Boolean(),
  keys: Type.Array(KeyView, { description: 'Without the keys' }),
  pass_through_credentials: Type.Boolean(),
  models: Type.Array(Type.Object({ model: Type.String(), price_known: Type.Boolean() }), {
    description: 'Those that are known without asking it',
  }),
  used_by: Type.Array(Type.Object({ model: Type.String(), target: TargetText }), {
    description: 'Virtual models that may go there',
  }),
});
export type ProviderView = Static<typeof ProviderView>;
