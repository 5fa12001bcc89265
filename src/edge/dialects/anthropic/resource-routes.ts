import type { ModelRoute } from '../dialect-adapter.ts';
import { resourceRoute } from '../resource-route.ts';

const PATH = '/v1/messages/batches';
const BATCH = { kind: 'message-batch' } as const;

/** Anthropic's batches. @see https://docs.anthropic.com/en/api/creating-message-batches (checked 2026-11-21) */
export const BATCH_ROUTES: readonly ModelRoute[] = [
  resourceRoute({ ...BATCH, method: 'POST', path: PATH, action: 'create', summary: 'Starts a batch of messages' }),
  resourceRoute({ ...BATCH, method: 'GET', path: PATH, action: 'list', summary: "The project's batches of messages" }),
  resourceRoute({ ...BATCH, method: 'GET', path: `${PATH}/:id`, action: 'retrieve', summary: 'How a batch goes on' }),
  resourceRoute({ ...BATCH, method: 'DELETE', path: `${PATH}/:id`, action: 'delete', summary: 'Deletes a batch' }),
  resourceRoute({
    ...BATCH,
    method: 'POST',
    path: `${PATH}/:id/cancel`,
    action: 'cancel',
    summary: 'Stops a batch of messages',
  }),
  resourceRoute({
    ...BATCH,
    method: 'GET',
    path: `${PATH}/:id/results`,
    action: 'read',
    summary: "A batch's answers, a line each",
  }),
];
