import { fileURLToPath } from 'node:url';

import { SPENDING_DEFAULTS, simulatorProviders } from './spending-models.ts';
import type { FlowResult, StreamResult } from './flow.ts';
import type { DrillOptions } from './options.ts';
import { type QuotaSite, type QuotaSitePlan, withQuotaSite } from './quota-site.ts';
import { type Check, atLeast, atMost, checkTable, markdownTable } from './verdict.ts';

const REPLICAS = 3;
const LIMIT = 600;
const WINDOW_S = 60;
const BURST = LIMIT * 0.1;
const PER_SECOND = LIMIT / WINDOW_S;
const OFFERED = 10;
const SECONDS = { full: 120, quick: 20 };
const MIN_SHARE = 0.99;
const MODEL = 'limited-chat';
/** Ten times the limit: at even distances, and in bursts of two seconds' worth. */
const STREAMS = [
  { name: 'even', atOnce: 1, everyMs: 1000 / (PER_SECOND * OFFERED) },
  { name: 'bursts', atOnce: 2 * PER_SECOND * OFFERED, everyMs: 2000 },
] as const;
/** Over the time of the flow, for its last answers. */
const LAST_ANSWERS_MS = 40_000;

const SITE: QuotaSitePlan = {
  replicas: REPLICAS,
  simulators: { one: { ttft: 0, tokensPerSecond: 0 }, two: {} },
  config: (urls) => ({
    providers: simulatorProviders(urls),
    models: { [MODEL]: { target: `one/${MODEL}` } },
    defaults: { queue: SPENDING_DEFAULTS.queue },
    limits: [{ per: 'project', requests: `${LIMIT}/1m` }],
    records: { bodies: 'none' },
  }),
};

/** `npm run drill -- limits`: ten times what a limit allows, at three replicas, and every admission with its time. */
export function drillLimits({ quick }: DrillOptions): Promise<readonly Check[]> {
  const seconds = quick ? SECONDS.quick : SECONDS.full;
  return withQuotaSite(SITE, async (site) => {
    const flowed = await flow(site, seconds);
    const bills = await site.bills();
    const results = STREAMS.map(({ name }) => ({ name, result: flowed[name], worst: worstWindow(flowed[name]) }));
    console.log(table(results));
    const admitted = results.reduce((sum, { result }) => sum + (result?.admitted.length ?? 0), 0);
    const checks = [
      ...results.flatMap(({ name, result, worst }) => checksOf(name, result, worst)),
      {
        what: 'requests at the provider, beside those admitted',
        target: String(admitted),
        seen: String(bills.of('limited').requests),
        met: bills.of('limited').requests === admitted,
      },
    ];
    console.log(`\n${checkTable(checks)}`);
    return checks;
  });
}

async function flow(site: QuotaSite, seconds: number): Promise<FlowResult> {
  const script = fileURLToPath(new URL('./flow.ts', import.meta.url));
  const child = site.launch({ name: 'flow', command: [script] });
  await child.hear('ready');
  const streams: { name: string; key: string; model: string; atOnce: number; everyMs: number }[] = [];
  for (const stream of STREAMS) {
    const key = await site.admin.createKey(site.replicas, stream.name);
    streams.push({ ...stream, key, model: MODEL });
  }
  const flowed = child.hear('flowed', seconds * 1000 + LAST_ANSWERS_MS);
  await child.ask('flow', { urls: site.replicas.map(({ url }) => url), streams, seconds });
  return flowed;
}

interface Window {
  readonly seconds: number;
  readonly admitted: number;
  /** Beyond limit × time + burst; below 0 where it kept to it. */
  readonly over: number;
}

/**
 * The window that went furthest beyond what may be admitted in it, of all windows.
 *
 * When exactly a request was admitted only the counters know; but it was after it was sent, and before its answer came,
 * both on one clock. What was sent and answered within a window was certainly admitted within it, so of these there may
 * never be more than the limit says, without any allowance for clocks. A window that begins between two sendings, or
 * ends between two answers, is no worse than the next smaller one that does not, so these are all that there are to try.
 */
function worstWindow(result: StreamResult | undefined): Window {
  let worst: Window = { seconds: 0, admitted: 0, over: Number.NEGATIVE_INFINITY };
  const admitted = result?.admitted ?? [];
  for (const [from] of admitted) {
    const ends = admitted.flatMap(([sentAt, answeredAt]) => (sentAt >= from ? [answeredAt] : []));
    ends
      .toSorted((a, b) => a - b)
      .forEach((to, at) => {
        const seconds = (to - from) / 1000;
        const over = at + 1 - (PER_SECOND * seconds + BURST);
        if (over > worst.over) worst = { seconds, admitted: at + 1, over };
      });
  }
  return worst;
}

function checksOf(name: string, result: StreamResult | undefined, { over }: Window): Check[] {
  const admitted = result?.admitted.length ?? 0;
  const due = PER_SECOND * (result?.seconds ?? Number.NaN);
  const wrong = Object.keys(result?.endings ?? {}).filter((word) => word !== '200' && !word.startsWith('429'));
  return [
    atMost(`${name}: admitted beyond ${LIMIT}·t + ${BURST} in any window`, Math.max(0, over), 0),
    atLeast(`${name}: admitted, of ${LIMIT}·t`, admitted / due, MIN_SHARE),
    {
      what: `${name}: endings but 200 and 429`,
      target: 'none',
      seen: wrong.join(', ') || 'none',
      met: wrong.length === 0,
    },
  ];
}

function table(results: readonly { name: string; result: StreamResult | undefined; worst: Window }[]): string {
  const titles = ['offered', 'requests', 'in s', 'admitted', 'of limit × time', 'fullest window', 'endings'];
  const rows = results.map(({ name, result, worst }) => {
    const seconds = result?.seconds ?? Number.NaN;
    const admitted = result?.admitted.length ?? 0;
    const room = worst.over <= 0 ? `${(-worst.over).toFixed(2)} below` : `${worst.over.toFixed(2)} over`;
    return [
      name,
      String(result?.offered),
      seconds.toFixed(1),
      String(admitted),
      `${((admitted / (PER_SECOND * seconds)) * 100).toFixed(1)} %`,
      `${worst.admitted} in ${worst.seconds.toFixed(3)} s, ${room} what is allowed`,
      Object.entries(result?.endings ?? {})
        .map(([word, count]) => `${count} × ${word}`)
        .join(', '),
    ];
  });
  return markdownTable(titles, rows);
}
