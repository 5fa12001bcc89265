import type { ComparedView, ReplayView, SideView } from '../work/replay/report-view.ts';
import { textTable } from './text-table.ts';

/** What is printed for people. @param path of the proposed configuration */
export function replayText(view: ReplayView, path: string): string {
  const { since, until, before } = view;
  const time = `from ${since} until ${until}`;
  if (before.requests === 0) {
    return `Nothing was recorded ${time}, for what was asked. Ask for another time, or leave --model and --project out.`;
  }
  const parts = [
    `${before.requests} requests ${time}, as they were and as they would be with ${path}:`,
    comparedText(view),
    unknownText(view),
  ];
  if (view.models.length > 1) {
    for (const model of view.models) parts.push(`Model ${model.model}:`, comparedText(model));
  }
  const own = view.own_calls.map(
    ({ endpoint, requests, cost_usd: usd }) => `${requests} × ${endpoint} ($${usd.toFixed(4)})`,
  );
  if (own.length > 0)
    parts.push(`What the gateway asked by itself in that time is not in these figures: ${own.join(', ')}.`);
  if (view.notes.length > 0) parts.push(view.notes.map((note) => `- ${note}`).join('\n'));
  return parts.filter((part) => part !== '').join('\n\n');
}

function comparedText(view: ComparedView): string {
  const { before, after, cost } = view;
  const row = (name: string, of: (side: SideView) => string): string[] => [name, of(before), of(after)];
  const codes = namesOf(before.refused.by_code, after.refused.by_code);
  const states = namesOf(before.cache_hits.by_state, after.cache_hits.by_state);
  const targets = [...new Set([...before.targets, ...after.targets].map(({ target }) => target))];
  const rows = [
    row('requests', ({ requests }) => String(requests)),
    row('answered', ({ answered }) => String(answered)),
    row('failed', ({ failed }) => String(failed)),
    row('refused', ({ refused }) => String(refused.total)),
    ...codes.map((code) => row(`  ${code}`, ({ refused }) => String(refused.by_code[code] ?? 0))),
    row('cache hits', ({ cache_hits: hits }) => `${hits.total} (${percent(hits.share)})`),
    ...states.map((state) => row(`  ${state}`, ({ cache_hits: hits }) => String(hits.by_state[state] ?? 0))),
    row('known cost', ({ cost_usd: usd }) => dollars(usd)),
    row('of unknown cost', ({ cost_unknown_requests: count }) => String(count)),
    ...targets.map((target) => row(`to ${target}`, (side) => shareAt(side, target))),
    row('latency p50 ms', ({ latency_ms: { p50 } }) => ms(p50)),
    row('latency p95 ms', ({ latency_ms: { p95 } }) => ms(p95)),
    row('first token p50 ms', ({ ttft_ms: { p50 } }) => ms(p50)),
    row('first token p95 ms', ({ ttft_ms: { p95 } }) => ms(p95)),
  ];
  const change = cost.change === null ? 'nothing to compare with' : `${signed(cost.change)} %`;
  const compared = `Cost of the ${cost.comparable_requests} requests that are answered on both sides, at a known cost: ${dollars(cost.before_usd)} → ${dollars(cost.after_usd)} (${change}).`;
  return [textTable(['', 'before', 'after'], rows, 1), '', compared, ...refusalsText(view)].join('\n');
}

function refusalsText({ newly_refused: newly, no_longer_refused: noLonger }: ComparedView): string[] {
  return [
    newly.requests > 0 &&
      `Refused, and not before: ${newly.requests} requests, which cost ${dollars(newly.before_usd)}. That is in no change of cost.`,
    noLonger.requests > 0 &&
      `Refused before, and no longer: ${noLonger.requests} requests, which cost ${dollars(noLonger.after_usd)}, as far as that is known.`,
  ].filter((line) => line !== false);
}

function unknownText({ unknown }: ComparedView): string {
  if (unknown.requests === 0) return '';
  const targets = unknown.targets.map(({ target, requests }) => `${target} (${requests})`).join(', ');
  return `Unknown: ${unknown.requests} requests (${percent(unknown.share)}) would go where nothing is recorded of: ${targets}. Their cost and their latency are in no figure of "after".`;
}

function namesOf(...counts: readonly Readonly<Record<string, number>>[]): string[] {
  return [...new Set(counts.flatMap((one) => Object.keys(one)))].toSorted();
}

function shareAt({ targets }: SideView, target: string): string {
  const found = targets.find((one) => one.target === target);
  return found ? `${found.requests} (${percent(found.share)})` : '0';
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function signed(change: number): string {
  const value = (change * 100).toFixed(1);
  return change > 0 ? `+${value}` : value;
}

function dollars(usd: number): string {
  return `$${usd.toFixed(usd < 1 ? 6 : 2)}`;
}

function ms(value: number | null): string {
  return value === null ? '-' : value.toFixed(value < 100 ? 1 : 0);
}
