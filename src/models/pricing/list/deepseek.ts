import type { Variant } from '../price.ts';
import { listed } from './listed.ts';

/** @see https://api-docs.deepseek.com/quick_start/pricing (checked 2026-11-21); holidays of Beijing are not told apart. */
const PEAK: Variant = {
  when: {
    hours: {
      spans: [
        [9, 12],
        [14, 18],
      ],
      utcOffset: 8,
      weekdays: [1, 2, 3, 4, 5],
    },
  },
  factor: 2,
};

/** DeepSeek, off-peak; on working days in Beijing some hours cost twice as much. */
export const DEEPSEEK_PRICES = listed('deepseek', {
  'https://api-docs.deepseek.com/quick_start/pricing': [
    { model: 'deepseek-flash', input: 0.15, cacheRead: 0.003, output: 0.6, variants: [PEAK] },
    { model: 'deepseek-v4-flash', input: 0.15, cacheRead: 0.003, output: 0.6, variants: [PEAK] },
    { model: 'deepseek-v4-flash-vision-exp', input: 0.15, cacheRead: 0.003, output: 0.6, variants: [PEAK] },
    { model: 'deepseek-v4-pro', input: 0.66, cacheRead: 0.022, output: 1.98, variants: [PEAK] },
  ],
});
