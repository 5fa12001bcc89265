import { listed } from './listed.ts';

const COHERE_PRICING = 'https://cohere.com/pricing';

/** Embeddings and rerank, and what else their providers price in public. */
export const SEARCH_PRICES = [
  ...listed('cohere', {
    [COHERE_PRICING]: [
      { model: 'embed-v4.0', input: 0.12, imageInput: 0.47, output: 0 },
      { model: 'embed-v5.0-pro', input: 0.12, output: 0 },
      { model: 'embed-v5.0-fast', input: 0.08, output: 0 },
      { model: 'rerank-v4.0-fast', input: 0, output: 0, fees: { searchUnit: 2 } },
      { model: 'rerank-v4.0-pro', input: 0, output: 0, fees: { searchUnit: 2.5 } },
    ],
    'https://cohere.com/blog/rerank-5': [
      { model: 'rerank-v5.0-fast', input: 0.02, output: 0 },
      { model: 'rerank-v5.0-pro', input: 0.05, output: 0 },
    ],
    'https://docs.cohere.com/v2/docs/command-r7b': [{ model: 'command-r7b-12-2024', input: 0.0375, output: 0.15 }],
    'https://docs.cohere.com/docs/models': [{ model: 'c4ai-aya-expanse-32b', input: 0.5, output: 1.5 }],
  }),
  ...listed('voyage', {
    'https://docs.voyageai.com/docs/pricing': [
      { model: 'voyage-4-large', input: 0.12, output: 0 },
      { model: 'voyage-4', input: 0.06, output: 0 },
      { model: 'voyage-4-lite', input: 0.02, output: 0 },
      { model: 'voyage-code-4', input: 0.12, output: 0 },
      { model: 'voyage-multilingual-2', input: 0.12, output: 0 },
      { model: 'voyage-large-2-instruct', input: 0.12, output: 0 },
      { model: 'rerank-3', input: 0.05, output: 0 },
      { model: 'rerank-3-lite', input: 0.02, output: 0 },
      { model: 'rerank-1', input: 0.05, output: 0 },
      { model: 'rerank-lite-1', input: 0.02, output: 0 },
    ],
  }),
  ...listed('jina', {
    'https://api.jina.ai/v1/models': [{ model: 'jina-reranker-v2-base-multilingual', input: 0.05, output: 0 }],
  }),
];
