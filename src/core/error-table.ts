/** Whose fault an error is; decides who is blamed in metrics and whether a target cools down. */
export type ErrorOrigin = 'client' | 'policy' | 'provider' | 'gateway';

export interface ErrorRow {
  readonly status: number;
  /** Where the Anthropic dialect has a status of its own. */
  readonly anthropicStatus?: number;
  /** `error.type` of the OpenAI dialect. */
  readonly openai: string;
  /** `error.type` of the Anthropic dialect. */
  readonly anthropic: string;
  /** Whether the same request may succeed later; becomes `x-should-retry` for the SDKs. */
  readonly retryable: boolean;
  readonly origin: ErrorOrigin;
  /** What a person can do about it; a throw site may say something more exact. */
  readonly message: string;
}

/**
 * Every error that leaves this gateway, one row a code. `docs/errors.md` lists the same rows, and a test holds the two together.
 *
 * @see https://platform.openai.com/docs/guides/error-codes (checked 2026-11-21)
 * @see https://docs.anthropic.com/en/api/errors (checked 2026-11-21)
 */
export const ERRORS = {
  request_invalid: {
    status: 400,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'client',
    message: 'The request is not valid. Correct it and send it again.',
  },
  auth_missing_key: {
    status: 401,
    openai: 'invalid_request_error',
    anthropic: 'authentication_error',
    retryable: false,
    origin: 'client',
    message:
      'No API key was sent. Send a Causeway key (cw-…) as "Authorization: Bearer cw-…", "x-api-key: cw-…" or ' +
      '"x-goog-api-key: cw-…".',
  },
  auth_invalid_key: {
    status: 401,
    openai: 'invalid_request_error',
    anthropic: 'authentication_error',
    retryable: false,
    origin: 'client',
    message: 'The API key is unknown, expired or revoked. Ask the operator of this gateway for a new one.',
  },
  auth_forbidden: {
    status: 403,
    openai: 'invalid_request_error',
    anthropic: 'permission_error',
    retryable: false,
    origin: 'policy',
    message: 'This key may not do that.',
  },
  access_blocked: {
    status: 403,
    openai: 'invalid_request_error',
    anthropic: 'permission_error',
    retryable: false,
    origin: 'policy',
    message: 'Access is blocked for a while. Ask the operator of this gateway why, and to lift it.',
  },
  limit_requests: {
    status: 429,
    openai: 'requests',
    anthropic: 'rate_limit_error',
    retryable: true,
    origin: 'policy',
    message: 'Too many requests. Send it again after Retry-After.',
  },
  limit_tokens: {
    status: 429,
    openai: 'tokens',
    anthropic: 'rate_limit_error',
    retryable: true,
    origin: 'policy',
    message: 'Too many tokens. Send it again after Retry-After.',
  },
  limit_concurrency: {
    status: 429,
    openai: 'requests',
    anthropic: 'rate_limit_error',
    retryable: true,
    origin: 'policy',
    message: 'Too many requests at the same time. Send it again when another one has ended.',
  },
  budget_exhausted: {
    status: 429,
    openai: 'insufficient_quota',
    anthropic: 'rate_limit_error',
    retryable: false,
    origin: 'policy',
    message: 'The budget is used up. Ask the operator of this gateway for more, or wait for the next period.',
  },
  cost_unbounded: {
    status: 400,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'policy',
    message:
      'A hard budget is in force, and nothing bounds what this request may cost: the price of the model is not known, ' +
      'or it asks for something without an end. Ask the operator for a price, or for a soft budget.',
  },
  counters_unavailable: {
    status: 503,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: true,
    origin: 'gateway',
    message:
      'The counters of limits and budgets do not answer, and the policy is to wait for them. Send it again later.',
  },
  model_not_found: {
    status: 404,
    openai: 'invalid_request_error',
    anthropic: 'not_found_error',
    retryable: false,
    origin: 'client',
    message: 'There is no such model here. GET /v1/models lists the ones there are.',
  },
  cache_miss: {
    status: 404,
    openai: 'invalid_request_error',
    anthropic: 'not_found_error',
    retryable: false,
    origin: 'client',
    message: 'The cache has no answer to this, and the request (x-causeway-cache: only) allows no other.',
  },
  path_not_found: {
    status: 404,
    openai: 'invalid_request_error',
    anthropic: 'not_found_error',
    retryable: false,
    origin: 'client',
    message: 'There is no such path or method here. GET /openapi.json lists the ones there are.',
  },
  resource_not_found: {
    status: 404,
    openai: 'invalid_request_error',
    anthropic: 'not_found_error',
    retryable: false,
    origin: 'client',
    message: 'There is nothing under that id.',
  },
  conflict: {
    status: 409,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'client',
    message: 'Something else was changed in between, or stands in the way. Look at how it is now, and decide anew.',
  },
  operation_unsupported: {
    status: 400,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'client',
    message: 'The provider of this model does not serve this kind of request.',
  },
  capability_unsupported: {
    status: 400,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'client',
    message: 'The model that was asked for cannot do what the request needs. GET /v1/models shows what models can do.',
  },
  context_length_exceeded: {
    status: 400,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'client',
    message: 'The prompt is longer than the model can read. Shorten it or ask a model with a longer context.',
  },
  content_policy_violation: {
    status: 400,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'client',
    message: "The provider's own content filter refused the request. Change what it says or ask another model.",
  },
  guard_blocked: {
    status: 400,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'policy',
    message: 'This request was refused by a safety policy.',
  },
  guard_review: {
    status: 403,
    openai: 'invalid_request_error',
    anthropic: 'permission_error',
    retryable: false,
    origin: 'policy',
    message: 'Somebody has to approve this first. The id of the review is in this message.',
  },
  guard_failed: {
    status: 503,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: true,
    origin: 'gateway',
    message: 'A safety check could not be made, and without it nothing goes through. Send it again later.',
  },
  guard_output_invalid: {
    status: 502,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: true,
    origin: 'provider',
    message: "The answer is not as the request's JSON schema says.",
  },
  request_too_large: {
    status: 413,
    openai: 'invalid_request_error',
    anthropic: 'request_too_large',
    retryable: false,
    origin: 'client',
    message: 'The request body is over the limit of this gateway (server.bodyLimit).',
  },
  content_type_unsupported: {
    status: 415,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'client',
    message: 'Send the body as JSON with "Content-Type: application/json".',
  },
  headers_too_large: {
    status: 431,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'client',
    message: 'The request headers are over 16 KB. Send less in headers.',
  },
  client_aborted: {
    status: 499,
    openai: 'invalid_request_error',
    anthropic: 'invalid_request_error',
    retryable: false,
    origin: 'client',
    message: 'The client closed the connection before the answer was complete.',
  },
  provider_auth_failed: {
    status: 502,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: false,
    origin: 'provider',
    message: "The provider refused this gateway's own credentials. The operator has to check the provider key.",
  },
  provider_rate_limited: {
    status: 429,
    openai: 'rate_limit_error',
    anthropic: 'rate_limit_error',
    retryable: true,
    origin: 'provider',
    message: 'The provider is limiting requests. Wait as long as Retry-After says and send it again.',
  },
  provider_overloaded: {
    status: 503,
    anthropicStatus: 529,
    openai: 'server_error',
    anthropic: 'overloaded_error',
    retryable: true,
    origin: 'provider',
    message: 'The provider is overloaded. Send it again later.',
  },
  provider_error: {
    status: 502,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: true,
    origin: 'provider',
    message: 'The provider failed to answer. Send it again later.',
  },
  provider_unreachable: {
    status: 502,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: true,
    origin: 'provider',
    message: 'No connection to the provider could be made. The operator has to check its address and the network.',
  },
  provider_timeout: {
    status: 504,
    openai: 'server_error',
    anthropic: 'timeout_error',
    retryable: true,
    origin: 'provider',
    message: 'The provider did not answer in time. Send it again later.',
  },
  provider_bad_response: {
    status: 502,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: true,
    origin: 'provider',
    message: 'The provider answered with something that is not its protocol.',
  },
  stream_interrupted: {
    status: 502,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: true,
    origin: 'provider',
    message: "The provider's stream ended before the answer was complete. What came so far is not the whole answer.",
  },
  target_unavailable: {
    status: 503,
    openai: 'server_error',
    anthropic: 'overloaded_error',
    retryable: true,
    origin: 'provider',
    message:
      'Every target of this model has failed too often and is left alone for a while. Send it again after Retry-After.',
  },
  queue_full: {
    status: 503,
    openai: 'server_error',
    anthropic: 'overloaded_error',
    retryable: true,
    origin: 'gateway',
    message: 'The request cannot be served in time: too many wait for this model. Send it again after Retry-After.',
  },
  gateway_overloaded: {
    status: 503,
    openai: 'server_error',
    anthropic: 'overloaded_error',
    retryable: true,
    origin: 'gateway',
    message:
      'This gateway has more work than it can do and serves requests of higher priority first. Send it again later.',
  },
  deadline_exceeded: {
    status: 504,
    openai: 'server_error',
    anthropic: 'timeout_error',
    retryable: false,
    origin: 'client',
    message: 'The time that the request allowed (x-causeway-timeout-ms) is over.',
  },
  shutting_down: {
    status: 503,
    openai: 'server_error',
    anthropic: 'overloaded_error',
    retryable: true,
    origin: 'gateway',
    message: 'This gateway is shutting down. Send it again: another replica or the next start will answer.',
  },
  storage_unavailable: {
    status: 503,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: true,
    origin: 'gateway',
    message: 'The database does not answer, so this cannot be shown or changed now. Model requests are not affected.',
  },
  internal: {
    status: 500,
    openai: 'server_error',
    anthropic: 'api_error',
    retryable: true,
    origin: 'gateway',
    message: 'The gateway failed. The trace under the request id says more.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;
