import type { savingsSlots, StoredTrace, usageSeries, usageSlots } from './schema.ts';

/**
 * The columns that are written, as plain data. The thread that writes them loads this in place of the table builder,
 * which costs it half a second of processor time at each start. A test holds them to the tables.
 */
export interface WrittenColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
}

type Said = readonly [name: string, type: string, notNull?: 'not null'];

export function columnsOf<Key extends string>(said: Readonly<Record<Key, Said>>): Readonly<Record<Key, WrittenColumn>> {
  const columns = Object.entries<Said>(said).map(([key, [name, type, notNull]]) => {
    return [key, { name, type, notNull: notNull !== undefined }];
  });
  return Object.fromEntries(columns) as Record<Key, WrittenColumn>;
}

export const TRACE_COLUMNS = columnsOf<keyof StoredTrace>({
  traceId: ['trace_id', 'text', 'not null'],
  startedAt: ['started_at', 'timestamp with time zone', 'not null'],
  retentionClass: ['retention_class', 'text', 'not null'],
  status: ['status', 'text', 'not null'],
  organisation: ['organisation', 'text'],
  project: ['project', 'text'],
  keyId: ['key_id', 'text'],
  userId: ['user_id', 'text'],
  conversationId: ['conversation_id', 'text'],
  w3cTraceId: ['w3c_trace_id', 'text'],
  parentSpanId: ['parent_span_id', 'text'],
  endpoint: ['endpoint', 'text', 'not null'],
  dialect: ['dialect', 'text', 'not null'],
  operation: ['operation', 'text', 'not null'],
  model: ['model', 'text'],
  virtualModel: ['virtual_model', 'text'],
  responseModel: ['response_model', 'text'],
  target: ['target', 'text'],
  promptVersion: ['prompt_version', 'text'],
  arm: ['arm', 'text'],
  streamed: ['streamed', 'boolean', 'not null'],
  simulated: ['simulated', 'boolean', 'not null'],
  finishReason: ['finish_reason', 'text'],
  cache: ['cache', 'text'],
  inputTokens: ['input_tokens', 'bigint'],
  outputTokens: ['output_tokens', 'bigint'],
  cacheReadInputTokens: ['cache_read_input_tokens', 'bigint'],
  cacheCreationInputTokens: ['cache_creation_input_tokens', 'bigint'],
  cacheCreation1hInputTokens: ['cache_creation_1h_input_tokens', 'bigint'],
  reasoningOutputTokens: ['reasoning_output_tokens', 'bigint'],
  costNanoUsd: ['cost_nano_usd', 'bigint', 'not null'],
  costKnown: ['cost_known', 'boolean', 'not null'],
  costAssumedNanoUsd: ['cost_assumed_nano_usd', 'bigint', 'not null'],
  latencyMs: ['latency_ms', 'double precision', 'not null'],
  ttftMs: ['ttft_ms', 'double precision'],
  interTokenP95Ms: ['inter_token_p95_ms', 'double precision'],
  overheadMs: ['overhead_ms', 'double precision', 'not null'],
  errorCode: ['error_code', 'text'],
  errorMessage: ['error_message', 'text'],
  errorOrigin: ['error_origin', 'text'],
  attempts: ['attempts', 'json'],
  spans: ['spans', 'json'],
  patches: ['patches', 'json'],
  verdicts: ['verdicts', 'json'],
  warnings: ['warnings', 'json'],
  savings: ['savings', 'json'],
  routing: ['routing', 'json'],
  metadata: ['metadata', 'jsonb'],
  input: ['input', 'json'],
  output: ['output', 'json'],
  searchText: ['search_text', 'text'],
  searchGrams: ['search_grams', 'integer[]'],
});

export const SERIES_TABLE_COLUMNS = columnsOf<keyof typeof usageSeries.$inferSelect>({
  id: ['id', 'uuid', 'not null'],
  scope: ['scope', 'text', 'not null'],
  organisation: ['organisation', 'text'],
  project: ['project', 'text'],
  keyId: ['key_id', 'text'],
  userId: ['user_id', 'text'],
  endpoint: ['endpoint', 'text', 'not null'],
  model: ['model', 'text'],
  virtualModel: ['virtual_model', 'text'],
  target: ['target', 'text'],
  status: ['status', 'text', 'not null'],
});

export const SLOT_COLUMNS = columnsOf<keyof typeof usageSlots.$inferSelect>({
  slot: ['slot', 'timestamp with time zone', 'not null'],
  series: ['series', 'uuid', 'not null'],
  requests: ['requests', 'bigint', 'not null'],
  inputTokens: ['input_tokens', 'bigint'],
  outputTokens: ['output_tokens', 'bigint'],
  cacheReadInputTokens: ['cache_read_input_tokens', 'bigint'],
  cacheCreationInputTokens: ['cache_creation_input_tokens', 'bigint'],
  reasoningOutputTokens: ['reasoning_output_tokens', 'bigint'],
  costNanoUsd: ['cost_nano_usd', 'bigint', 'not null'],
  costAssumedNanoUsd: ['cost_assumed_nano_usd', 'bigint', 'not null'],
  costUnknownRequests: ['cost_unknown_requests', 'bigint', 'not null'],
});

export const SAVING_COLUMNS = columnsOf<keyof typeof savingsSlots.$inferSelect>({
  slot: ['slot', 'timestamp with time zone', 'not null'],
  series: ['series', 'uuid', 'not null'],
  mechanism: ['mechanism', 'text', 'not null'],
  requests: ['requests', 'bigint', 'not null'],
  savedNanoUsd: ['saved_nano_usd', 'bigint', 'not null'],
  inputTokens: ['input_tokens', 'bigint', 'not null'],
  outputTokens: ['output_tokens', 'bigint', 'not null'],
  unknownRequests: ['unknown_requests', 'bigint', 'not null'],
});
