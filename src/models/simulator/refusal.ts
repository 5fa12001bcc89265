import type { SimulatedDialect } from './simulated-dialect.ts';

/** A request that the simulated provider does not answer: what a real one would say in its place. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** The request field at fault, as OpenAI names it. */
  readonly param: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { param?: string; retryAfterMs?: number | undefined; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.param = more.param;
    this.retryAfterMs = more.retryAfterMs;
    this.headers = more.headers ?? {};
  }
}

interface OpenAiKind {
  readonly type: string;
  readonly code: string | null;
}

/** @see https://platform.openai.com/docs/guides/error-codes (checked 2026-11-21) */
const OPENAI_KINDS: Readonly<Record<number, OpenAiKind>> = {
  401: { type: 'invalid_request_error', code: 'invalid_api_key' },
  402: { type: 'insufficient_quota', code: 'insufficient_quota' },
  403: { type: 'invalid_request_error', code: 'unsupported_country_region_territory' },
  404: { type: 'invalid_request_error', code: 'model_not_found' },
  429: { type: 'requests', code: 'rate_limit_exceeded' },
};

/** @see https://docs.anthropic.com/en/api/errors (checked 2026-11-21) */
const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  401: 'Incorrect API key provided.',
  402: 'You exceeded your current quota, please check your plan and billing details.',
  403: 'You are not allowed to do this.',
  404: 'The model does not exist or you do not have access to it.',
  408: 'The request took too long to arrive.',
  409: 'The resource was changed by another request.',
  413: 'The request is too large.',
  422: 'The request could not be processed.',
  429: 'Rate limit reached. Please try again later.',
  503: 'The engine is currently overloaded, please try again later.',
  504: 'The request timed out.',
  529: 'Overloaded',
};

/** What a simulated fault of that status says. */
export function faultMessage(status: number): string {
  return `${MESSAGES[status] ?? 'The server had an error while processing your request.'} (simulated)`;
}

/** The error object of an OpenAI body or stream frame. */
function openAiError({ status, message, param }: Refusal): object {
  const usual = status < 500 ? 'invalid_request_error' : 'server_error';
  const kind = OPENAI_KINDS[status] ?? { type: usual, code: null };
  return { error: { message, type: kind.type, param: param ?? null, code: kind.code } };
}

function anthropicError({ status, message }: Refusal, requestId: string): object {
  const usual = status < 500 ? 'invalid_request_error' : 'api_error';
  return { type: 'error', error: { type: ANTHROPIC_TYPES[status] ?? usual, message }, request_id: requestId };
}

/** The body of an error in the shape that the dialect's real provider gives it. */
export function refusalBody(dialect: SimulatedDialect, refusal: Refusal, requestId: string): string {
  return JSON.stringify(dialect === 'openai' ? openAiError(refusal) : anthropicError(refusal, requestId));
}

/** An error event in mid-stream. */
export function refusalFrame(dialect: SimulatedDialect, refusal: Refusal, requestId: string): string {
  const lead = dialect === 'openai' ? '' : 'event: error\n';
  return `${lead}data: ${refusalBody(dialect, refusal, requestId)}\n\n`;
}
