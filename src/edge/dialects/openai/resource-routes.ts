import type { ModelRoute } from '../dialect-adapter.ts';
import { resourceRoute } from '../resource-route.ts';

const FILE = { kind: 'file', shared: true } as const;
const BATCH = { kind: 'batch' } as const;

/**
 * Files, which Anthropic's clients reach under the same paths, and OpenAI's batches.
 * @see https://platform.openai.com/docs/api-reference/files (checked 2026-11-21)
 */
export const KEPT_ROUTES: readonly ModelRoute[] = [
  resourceRoute({
    ...FILE,
    method: 'POST',
    path: '/v1/files',
    action: 'create',
    body: 'form',
    summary: 'Keeps a file',
  }),
  resourceRoute({ ...FILE, method: 'GET', path: '/v1/files', action: 'list', summary: "The project's files" }),
  resourceRoute({ ...FILE, method: 'GET', path: '/v1/files/:id', action: 'retrieve', summary: 'What a file is' }),
  resourceRoute({ ...FILE, method: 'DELETE', path: '/v1/files/:id', action: 'delete', summary: 'Deletes a file' }),
  resourceRoute({
    ...FILE,
    method: 'GET',
    path: '/v1/files/:id/content',
    action: 'read',
    summary: 'What is in a file',
  }),
  resourceRoute({ ...BATCH, method: 'POST', path: '/v1/batches', action: 'create', summary: 'Starts a batch' }),
  resourceRoute({ ...BATCH, method: 'GET', path: '/v1/batches', action: 'list', summary: "The project's batches" }),
  resourceRoute({
    ...BATCH,
    method: 'GET',
    path: '/v1/batches/:id',
    action: 'retrieve',
    summary: 'How a batch goes on',
  }),
  resourceRoute({
    ...BATCH,
    method: 'POST',
    path: '/v1/batches/:id/cancel',
    action: 'cancel',
    summary: 'Stops a batch',
  }),
];
