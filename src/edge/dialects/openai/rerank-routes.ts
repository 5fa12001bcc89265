import type { ModelRoute } from '../dialect-adapter.ts';

/** OpenAI has no ranking; these are the paths of Cohere's and of Jina's clients, who read one shape of answer. */
export const RERANK_ROUTES: readonly ModelRoute[] = [
  { path: '/v1/rerank', operation: 'rerank', summary: 'Documents by their nearness to a query, as at Jina and Cohere' },
  { path: '/v2/rerank', operation: 'rerank', summary: "The same, under the path of Cohere's clients" },
];
