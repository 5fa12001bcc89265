import { listed } from './listed.ts';

/** Z.ai, the international list of Zhipu. */
export const ZAI_PRICES = listed('zai', {
  'https://docs.z.ai/guides/overview/pricing': [
    { model: 'glm-5', input: 1, cacheRead: 0.2, output: 3.2 },
    { model: 'glm-5.3', input: 1.4, cacheRead: 0.26, output: 4.4 },
    { model: 'glm-5.3-flash', input: 0.15, cacheRead: 0.03, output: 0.5 },
    { model: 'glm-5.1', input: 1.4, cacheRead: 0.26, output: 4.4 },
    { model: 'glm-5-code', input: 1.2, cacheRead: 0.3, output: 5 },
    { model: 'glm-4.7', input: 0.6, cacheRead: 0.11, output: 2.2 },
    { model: 'glm-4.6', input: 0.6, cacheRead: 0.11, output: 2.2 },
    { model: 'glm-4.5', input: 0.6, output: 2.2 },
    { model: 'glm-4.5v', input: 0.6, output: 1.8 },
    { model: 'glm-4.5-x', input: 2.2, output: 8.9 },
    { model: 'glm-4.5-air', input: 0.2, output: 1.1 },
    { model: 'glm-4.5-airx', input: 1.1, output: 4.5 },
    { model: 'glm-4-32b-0414-128k', input: 0.1, output: 0.1 },
    { model: 'glm-5.2', input: 1.4, cacheRead: 0.26, output: 4.4 },
  ],
});
