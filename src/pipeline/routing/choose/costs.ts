import type { NanoUsd } from '../../../core/money.ts';
import { pricedCost } from '../../../models/pricing/cost.ts';
import { type Choice, type Seen, mannerOf, modelOf, signalsOf } from './choice.ts';

/** What a request is expected to use and to cost at a target. */
interface ExpectedCost {
  readonly outputTokens: number;
  /** Undefined where its price is not known. */
  readonly nanoUsd: NanoUsd | undefined;
}

/** By the tokens that it is about, and by what the target usually answers to such requests. */
export function expectedCost(choice: Choice, one: Seen): ExpectedCost {
  const { call, catalog, inputTokens } = choice;
  const { provider: providerName, model } = one.target;
  const outputTokens = usualAnswer(choice, one);
  const price = catalog.priceOf(catalog.provider(providerName), model);
  const durationMs = signalsOf(choice, one).averageMs(mannerOf(choice)) ?? 0;
  const nanoUsd = pricedCost({ inputTokens, outputTokens }, price, { sentAt: call.receivedAt, durationMs });
  return { outputTokens, nanoUsd };
}

function usualAnswer({ call, signals }: Choice, { name }: Seen): number {
  if (call.operation !== 'chat' && call.operation !== 'completion') return 0;
  const usual = signals.usualAnswer(modelOf(call), name);
  return Math.min(usual, call.needs.outputTokens ?? usual);
}
