import type { Reading } from '../../../records/metrics/registry.ts';
import { NOW_MS } from './health.ts';
import type { PromptGroup } from './prompt-group.ts';

/** Hit rates of the last minutes, each with its model and target: of all groups that are of the same together. */
export function hitRatios(groups: Iterable<PromptGroup>, nowMs: number): Reading[] {
  const sums = new Map<string, { readonly labels: readonly [string, string]; cached: number; input: number }>();
  for (const { name, tokens } of groups) {
    const key = `${name.counted}\n${name.target}`;
    const sum = sums.get(key) ?? { labels: [name.counted, name.target], cached: 0, input: 0 };
    const [cached, input] = tokens.over(NOW_MS, nowMs);
    sum.cached += cached;
    sum.input += input;
    sums.set(key, sum);
  }
  return [...sums.values()]
    .filter(({ input }) => input > 0)
    .map(({ labels, cached, input }) => [cached / input, ...labels]);
}
