import type { Policy, Seen } from './choice.ts';
import { expectedCost } from './costs.ts';
import { count, dollars } from './words.ts';

/** The cheapest for this request. What has no known price is not cheap, and comes last. */
export const byCost: Policy = (choice, able) => {
  const costs = able.map((one) => ({ one, ...expectedCost(choice, one) }));
  const sorted = costs.toSorted(
    (a, b) => (a.nanoUsd ?? Number.MAX_SAFE_INTEGER) - (b.nanoUsd ?? Number.MAX_SAFE_INTEGER),
  );
  const order: Seen[] = sorted.map(({ one }) => one);
  const [first] = sorted;
  if (first?.nanoUsd === undefined) return { order, why: `the first of ${able.length}, since no price is known` };
  const tokens = `${count(choice.inputTokens)} + ${count(first.outputTokens)} tokens`;
  const second = sorted[1]?.nanoUsd;
  const against = second === undefined ? '' : ` against ${dollars(second)}`;
  const unknown = sorted.filter(({ nanoUsd }) => nanoUsd === undefined).length;
  const without = unknown === 0 ? '' : `; ${unknown} without a known price`;
  return {
    order,
    why: `the cheapest of ${able.length} for about ${tokens}: ${dollars(first.nanoUsd)}${against}${without}`,
  };
};
