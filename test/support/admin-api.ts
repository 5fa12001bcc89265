import assert from 'node:assert/strict';

import type { Json, JsonObject } from '../../src/core/json.ts';
import type { TraceView } from '../../src/records/traces/view-schema.ts';

interface AdminAnswer {
  readonly status: number;
  /** The body as it came. */
  readonly text: string;
  /** The same, parsed. */
  readonly json: JsonObject;
}

export type AdminApi = (path: string, init?: { method?: string; body?: Json }) => Promise<AdminAnswer>;

/** Asks the admin API of a running gateway. */
export function adminOf(url: string, adminKey: string): AdminApi {
  return async (path, { method = 'GET', body } = {}) => {
    const response = await fetch(`${url}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: JSON.parse(text) as JsonObject };
  };
}

/** On a busy machine the first record is written later than the admin API waits for it. */
const TRACE_LIMIT_MS = 10_000;

export async function traceOf(admin: AdminApi, requestId: string | null | undefined): Promise<TraceView> {
  assert.match(requestId ?? '', /^[0-9a-f]{32}$/, 'an answer names its request');
  const limit = performance.now() + TRACE_LIMIT_MS;
  for (;;) {
    const { status, text, json } = await admin(`/traces/${requestId}`);
    if (status === 200) return json as unknown as TraceView;
    assert.ok(status === 404 && performance.now() < limit, text);
  }
}
