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

export const SpanView = Type.Object({
  kind: Type.String({
    description: 'attempt, queue, embedding, guard, cache, retrieval, rerank, prompt, tool, token-count',
  }),
  name: Type.String({ description: 'What it was about: a target, the name of a guard, …' }),
  start_ms: orNull(Type.Number({ description: 'From the beginning of the request' })),
  duration_ms: Type.Number(),
  status: Type.String({ description: 'ok, failed or aborted' }),
  detail: AnyJson('Numbers and names of its own; of an attempt its index in `attempts`, `kind` and `http_status`'),
});

export const FeedbackView = Type.Object({
  author: Type.String({ description: '`user:…`, `key:…` or `admin`' }),
  thumb: Text,
  score: orNull(Type.Number({ description: '0 to 1' })),
  comment: Text,
  tags: Type.Array(Type.String()),
  created_at: Type.String({ description: 'RFC 3339' }),
  updated_at: Type.String({ description: 'RFC 3339' }),
});

export const SavedTokensView = Type.Object(
  { input: Type.Integer(), output: Type.Integer() },
  { description: 'That were not computed, or not at the full price' },
);

export const SavingView = Type.Object({
  mechanism: Type.String({ description: 'exact, coalesced, prompt-cache or semantic' }),
  saved_usd: orNull(
    Type.Number({ description: 'Net of what finding out cost, so it may be negative; null = unknown' }),
  ),
  tokens: SavedTokensView,
});

export const RoutingView = Type.Object(
  {
    policy: orNull(
      Type.String({ description: 'By what the target was chosen; null where there was nothing to choose' }),
    ),
    target: orNull(Type.String({ description: 'provider/model that was asked first' })),
    reason: orNull(Type.String({ description: 'Why, for people' })),
    rule: Text,
    tier: orNull(Type.String({ description: 'How demanding it was: simple, medium, complex or reasoning' })),
    score: Amount,
    cascade: orNull(
      Type.Object({
        first: Type.String({ description: 'provider/model of the answer that was checked' }),
        check: Type.String(),
        confidence: orNull(Type.Number({ description: '0 to 1' })),
        escalated_to: orNull(
          Type.String({ description: 'provider/model; null where the first answer was good enough' }),
        ),
      }),
    ),
    rollouts: Type.Array(Type.Object({ kind: Type.String(), id: Type.String(), arm: Type.String() }), {
      description: 'The flags, experiments and canaries that it was for',
    }),
  },
  { description: 'Why it went where it went' },
);

export const ListedTraceView = Type.Object({
  trace_id: Type.String(),
  w3c_trace_id: orNull(Type.String({ description: "The client's own trace, from its `traceparent`" })),
  parent_span_id: orNull(Type.String({ description: "The client's span, from its `traceparent`" })),
  status: Type.String({ description: 'completed, failed or aborted' }),
  organisation: orNull(Type.String({ description: 'That the project belonged to' })),
  project: Text,
  key_id: Text,
  user_id: Text,
  conversation_id: Text,
  endpoint: Type.String(),
  dialect: Type.String(),
  operation: Type.String({ description: 'chat, embeddings, rerank, …' }),
  model: orNull(Type.String({ description: 'As the client asked' })),
  virtual_model: orNull(Type.String({ description: 'That the model was, if it was one' })),
  response_model: orNull(Type.String({ description: 'As the provider named the one that answered' })),
  target: orNull(Type.String({ description: 'provider/model of the attempt that answered, else of the last one' })),
  prompt_version: Text,
  arm: orNull(Type.String({ description: 'kind:id/arm of the experiment or canary that it fell into' })),
  routing: orNull(RoutingView),
  tokens: TokensView,
  cost_usd: orNull(Type.Number({ description: 'Dollars; null = unknown, which is not 0' })),
  cost_known: Type.Boolean({ description: 'false where cost_usd lacks the cost of an attempt' }),
  latency_ms: Type.Number(),
  ttft_ms: Amount,
  inter_token_p95_ms: orNull(
    Type.Number({ description: 'Of a streamed answer: 95 % of the pauses between two pieces are no longer' }),
  ),
  overhead_ms: Type.Number({ description: "Time that was the gateway's, not the provider's" }),
  streamed: Type.Boolean(),
  finish_reason: orNull(Type.String({ description: 'Why the model stopped' })),
  cache: orNull(
    Type.String({ description: 'miss, exact, semantic, coalesced or bypass; null where no cache is on for the model' }),
  ),
  saved_usd: orNull(Type.Number({ description: 'Dollars that caches saved; null = unknown, which is not 0' })),
  savings: Type.Array(SavingView, { description: 'The same by mechanism' }),
  attempts: Type.Array(AttemptView),
  spans: Type.Array(SpanView, { description: 'The attempts and everything else that was done, in the order of time' }),
  patches: AnyJson("What was changed in the client's body for every attempt"),
  verdicts: AnyJson('What guards said'),
  warnings: AnyJson('What could not be done as asked'),
  error: orNull(Type.Object({ code: Type.String(), message: Text, origin: Text })),
  feedback: Type.Array(FeedbackView, { description: 'What was said about the answer' }),
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
export type SpanView = Static<typeof SpanView>;
export type FeedbackView = Static<typeof FeedbackView>;
export type SavingView = Static<typeof SavingView>;
export type RoutingView = Static<typeof RoutingView>;
export type ListedTraceView = Static<typeof ListedTraceView>;
export type TraceView = Static<typeof TraceView>;
export type UsageView = Static<typeof UsageView>;
