import type { PriceRow } from './price-row.ts';

/** The day on which the rows below were read, and from which they are known to hold. */
const LIST_DATE = '2026-11-21';

const said = (source: string) => ({ from: LIST_DATE, checked: LIST_DATE, source });
const OPENAI = { family: 'openai', ...said('https://openai.com/api/pricing') };
const ANTHROPIC = { family: 'anthropic', ...said('https://docs.anthropic.com/en/docs/about-claude/pricing') };
const SIMULATOR = { family: 'simulator', ...said('docs/simulator.md') };

function openai(model: string, input: number, cacheRead: number, output: number): PriceRow {
  return { ...OPENAI, model, input, cacheRead, output };
}

function embedding(model: string, input: number): PriceRow {
  return { ...OPENAI, model, input, output: 0 };
}

/** Cache writes cost 1.25 × input for five minutes and 2 × for an hour; reads a tenth. */
function claude(model: string, input: number, output: number): PriceRow {
  const rounded = (factor: number): number => Number((input * factor).toFixed(4));
  return {
    ...ANTHROPIC,
    model,
    input,
    output,
    cacheRead: rounded(0.1),
    cacheWrite: rounded(1.25),
    cacheWrite1h: rounded(2),
  };
}

/**
 * A first, small table: models whose list price is known. What is not here has an unknown price.
 * @see https://openai.com/api/pricing
 * @see https://docs.anthropic.com/en/docs/about-claude/pricing
 */
export const LIST_PRICES: readonly PriceRow[] = [
  openai('gpt-5', 1.25, 0.125, 10),
  openai('gpt-5-mini', 0.25, 0.025, 2),
  openai('gpt-5-nano', 0.05, 0.005, 0.4),
  openai('gpt-4.1', 2, 0.5, 8),
  openai('gpt-4.1-mini', 0.4, 0.1, 1.6),
  openai('gpt-4.1-nano', 0.1, 0.025, 0.4),
  openai('gpt-4o', 2.5, 1.25, 10),
  openai('gpt-4o-mini', 0.15, 0.075, 0.6),
  openai('o3', 2, 0.5, 8),
  openai('o4-mini', 1.1, 0.275, 4.4),
  { ...OPENAI, model: 'gpt-4o-2024-05-13', input: 5, output: 15 },
  embedding('text-embedding-3-small', 0.02),
  embedding('text-embedding-3-large', 0.13),
  embedding('text-embedding-ada-002', 0.1),
  claude('claude-opus-4-5', 5, 25),
  claude('claude-opus-4-1', 15, 75),
  claude('claude-opus-4', 15, 75),
  claude('claude-sonnet-4-5', 3, 15),
  claude('claude-sonnet-4', 3, 15),
  claude('claude-haiku-4-5', 1, 5),
  claude('claude-3-5-haiku', 0.8, 4),
  // The simulator's are made up, so that cost and budgets can be tried without a bill.
  { ...SIMULATOR, model: 'echo', input: 0.1, cacheRead: 0.01, output: 0.4 },
  { ...SIMULATOR, model: 'small', input: 0.1, cacheRead: 0.01, output: 0.4 },
  { ...SIMULATOR, model: 'large', input: 2, cacheRead: 0.2, output: 8 },
  { ...SIMULATOR, model: 'embed', input: 0.02, output: 0 },
];

/** The models of a family that the table knows, to be shown where the operator names none. */
export function listedModels(family: string): string[] {
  return [...new Set(LIST_PRICES.filter((row) => row.family === family).map(({ model }) => model))];
}
