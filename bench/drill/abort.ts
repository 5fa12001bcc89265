import { setTimeout as pause } from 'node:timers/promises';

import type { ListedTraceView } from '../../src/records/traces/view-schema.ts';
import { type Left, type Moment, abortSeenAfter, leave } from './leaving.ts';
import type { DrillOptions } from './options.ts';
import { officialReaders } from './readers.ts';
import { type Site, type SitePlan, withSite } from './site.ts';
import { type Check, atMost, checkTable, markdownTable, most, quantile, tally } from './verdict.ts';
import { virtualModels } from './virtual-models.ts';

const ABORT_MS = 100;
const TIMES = { full: 20, quick: 5 };
const STREAMS = ['openai stream', 'anthropic stream', 'responses stream', 'gemini stream'];
const WHOLES = ['openai whole', 'anthropic whole', 'responses whole', 'gemini whole'];
const READER_OF_THE_SLOT = 'openai whole';
/** How long nothing more may come upstream from who has left. */
const QUIET_MS = 300;

/** A stage of a request in which a client leaves. */
interface Stage {
  readonly model: string;
  readonly title: string;
  readonly readers: readonly string[];
  readonly moment: Moment;
  /** Upstreams that must each see an abort. */
  readonly aborts: readonly string[];
  /** A request of somebody else has the only slot. */
  readonly isQueued?: true;
  /** Requests that the upstreams may have seen of one client. */
  readonly sent: number;
}

const STAGES: readonly Stage[] = [
  {
    model: 'before-headers',
    title: 'before the first token, streamed',
    readers: STREAMS,
    moment: { afterMs: 200 },
    aborts: ['silent'],
    sent: 1,
  },
  {
    model: 'whole',
    title: 'while a whole answer is made',
    readers: WHOLES,
    moment: { afterMs: 200 },
    aborts: ['silent'],
    sent: 1,
  },
  {
    model: 'queued',
    title: 'while it waits in the queue',
    readers: [...STREAMS, ...WHOLES],
    moment: { afterMs: 200 },
    aborts: [],
    isQueued: true,
    sent: 0,
  },
  {
    model: 'backoff',
    title: 'while it waits to try again',
    readers: [...STREAMS, ...WHOLES],
    moment: { afterMs: 200 },
    aborts: [],
    sent: 1,
  },
  {
    model: 'hedged',
    title: 'while two attempts run side by side',
    readers: STREAMS,
    moment: { afterMs: 400 },
    aborts: ['silent', 'silent-too'],
    sent: 2,
  },
  {
    model: 'stream',
    title: 'in the middle of a stream',
    readers: STREAMS,
    moment: { afterTexts: 3 },
    aborts: ['talking'],
    sent: 1,
  },
];
const UPSTREAMS = ['silent', 'silent-too', 'talking', 'limited'];

function abortSite(bare: boolean): SitePlan {
  const patient = { timeouts: { firstToken: '30s', idle: '30s', total: '60s' } };
  return {
    upstreams: {
      silent: { ttft: 20_000 },
      'silent-too': { ttft: 20_000 },
      talking: { ttft: 20, tokensPerSecond: 20, outputTokens: 200 },
      limited: { errorRate: 1, errorStatus: 503, retryAfter: 20_000 },
    },
    config: (urls) => ({
      providers: Object.fromEntries(UPSTREAMS.map((name) => [name, providerAt(urls[name] ?? '')])),
      models: virtualModels(
        {
          'before-headers': { target: 'silent/before-headers', ...patient },
          whole: { target: 'silent/whole', ...patient },
          queued: { target: 'silent/queued', ...patient, queue: { concurrency: 1, size: 10, maxWait: '30s' } },
          // An outage is not what this is about: the breaker stays closed.
          backoff: { target: 'limited/backoff', ...patient, breaker: { failures: 1000, minimumCalls: 1000 } },
          hedged: { target: 'silent/hedged', fallback: ['silent-too/hedged'], ...patient, hedge: { after: '100ms' } },
          stream: { target: 'talking/stream', ...patient },
        },
        bare,
      ),
    }),
  };
}

function providerAt(url: string): object {
  return { type: 'openai-compatible', apiKey: 'drill', baseUrl: `${url}/v1` };
}

/** `npm run drill -- abort`: clients leave in every stage of a request, and the upstream has to see it. */
export function drillAborts({ quick, bare }: DrillOptions): Promise<readonly Check[]> {
  return withSite(abortSite(bare), async (site) => {
    const rows: string[][] = [];
    const checks: Check[] = [];
    for (const stage of STAGES) {
      console.error(stage.title);
      const seen = await runStage(site, stage, quick ? TIMES.quick : TIMES.full);
      rows.push(rowOf(stage, seen));
      checks.push(...checksOf(stage, seen));
    }
    const titles = [
      'the client leaves',
      'times',
      'abort upstream after p50 / most ms',
      'record closed after p50 / most ms',
      'requests upstream',
      'records',
    ];
    console.log(`${markdownTable(titles, rows)}\n\n${checkTable(checks)}`);
    return checks;
  });
}

interface StageSeen {
  /** From leaving to each abort upstream; undefined where there was none. */
  readonly lags: readonly (number | undefined)[];
  /** From leaving to the end of the request, as the record has it. */
  readonly closings: readonly number[];
  readonly times: number;
  readonly requests: number;
  readonly traces: readonly ListedTraceView[];
}

async function requestsSeen(site: Site): Promise<number> {
  const stats = await Promise.all(UPSTREAMS.map((name) => site.stats(name)));
  return stats.reduce((sum, { requests }) => sum + requests, 0);
}

async function runStage(site: Site, stage: Stage, times: number): Promise<StageSeen> {
  const release = stage.isQueued ? await occupySlot(site, stage.model) : undefined;
  const before = await requestsSeen(site);
  const left: Left[] = [];
  const lags: (number | undefined)[] = [];
  for (let at = 0; at < times; at += 1) {
    const counts = await Promise.all(stage.aborts.map((name) => site.stats(name)));
    const gone = await leaveOnce(site, stage, at);
    left.push(gone);
    for (const [index, name] of stage.aborts.entries()) {
      lags.push(await abortSeenAfter(site, name, { aborted: counts[index]?.aborted ?? 0 }, gone.leftAt));
    }
  }
  await pause(QUIET_MS);
  const requests = (await requestsSeen(site)) - before;
  await release?.();
  const traces = (await site.gateway.traces(stage.model)).slice(stage.isQueued ? 1 : 0);
  return { lags, closings: closingsOf(traces, left), times, requests, traces };
}

function leaveOnce({ gateway }: Site, stage: Stage, at: number): Promise<Left> {
  const name = stage.readers[at % stage.readers.length] ?? READER_OF_THE_SLOT;
  const read = officialReaders(gateway.url, gateway.key)[name];
  if (!read) throw new Error(`there is no reader "${name}"`);
  return leave(read, stage.model, stage.moment);
}

/** Resolves once a request is in the only slot; what it resolves to ends that request. */
async function occupySlot(site: Site, model: string): Promise<() => Promise<void>> {
  const read = officialReaders(site.gateway.url, site.gateway.key)[READER_OF_THE_SLOT];
  const before = await requestsSeen(site);
  const controller = new AbortController();
  const ended = read?.(
    { model, prompt: 'I was here first.', signal: controller.signal },
    {
      requestId: undefined,
      text: '',
      finish: undefined,
      failure: undefined,
    },
  ).catch(() => {});
  while ((await requestsSeen(site)) === before) await pause(5);
  return async () => {
    controller.abort();
    await ended;
    await pause(QUIET_MS);
  };
}

/** One left after another, so the records are in their order. */
function closingsOf(traces: readonly ListedTraceView[], left: readonly Left[]): number[] {
  return traces.flatMap(({ started_at: startedAt, latency_ms: latencyMs }, at) => {
    const leftAt = left[at]?.leftAt;
    return leftAt === undefined ? [] : [Math.max(0, Date.parse(startedAt) + latencyMs - leftAt)];
  });
}

const spread = (values: readonly number[]): string =>
  values.length === 0 ? '–' : `${quantile(values, 0.5).toFixed(0)} / ${Math.max(...values).toFixed(0)}`;

function rowOf({ title, aborts }: Stage, { lags, closings, times, requests, traces }: StageSeen): string[] {
  const seen = lags.flatMap((lag) => lag ?? []);
  const ends = traces.map(({ status, error }) => error?.code ?? status);
  return [
    title,
    String(times),
    aborts.length === 0 ? '' : spread(seen),
    spread(closings),
    String(requests),
    tally(ends),
  ];
}

function checksOf(stage: Stage, { lags, closings, times, requests, traces }: StageSeen): Check[] {
  const seen = lags.flatMap((lag) => lag ?? []);
  const upstream =
    stage.aborts.length === 0
      ? []
      : [
          atMost('aborts not seen upstream', lags.length - seen.length, 0),
          atMost('abort upstream, at most after', most(seen), ABORT_MS, ' ms'),
        ];
  return [
    ...upstream,
    atMost('requests upstream', requests, times * stage.sent),
    atMost('record closed, at most after', most(closings), ABORT_MS, ' ms'),
    atMost('records that are not "aborted"', traces.filter(({ status }) => status !== 'aborted').length, 0),
  ].map((check) => ({ ...check, what: `${stage.title}: ${check.what}` }));
}
