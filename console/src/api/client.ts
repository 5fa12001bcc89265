import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryHooks from 'openapi-react-query';

import { ApiError } from './api-error.ts';
import type { paths } from './schema.gen.ts';

/** Proves to the gateway that a change comes from this page and not from a form of another site. */
const CONSOLE_HEADER = { 'x-causeway-console': '1' };

/** A refusal is thrown, so that a page never mistakes it for data. */
const throwRefusals: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await ApiError.of(response);
  },
};

/** The admin API, typed by the gateway's own description. */
export const client = createFetchClient<paths>({ credentials: 'same-origin', headers: CONSOLE_HEADER });
client.use(throwRefusals);

/** The same as hooks: `api.useQuery('get', '/admin/v1/keys', { params: { query: { limit: '50' } } })`. */
export const api = createQueryHooks(client);

/** For what is no JSON: exports, events, the models' own API. @throws ApiError */
export async function fetchRaw(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...CONSOLE_HEADER, ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(path, { credentials: 'same-origin', ...init, headers });
  if (!response.ok) throw await ApiError.of(response);
  return response;
}
