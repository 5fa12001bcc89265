import { listed } from './listed.ts';

/** Mistral. */
export const MISTRAL_PRICES = listed('mistral', {
  'https://docs.mistral.ai/models/model-cards/codestral-25-08': [
    { model: 'codestral-2508', input: 0.3, cacheRead: 0.03, output: 0.9 },
    { model: 'codestral-latest', input: 0.3, cacheRead: 0.03, output: 0.9 },
    { model: 'mistral-code-latest', input: 0.3, cacheRead: 0.03, output: 0.9 },
    { model: 'mistral-code-fim-latest', input: 0.3, cacheRead: 0.03, output: 0.9 },
  ],
  'https://mistral.ai/technology/': [
    { model: 'codestral-mamba-latest', input: 0.25, cacheRead: 0.025, output: 0.25 },
    { model: 'open-mistral-nemo', input: 0.3, cacheRead: 0.03, output: 0.3 },
  ],
  'https://docs.mistral.ai/models/devstral-small-2-25-12': [
    { model: 'devstral-small-latest', input: 0.1, cacheRead: 0.01, output: 0.3 },
  ],
  'https://mistral.ai/news/devstral-2-vibe-cli': [
    { model: 'devstral-latest', input: 0.4, cacheRead: 0.04, output: 2 },
    { model: 'devstral-medium-latest', input: 0.4, cacheRead: 0.04, output: 2 },
    { model: 'mistral-code-agent-latest', input: 0.4, cacheRead: 0.04, output: 2 },
  ],
  'https://docs.mistral.ai/models/ministral-3-14b-25-12': [
    { model: 'ministral-14b-2512', input: 0.2, cacheRead: 0.02, output: 0.2 },
    { model: 'ministral-14b-latest', input: 0.2, cacheRead: 0.02, output: 0.2 },
  ],
  'https://docs.mistral.ai/models/ministral-3-3b-25-12': [
    { model: 'ministral-3b-2512', input: 0.1, cacheRead: 0.01, output: 0.1 },
    { model: 'ministral-3b-latest', input: 0.1, cacheRead: 0.01, output: 0.1 },
  ],
  'https://docs.mistral.ai/models/mistral-embed-23-12': [{ model: 'mistral-embed-2312', input: 0.1, output: 0 }],
  'https://docs.mistral.ai/models/model-cards/mistral-medium-3-5-26-04': [
    { model: 'mistral-medium-3', input: 1.5, cacheRead: 0.15, output: 7.5 },
    { model: 'magistral-medium-latest', input: 1.5, cacheRead: 0.15, output: 7.5 },
    { model: 'mistral-medium', input: 1.5, cacheRead: 0.15, output: 7.5 },
    { model: 'mistral-medium-2604', input: 1.5, cacheRead: 0.15, output: 7.5 },
    { model: 'mistral-medium-latest', input: 1.5, cacheRead: 0.15, output: 7.5 },
    { model: 'mistral-medium-3-5', input: 1.5, cacheRead: 0.15, output: 7.5 },
    { model: 'mistral-medium-3.5', input: 1.5, cacheRead: 0.15, output: 7.5 },
    { model: 'mistral-vibe-cli-latest', input: 1.5, cacheRead: 0.15, output: 7.5 },
    { model: 'mistral-vibe-cli-with-tools', input: 1.5, cacheRead: 0.15, output: 7.5 },
  ],
  'https://docs.mistral.ai/models/voxtral-small-25-07': [
    { model: 'voxtral-small-2507', input: 0.1, cacheRead: 0.01, output: 0.4 },
    { model: 'voxtral-small-latest', input: 0.1, cacheRead: 0.01, output: 0.4 },
  ],
  'https://docs.mistral.ai/models/zai-glm-5-2': [
    { model: 'zai-glm-5-2', input: 1.4, cacheRead: 0.14, output: 4.4 },
    { model: 'glm-5-2', input: 1.4, cacheRead: 0.14, output: 4.4 },
  ],
  'https://docs.mistral.ai/models/deepseek-v4-flash-1017': [
    { model: 'deepseek-v4-1-flash-1017', input: 0.3, cacheRead: 0.007, output: 1.2 },
  ],
  'https://docs.mistral.ai/models/zai-glm-5-3': [
    { model: 'zai-glm-5-3', input: 1.4, cacheRead: 0.14, output: 4.4 },
    { model: 'zai-glm-5', input: 1.4, cacheRead: 0.14, output: 4.4 },
    { model: 'zai-glm-latest', input: 1.4, cacheRead: 0.14, output: 4.4 },
  ],
  'https://docs.mistral.ai/models/zai-glm-5-3-flash': [
    { model: 'zai-glm-5-3-flash', input: 0.15, cacheRead: 0.03, output: 0.5 },
  ],
  'https://docs.mistral.ai/models/model-cards/mistral-small-4-0-26-03': [
    { model: 'magistral-small-latest', input: 0.15, cacheRead: 0.015, output: 0.6 },
    { model: 'mistral-small-latest', input: 0.15, cacheRead: 0.015, output: 0.6 },
    { model: 'mistral-small-2603', input: 0.15, cacheRead: 0.015, output: 0.6 },
    { model: 'mistral-vibe-cli-fast', input: 0.15, cacheRead: 0.015, output: 0.6 },
  ],
  'https://docs.mistral.ai/models/mistral-large-4': [
    { model: 'mistral-large-4', input: 1.36, cacheRead: 0.14, output: 4.18 },
    { model: 'mistral-large-4-0', input: 1.36, cacheRead: 0.14, output: 4.18 },
  ],
  'https://docs.mistral.ai/models/mistral-large-3-25-12': [
    { model: 'mistral-large-latest', input: 0.5, cacheRead: 0.05, output: 1.5 },
    { model: 'mistral-large-3', input: 0.5, cacheRead: 0.05, output: 1.5 },
    { model: 'mistral-large-2512', input: 0.5, cacheRead: 0.05, output: 1.5 },
  ],
  'https://mistral.ai/pricing': [
    { model: 'ministral-3-3b-2512', input: 0.1, cacheRead: 0.01, output: 0.1 },
    { model: 'ministral-3-8b-2512', input: 0.15, cacheRead: 0.015, output: 0.15 },
    { model: 'ministral-3-14b-2512', input: 0.2, cacheRead: 0.02, output: 0.2 },
    { model: 'ministral-8b-2512', input: 0.15, cacheRead: 0.015, output: 0.15 },
    { model: 'ministral-8b-latest', input: 0.15, cacheRead: 0.015, output: 0.15 },
  ],
});
