import type { ListedTraceView } from '../../src/records/traces/view-schema.ts';
import { gone, slowReaders } from './client-rows.ts';
import { crossAll } from './crossings.ts';
import { FAULT_ROWS, type FaultRow } from './fault-rows.ts';
import { HEALTHY, faultSite } from './fault-site.ts';
import { type LoadShape, type Outcome, mixedLoad } from './mixed-load.ts';
import type { DrillOptions } from './options.ts';
import { type RowFigures, addedLatency, recordsOf, successOf } from './row-figures.ts';
import { type Site, withSite } from './site.ts';
import { type Check, atLeast, atMost, checkTable, markdownTable, percent, quantile } from './verdict.ts';

const FULL: LoadShape = { requests: 1000, perSecond: 150 };
const QUICK: LoadShape = { requests: 300, perSecond: 150 };
const MOST_FAILED = 0.999;
const MOST_ATTEMPTS = 1.5;
const MOST_ATTEMPTS_ALL_DOWN = 1.2;

/** What `--rows` picks from. */
export const ROW_IDS: readonly string[] = [...FAULT_ROWS.map(({ id }) => id), 'slow-reader', 'leaver', 'crossings'];

/** `npm run drill`: each fault under a load of its own, one after another. Resolves to whether all targets were met. */
export function drillFaults(options: DrillOptions): Promise<readonly Check[]> {
  const shape = options.quick ? QUICK : FULL;
  return withSite(faultSite(options.bare), async (site) => {
    const rows = FAULT_ROWS.filter(({ id }) => wants(options, id));
    await mixedLoad(site.gateway, HEALTHY, QUICK);
    const healthy = await mixedLoad(site.gateway, HEALTHY, shape);
    const figures: RowFigures[] = [healthyRow(healthy)];
    for (const row of rows) {
      console.error(row.title);
      figures.push(await runRow(site, row, shape, healthy));
    }
    if (wants(options, 'slow-reader')) figures.push(await slowReaders(site, shape, healthy));
    if (wants(options, 'leaver')) figures.push(await gone(site, options.quick));
    console.log(
      markdownTable(
        TITLES,
        figures.map(({ title, cells }) => [title, ...cells]),
      ),
    );
    const crossings = wants(options, 'crossings') ? await crossAll(site.gateway) : undefined;
    if (crossings) console.log(`\n${crossings.table}`);
    const checks = [...figures.flatMap((row) => row.checks), ...(crossings?.checks ?? [])];
    console.log(`\n${checkTable(checks)}`);
    return checks;
  });
}

function wants({ rows }: DrillOptions, id: string): boolean {
  return rows === undefined || rows.includes(id);
}

const TITLES = [
  'fault',
  'requests',
  'success',
  'after the breaker opened',
  'added p50 / p95 ms',
  'attempts per request: recorded, seen upstream',
  'records',
];

function healthyRow(outcomes: readonly Outcome[]): RowFigures {
  const times = outcomes.map(({ ms }) => ms);
  const share = successOf(outcomes);
  const latency = `(${quantile(times, 0.5).toFixed(0)} / ${quantile(times, 0.95).toFixed(0)} in all)`;
  return {
    title: 'none',
    cells: [String(outcomes.length), percent(share), '', latency, '', ''],
    checks: [atLeast('none: success', share, 1)],
  };
}

/** Where requests go first, and what the sums of requests are read from. */
async function requestsSeen(site: Site, { standIn }: FaultRow): Promise<number> {
  const names = ['sick', 'well', ...(standIn === undefined ? [] : [standIn])];
  const stats = await Promise.all(names.map((name) => site.stats(name)));
  return stats.reduce((sum, { requests }) => sum + requests, 0);
}

async function runRow(site: Site, row: FaultRow, shape: LoadShape, healthy: readonly Outcome[]): Promise<RowFigures> {
  const before = await requestsSeen(site, row);
  const outcomes = await mixedLoad(site.gateway, row.id, shape);
  const seenUpstream = ((await requestsSeen(site, row)) - before) / outcomes.length;
  const traces = await site.gateway.traces(row.id);
  const recorded = attemptsOf(traces);
  const opened = row.holds === 'obeyed' ? undefined : sinceOpening(row, traces, outcomes);
  const share = successOf(outcomes);
  const after = opened === undefined ? (row.opens ? 'never opened' : '') : percent(successOf(opened.outcomes));
  return {
    title: row.title,
    cells: [
      String(outcomes.length),
      percent(share),
      after,
      addedLatency(outcomes, healthy),
      `${recorded.toFixed(3)}, ${seenUpstream.toFixed(3)}`,
      recordsOf(traces),
    ],
    checks: [
      ...checksOf(row, share, Math.max(recorded, seenUpstream), outcomes, opened),
      ...(row.holds === 'obeyed' ? [await obedience(site, row)] : []),
    ].map((check) => ({ ...check, what: `${row.title}: ${check.what}` })),
  };
}

function attemptsOf(traces: readonly ListedTraceView[]): number {
  return traces.reduce((sum, { attempts }) => sum + attempts.length, 0) / traces.length;
}

interface SinceOpening {
  readonly outcomes: readonly Outcome[];
  readonly attempts: number;
}

/**
 * What came after the first request that was spared the failing target (or, where all fail, every target). Breakers are
 * seen by what they do.
 */
function sinceOpening(
  row: FaultRow,
  traces: readonly ListedTraceView[],
  outcomes: readonly Outcome[],
): SinceOpening | undefined {
  const isSpared = ({ attempts }: ListedTraceView): boolean =>
    row.holds === 'all down' ? attempts.length === 0 : attempts.length > 0 && attempts[0]?.target !== row.model.target;
  const first = traces.findIndex(isSpared);
  if (first === -1) return undefined;
  const later = traces.slice(first);
  const ids = new Set(later.map(({ trace_id: id }) => id));
  return {
    outcomes: outcomes.filter(({ requestId }) => requestId !== undefined && ids.has(requestId)),
    attempts: attemptsOf(later),
  };
}

function checksOf(
  row: FaultRow,
  share: number,
  attempts: number,
  outcomes: readonly Outcome[],
  opened: SinceOpening | undefined,
): Check[] {
  const lies = atMost('broken answers that looked whole', outcomes.filter(({ lied }) => lied).length, 0);
  const afterwards: Check[] = row.opens ? [neverOpened()] : [];
  if (opened) afterwards.splice(0, 1, atLeast('success once the breaker is open', successOf(opened.outcomes), 1));
  const perRequest = atMost('attempts per request', attempts, MOST_ATTEMPTS);
  switch (row.holds) {
    case 'saved':
      return [atLeast('success', share, MOST_FAILED), ...afterwards, ...(row.model['hedge'] ? [] : [perRequest]), lies];
    case 'honest':
      return [lies, ...afterwards, perRequest];
    case 'all down':
      return [
        opened
          ? atMost('attempts per request once breakers are open', opened.attempts, MOST_ATTEMPTS_ALL_DOWN)
          : neverOpened(),
        lies,
      ];
    default:
      return [atLeast('success', share, MOST_FAILED), perRequest, lies];
  }
}

function neverOpened(): Check {
  return { what: 'the breaker opens', target: 'yes', seen: 'no', met: false };
}

async function obedience(site: Site, { standIn = '' }: FaultRow): Promise<Check> {
  const { tooEarly } = await site.stats(standIn);
  return atMost('came back before Retry-After', Number(tooEarly), 0);
}
