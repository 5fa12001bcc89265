/** What of an OpenAI-shaped server's response headers a client may see, under its own name. */
export const PASSED_HEADERS: ReadonlySet<string> = new Set([
  'x-request-id',
  'openai-processing-ms',
  'openai-version',
  'openai-organization',
  'x-ratelimit-limit-requests',
  'x-ratelimit-limit-tokens',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-reset-requests',
  'x-ratelimit-reset-tokens',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'retry-after',
  'retry-after-ms',
]);

/** Client headers that mean something where files and batches are kept. */
export const RESOURCE_HEADERS = ['openai-beta', 'idempotency-key', 'traceparent', 'tracestate'] as const;
