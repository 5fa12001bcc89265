import type { PriceRow } from '../price-row.ts';

const made = { family: 'simulator', from: '2026-01-01', checked: '2026-11-21', source: 'docs/simulator.md' };

/** The simulator's are made up, so that cost and budgets can be tried without a bill. */
export const SIMULATOR_PRICES: readonly PriceRow[] = [
  { ...made, model: 'echo', input: 0.1, cacheRead: 0.01, output: 0.4 },
  { ...made, model: 'small', input: 0.1, cacheRead: 0.01, output: 0.4 },
  { ...made, model: 'large', input: 2, cacheRead: 0.2, output: 8 },
  { ...made, model: 'embed', input: 0.02, output: 0 },
];
