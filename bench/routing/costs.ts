import { pricedCost } from '../../src/models/pricing/cost.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import type { Price } from '../../src/models/pricing/price.ts';
import { estimateTokens } from '../../src/models/tokens/estimate.ts';
import type { DataSet, Prompt } from './data.ts';
import type { Outcome } from './ranking.ts';

/**
 * List prices of the two models. The preview of GPT-4 Turbo that was asked is not sold any more; its successor has the
 * price that it had.
 */
export const SMALL = { family: 'together', model: 'mistralai/Mixtral-8x7B-Instruct-v0.1' };
export const LARGE = { family: 'openai', model: 'gpt-4-turbo-2024-04-09' };

/** The answers were not recorded: a worked solution here, the letter of a choice there. */
export const OUTPUT_TOKENS: Readonly<Record<DataSet, number>> = { gsm8k: 150, mmlu: 5 };

const NANOS = 1e9;

/** @throws Error where the price list does not have both */
export function outcomesOf(prompts: readonly Prompt[]): Outcome[] {
  const book = new PriceBook({});
  const [small, large] = [SMALL, LARGE].map(({ family, model }) => book.find(family, family, model));
  if (!small || !large) throw new Error('the price list lacks one of the two models');
  return prompts.map((prompt) => ({
    smallOk: prompt.smallOk,
    largeOk: prompt.largeOk,
    smallUsd: usdOf(prompt, SMALL.model, small),
    largeUsd: usdOf(prompt, LARGE.model, large),
  }));
}

function usdOf({ text, dataSet }: Prompt, model: string, price: Price): number {
  const usage = { inputTokens: estimateTokens(text, model), outputTokens: OUTPUT_TOKENS[dataSet] };
  return (pricedCost(usage, price) ?? 0) / NANOS;
}
