import { evenShare } from '../../../core/even-share.ts';
import type { Choice, Seen } from './choice.ts';

/** Who stays with a target: the text that it is chosen by; undefined where it is chosen anew each time. */
export function stickyKey({ call, plan }: Choice): string | undefined {
  const { sticky } = plan;
  // A key that belongs to somebody cannot be used in another one's name.
  if (sticky === 'user') return call.principal?.user ?? call.facts.user;
  if (sticky === 'conversation') return call.facts.conversationId;
  return sticky === 'prefix' ? call.promptPrefix : undefined;
}

/**
 * By their weights, in an order in which each is before another one with a chance that is its part of the two weights.
 * With a key it is the same order each time, and in every process; a weight that is changed moves those alone that its
 * share gains or loses (weighted rendezvous hashing). A weight of 0 is last.
 */
export function drawn(able: readonly Seen[], key: string | undefined, random: () => number): readonly Seen[] {
  // Of several exponential variables each is the least one with a chance that is its rate's share.
  const draws = able.map((one) => {
    const share = key === undefined ? 1 - random() : evenShare(`${key} ${one.name}`);
    return { one, at: one.weight === 0 ? Number.POSITIVE_INFINITY : -Math.log(share) / one.weight };
  });
  return draws.toSorted((a, b) => (a.at === b.at ? 0 : a.at - b.at)).map(({ one }) => one);
}

/** As if all had the same weight. */
export function ranked(able: readonly Seen[], key: string): readonly Seen[] {
  const shares = able.map((one) => ({ one, share: evenShare(`${key} ${one.name}`) }));
  return shares.toSorted((a, b) => b.share - a.share).map(({ one }) => one);
}
