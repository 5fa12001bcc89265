import type { Policy } from './choice.ts';
import { drawn, stickyKey } from './draw.ts';
import { percent } from './words.ts';

export const byOrder: Policy = (_, able) => {
  const why = able.length === 1 ? 'the only one that may be asked' : `the first of ${able.length} as they stand`;
  return { order: able, why };
};

export const byWeight: Policy = (choice, able) => {
  const { plan, random } = choice;
  const key = stickyKey(choice);
  const order = drawn(able, key, random);
  let all = 0;
  for (const { weight } of able) all += weight;
  const share = all === 0 ? 0 : (order[0]?.weight ?? 0) / all;
  const how = key === undefined ? 'at random' : `for this ${plan.sticky}`;
  return { order, why: `chosen ${how}, with ${percent(share)} of the weight` };
};

/** The best of them by what the operator says; where nothing is said, the later it stands the less. */
export const byQuality: Policy = ({ plan }, able) => {
  const all = plan.candidates.length;
  const qualities = able.map((one) => ({ one, quality: one.quality ?? 1 - one.position / all }));
  const sorted = qualities.toSorted((a, b) => b.quality - a.quality);
  const [first] = sorted;
  const how = first?.one.quality === undefined ? 'as they stand' : `(${first.quality})`;
  return { order: sorted.map(({ one }) => one), why: `the best of ${able.length} ${how}` };
};
