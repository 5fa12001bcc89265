import { type Call, header } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { KeptRequest } from './review.ts';

/** A longer one cannot wait: it would have to be sealed, stored and read by somebody. */
export const MOST_REQUEST_BYTES = 4 * 1024 * 1024;

/** What means something to a provider or to the gateway. Nothing that says who is calling. */
const KEPT_HEADERS = [
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'prefer',
  'traceparent',
  'user-agent',
  'x-causeway-user',
  'x-causeway-conversation',
  'x-causeway-priority',
  'x-causeway-prefer',
  'x-causeway-metadata',
  'x-causeway-cache',
  'x-causeway-cache-tags',
];

/**
 * A request as it can be made again later.
 * @throws guard_review where it cannot be: a form with files, a request for what a provider keeps, or one without a key
 * @throws request_too_large
 */
export function keptRequest(call: Call): KeptRequest {
  const { dialect, operation, endpoint, facts, query, clientIp, body, principal } = call;
  if (call.form || call.resource || !principal) {
    throw new GatewayError('guard_review', {
      message:
        'Somebody would have to approve this first, and requests with files or for stored things cannot wait for that.',
    });
  }
  if (body.raw.length > MOST_REQUEST_BYTES) throw tooLarge('A request');
  return {
    dialect,
    operation,
    endpoint,
    model: facts.model,
    stream: facts.stream,
    query,
    clientIp,
    headers: keptHeaders(call),
    body: body.raw.toString('utf8'),
    keyId: principal.keyId,
    project: principal.project,
    user: facts.user ?? principal.user,
  };
}

export function withBody(request: KeptRequest, body: JsonObject): KeptRequest {
  return { ...request, body: JSON.stringify(body) };
}

export function tooLarge(what: string): GatewayError {
  return new GatewayError('request_too_large', {
    message: `${what} that waits for somebody's approval has at most ${MOST_REQUEST_BYTES / 1024 / 1024} MB.`,
  });
}

function keptHeaders(call: Call): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = header(call, name);
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
