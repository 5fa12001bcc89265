import type { ModelRoute } from '../dialect-adapter.ts';
import { resourceRoute } from '../resource-route.ts';

const PATH = '/v1/responses/:id';
const RESPONSE = { kind: 'response', path: PATH } as const;

/** Stored responses. @see https://platform.openai.com/docs/api-reference/responses (checked 2026-11-21) */
export const STORED_ROUTES: readonly ModelRoute[] = [
  resourceRoute({ ...RESPONSE, method: 'GET', action: 'retrieve', summary: 'A stored response' }),
  resourceRoute({ ...RESPONSE, method: 'DELETE', action: 'delete', summary: 'Deletes a stored response' }),
  resourceRoute({
    ...RESPONSE,
    method: 'POST',
    path: `${PATH}/cancel`,
    action: 'cancel',
    summary: 'Stops a response that is made in the background',
  }),
  resourceRoute({
    ...RESPONSE,
    method: 'GET',
    path: `${PATH}/input_items`,
    action: 'read',
    summary: 'What a stored response was made from',
  }),
];
