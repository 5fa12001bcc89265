import type { Canary } from './wire.ts';

/** A line of the share of the candidate over time; each change is two points, since it is sudden. */
export function shareSeries(
  { history, steps, share_percent: now }: Pick<Canary, 'history' | 'steps' | 'share_percent'>,
  sinceMs: number,
  nowMs: number,
): { readonly times: readonly number[]; readonly shares: readonly number[] } {
  const times: number[] = [];
  const shares: number[] = [];
  const note = (atMs: number, share: number): void => {
    times.push(atMs / 1000);
    shares.push(share / 100);
  };
  // What it had before its first event it has had from the start; where events were left behind, nothing is known of that.
  let share = history.length === 0 ? now : (steps[0] ?? 0);
  const firstMs = Math.min(sinceMs, ...history.map(({ at }) => Date.parse(at)));
  note(firstMs, share);
  for (const { at, share_percent: next } of history) {
    const atMs = Math.max(Date.parse(at), (times.at(-1) ?? 0) * 1000);
    note(atMs, share);
    note(atMs + 1, next);
    share = next;
  }
  note(Math.max(nowMs, (times.at(-1) ?? 0) * 1000), share);
  return { times, shares };
}
