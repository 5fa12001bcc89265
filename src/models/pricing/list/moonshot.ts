import { listed } from './listed.ts';

/** Moonshot AI. */
export const MOONSHOT_PRICES = listed('moonshot', {
  'https://platform.kimi.ai/docs/pricing/chat-k27-code': [
    { model: 'kimi-k2.7-code', input: 0.95, cacheRead: 0.19, output: 4 },
  ],
  'https://platform.moonshot.ai/docs/guide/kimi-k2-5-quickstart': [
    { model: 'kimi-k2.5', input: 0.6, cacheRead: 0.1, output: 3 },
  ],
  'https://platform.kimi.ai/docs/pricing/chat-k26': [{ model: 'kimi-k2.6', input: 0.95, cacheRead: 0.16, output: 4 }],
  'https://platform.kimi.ai/docs/pricing/chat': [
    { model: 'kimi-k3.1-pro', input: 2, cacheRead: 0.2, cacheWrite: 2, cacheWrite1h: 4, output: 10 },
  ],
  'https://platform.kimi.ai/docs/pricing/chat-k3': [
    { model: 'kimi-k3', input: 3, cacheRead: 0.3, cacheWrite: 3, cacheWrite1h: 6, output: 15 },
  ],
  'https://platform.moonshot.ai/docs/pricing': [
    { model: 'moonshot-v1-128k', input: 2, output: 5 },
    { model: 'moonshot-v1-128k-vision-preview', input: 2, output: 5 },
    { model: 'moonshot-v1-32k', input: 1, output: 3 },
    { model: 'moonshot-v1-32k-vision-preview', input: 1, output: 3 },
    { model: 'moonshot-v1-8k', input: 0.2, output: 2 },
    { model: 'moonshot-v1-8k-vision-preview', input: 0.2, output: 2 },
    { model: 'moonshot-v1-auto', input: 2, output: 5 },
  ],
});
