import { fileURLToPath } from 'node:url';

import type { Child } from '../child.ts';
import type { DrillGateway } from './gateway.ts';
import type { KindResult, OfferPlan, OfferResult } from './offer.ts';
import type { DrillOptions } from './options.ts';
import { type SitePlan, withSite } from './site.ts';
import { type Check, atLeast, atMost, checkTable, markdownTable, quantile } from './verdict.ts';
import { virtualModels } from './virtual-models.ts';

const MODEL = 'busy';
const SLOTS = 50;
const SERVICE_MS = 100;
const CAPACITY = SLOTS * (1000 / SERVICE_MS);
const OFFERED = 5;
const TIMEOUT_MS = 2000;
/** In flight, in the queue, and some: what apps keep open between requests. */
const CONNECTIONS = 1500;
const SAMPLE_MS = 250;
/** Over the time that a load itself takes, for its last answers. */
const LAST_ANSWERS_MS = 30_000;
const SECONDS = { full: { before: 10, over: 60, after: 10 }, quick: { before: 4, over: 10, after: 8 } };

const MIN_GOODPUT = 0.9;
const MIN_IN_TIME = 0.999;
const MIN_URGENT = 0.99;
const MOST_GROWTH = 0.1;
const RECOVERY_S = 5;

/** With the part of the time that the gateway's request thread was on a CPU. */
type Phase = OfferResult & { readonly gatewayBusy: number };

function overloadSite(bare: boolean): SitePlan {
  const queue = { concurrency: SLOTS, size: 1000, maxWait: '30s', adaptive: false };
  const model = { target: 'slots/busy', timeouts: { firstToken: '10s' }, queue };
  return {
    // Tokens all at once: an answer takes as long as its first token.
    upstreams: {
      slots: { ttft: SERVICE_MS, tokensPerSecond: 0, outputTokens: 5, concurrency: SLOTS, whenBusy: 'wait' },
    },
    config: (urls) => ({
      providers: { slots: { type: 'openai-compatible', apiKey: 'drill', baseUrl: `${urls['slots']}/v1` } },
      models: virtualModels({ [MODEL]: model }, bare),
    }),
  };
}

/** `npm run drill -- overload`: half the capacity, then five times as much as there is, then half again. */
export function drillOverload({ quick, bare }: DrillOptions): Promise<readonly Check[]> {
  const seconds = quick ? SECONDS.quick : SECONDS.full;
  return withSite(overloadSite(bare), async ({ gateway, launch }) => {
    const load = launch({ name: 'load', command: [fileURLToPath(new URL('./offer.ts', import.meta.url))] });
    await load.hear('ready');
    const at = async (share: number, length: number): Promise<Phase> => {
      const cpu = await gateway.threadCpuS();
      const result = await offer(load, {
        url: gateway.url,
        key: gateway.key,
        model: MODEL,
        perSecond: CAPACITY * share,
        seconds: length,
        timeoutMs: TIMEOUT_MS,
        urgentOneIn: 10,
        connections: CONNECTIONS,
      });
      return { ...result, gatewayBusy: ((await gateway.threadCpuS()) - cpu) / result.seconds };
    };
    const before = await at(0.5, seconds.before);
    const memory = watchMemory(gateway);
    const during = await at(OFFERED, seconds.over);
    const resident = memory.stop();
    const after = await at(0.5, seconds.after);
    console.log(
      phaseTable([
        ['half the capacity', before],
        ['5 × the capacity', during],
        ['half again', after],
      ]),
    );
    const checks = checksOf(during, after, resident);
    console.log(`\n${checkTable(checks)}`);
    return checks;
  });
}

async function offer(load: Child, plan: OfferPlan): Promise<OfferResult> {
  console.error(`${plan.perSecond}/s for ${plan.seconds} s`);
  const result = load.hear('offered', plan.seconds * 1000 + LAST_ANSWERS_MS);
  await load.ask('offer', plan);
  return result;
}

function watchMemory(gateway: DrillGateway): { stop(): number[] } {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(gateway.residentMb()), SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return samples;
    },
  };
}

function servedOf({ sent, served, p50Ms, p99Ms }: KindResult): string[] {
  return [`${served} of ${sent}`, `${p50Ms.toFixed(0)} / ${p99Ms.toFixed(0)}`];
}

const MOST_WORDS = 6;

function words(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return sorted
    .slice(0, MOST_WORDS)
    .map(([word, count]) => `${word} × ${count}`)
    .join(', ');
}

function phaseTable(phases: readonly (readonly [string, Phase])[]): string {
  const titles = [
    'load',
    'req/s served',
    'priority 9 served',
    'p50 / p99 ms',
    'others served',
    'p50 / p99 ms',
    'endings',
    'Retry-After s',
    'connections opened',
    'load thread busy',
    'request thread busy',
  ];
  return markdownTable(
    titles,
    phases.map(([name, result]) => [
      name,
      (result.servedInWindow / result.seconds).toFixed(0),
      ...servedOf(result.urgent),
      ...servedOf(result.normal),
      words(result.endings),
      words(result.retryAfters),
      String(result.opened),
      `${(result.busy * 100).toFixed(0)} %`,
      `${(result.gatewayBusy * 100).toFixed(0)} %`,
    ]),
  );
}

function checksOf(during: OfferResult, after: OfferResult, resident: readonly number[]): Check[] {
  const { urgent, normal, endings } = during;
  const inTime = urgent.served + normal.served - urgent.late - normal.late;
  const expired = endings['504 deadline_exceeded'] ?? 0;
  const goodput = during.servedInWindow / during.seconds / CAPACITY;
  return [
    atLeast('goodput, of the capacity', goodput, MIN_GOODPUT),
    atLeast('accepted requests within their deadline', inTime / (urgent.served + normal.served + expired), MIN_IN_TIME),
    atLeast('priority 9 served', (urgent.served - urgent.late) / urgent.sent, MIN_URGENT),
    growthCheck(resident),
    atMost('recovery: last request in trouble, after the overload', after.lastTroubleS, RECOVERY_S, ' s'),
  ];
}

/** Between the second quarter and the last; the first is when buffers and pools reach their size. */
function growthCheck(resident: readonly number[]): Check {
  const quarter = Math.floor(resident.length / 4);
  const early = quantile(resident.slice(quarter, 2 * quarter), 0.5);
  const late = quantile(resident.slice(3 * quarter), 0.5);
  const growth = (late - early) / early;
  return {
    what: 'resident memory, from the second quarter to the last',
    target: `≤ +${MOST_GROWTH * 100} %`,
    seen: `${early.toFixed(0)} → ${late.toFixed(0)} MB (${growth < 0 ? '' : '+'}${(growth * 100).toFixed(1)} %), peak ${Math.max(...resident).toFixed(0)} MB`,
    met: growth <= MOST_GROWTH,
  };
}
