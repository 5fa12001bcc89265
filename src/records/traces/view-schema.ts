import { type Static, type TSchema, Type } from 'typebox';

/** The shapes that the admin API answers with, for OpenAPI and for the code that builds them. */

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Text = orNull(Type.String());
const Amount = orNull(Type.Number());
const AnyJson = (description: string) => Type.Unknown({ description });
const listOf = <T extends TSchema>(schema: T) =>
  Type.Object({
    data: Type.Array(schema),
    next: orNull(Type.String({ description: 'The `cursor` of the next page' })),
  });

export const TokensView = Type.Object(
  { input: Amount, output: Amount, cached: Amount, cache_write: Amount, reasoning: Amount },
  { description: 'null = not reported; input includes cached, output includes reasoning' },
);

export const AttemptView = Type.Object({
  target: Type.String({ description: 'provider/model' }),
  kind: orNull(Type.String({ description: 'first, retry, fallback, hedge or continuation' })),
  outcome: Type.String({ description: 'completed, failed or aborted' }),
  http_status: Amount,
  error_code: Text,
  retry_of: orNull(Type.Integer({ description: 'Index of the attempt that this one follows' })),
  latency_ms: Type.Number(),
  ttft_ms: Amount,
  tokens: orNull(TokensView),
  cost_usd: Amount,
  cost_source: orNull(
    Type.String({ description: 'reported by the provider as what it charges, or priced from usage' }),
  ),
  usage_details: AnyJson('What else the provider reported and bills by: tokens by kind, searches, tier, place, parts'),
  price_version: Text,
  usage_source: orNull(Type.String({ description: 'reported by the provider, or assumed' })),
  response_model: Text,
  provider_request_id: Text,
  patches: AnyJson("What was changed in the client's body for this attempt"),
});

export const ListedTraceView = Type.Object({
  trace_id: Type.String(),
  status: Type.String({ description: 'completed, failed or aborted' }),
  organisation: orNull(Type.String({ description: 'That the project belonged to' })),
  project: Text,
  user_id: Text,
  endpoint: Type.String(),
  dialect: Type.String(),
  model: orNull(Type.String({ description: 'As the client asked' })),
  target: orNull(Type.String({ description: 'provider/model of the attempt that answered, else of the last one' })),
  prompt_version: Text,
  tokens: TokensView,
  cost_usd: orNull(Type.Number({ description: 'Dollars; null = unknown, which is not 0' })),
  cost_known: Type.Boolean({ description: 'false where cost_usd lacks the cost of an attempt' }),
  latency_ms: Type.Number(),
  ttft_ms: Amount,
  overhead_ms: Type.Number({ description: "Time that was the gateway's, not the provider's" }),
  cache: Text,
  attempts: Type.Array(AttemptView),
  patches: AnyJson("What was changed in the client's body for every attempt"),
  verdicts: AnyJson('What guards said'),
  warnings: AnyJson('What could not be done as asked'),
  error: orNull(Type.Object({ code: Type.String(), message: Text, origin: Text })),
  feedback: AnyJson('What users said about the answer'),
  metadata: AnyJson("The client's own"),
  started_at: Type.String({ description: 'RFC 3339' }),
});

export const TraceView = Type.Object({
  ...ListedTraceView.properties,
  input: AnyJson('The body as it came; a string where it is no JSON or was cut'),
  output: AnyJson('The answer, or what a stream said put together'),
});

export const UsageView = Type.Object(
  {
    requests: Type.Integer(),
    tokens: TokensView,
    cost_usd: Type.Number({ description: 'Dollars; what is not known is not in it' }),
    cost_assumed_usd: Type.Number({ description: 'The part of cost_usd that rests on usage that nobody reported' }),
    cost_unknown_requests: Type.Integer(),
  },
  { description: 'Preceded by what it is grouped by, e.g. `model`', additionalProperties: true },
);

export const TraceList = listOf(ListedTraceView);
export const UsageList = listOf(UsageView);

export type TokensView = Static<typeof TokensView>;
export type AttemptView = Static<typeof AttemptView>;
export type ListedTraceView = Static<typeof ListedTraceView>;
export type TraceView = Static<typeof TraceView>;
export type UsageView = Static<typeof UsageView>;
