import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Child } from '../child.ts';
import type { DrillGateway } from './gateway.ts';
import type { HoldPlan, HoldResult } from './hold-streams.ts';
import type { DrillOptions } from './options.ts';
import { type SitePlan, withSite } from './site.ts';
import { type Check, atMost, checkTable, markdownTable } from './verdict.ts';
import { virtualModels } from './virtual-models.ts';

interface Shape {
  readonly streams: number;
  readonly holdSeconds: number;
  readonly perSecond: number;
}

const FULL: Shape = { streams: 4000, holdSeconds: 60, perSecond: 250 };
const QUICK: Shape = { streams: 500, holdSeconds: 10, perSecond: 250 };
/** The first at once, then one after each quarter of the time: a stream is idle, but not dead. */
const TOKENS = 5;
const MODEL = 'idle';
/** Before the streams: what every process has once it has been asked something. */
const WARM_UP_STREAMS = 300;
/** What is done after an answer is done by then. */
const SETTLE_MS = 5000;
/** Idle connections to providers are kept for as long as those allow: the simulator, for a minute. */
const CONNECTIONS_LIMIT_MS = 90_000;
const SPARE_CONNECTIONS = 20;
const MOST_GROWTH = 0.1;
const LIMIT_MS = 300_000;
/** Two for each stream in the gateway, and some. */
const DESCRIPTORS_PER_STREAM = 2;
const SPARE_DESCRIPTORS = 200;

/** Streams last as long as the hold, and as it takes to open them all. */
function streamsSite({ streams, holdSeconds, perSecond }: Shape, bare: boolean): SitePlan {
  const seconds = holdSeconds + streams / perSecond + 5;
  const model = {
    target: 'slow/idle',
    timeouts: { firstToken: '30s', idle: '120s', total: '10m' },
    queue: { concurrency: streams + WARM_UP_STREAMS, size: streams },
  };
  const warmUp = { target: 'slow/quick', queue: model.queue };
  return {
    upstreams: {
      slow: {
        ttft: 0,
        outputTokens: TOKENS,
        tokensPerSecond: (TOKENS - 1) / seconds,
        models: { quick: { tokensPerSecond: 20 } },
      },
    },
    config: (urls) => ({
      providers: { slow: { type: 'openai-compatible', apiKey: 'drill', baseUrl: `${urls['slow']}/v1` } },
      models: virtualModels({ [MODEL]: model, 'warm-up': warmUp }, bare),
    }),
  };
}

/** `npm run drill -- streams`: what thousands of streams leave behind. */
export function drillStreams({ quick, bare }: DrillOptions): Promise<readonly Check[]> {
  const shape = quick ? QUICK : FULL;
  requireDescriptors(shape.streams);
  return withSite(streamsSite(shape, bare), async ({ gateway, launch }) => {
    const holder = launch({ name: 'holder', command: [fileURLToPath(new URL('./hold-streams.ts', import.meta.url))] });
    await holder.hear('ready');
    const { url, key } = gateway;
    const { streams, perSecond, holdSeconds } = shape;
    const atRest = gateway.descriptors();
    await hold(holder, { url, key, model: 'warm-up', streams: WARM_UP_STREAMS, perSecond: 1000 });
    await untilAtRest(gateway, atRest);
    const before = await gateway.memoryMb();
    const residentBefore = gateway.residentMb();
    const holding = hold(holder, { url, key, model: MODEL, streams, perSecond });
    await Promise.race([holding, pause((streams / perSecond + holdSeconds / 2) * 1000)]);
    const during = await gateway.memoryMb();
    const residentDuring = gateway.residentMb();
    const descriptorsDuring = gateway.descriptors();
    const result = await holding;
    await untilAtRest(gateway, atRest);
    const after = await gateway.memoryMb();
    console.log(
      markdownTable(
        ['', 'heap + external MB', 'resident MB', 'descriptors'],
        [
          ['before', before.toFixed(1), residentBefore.toFixed(0), String(atRest)],
          [`with ${streams} streams`, during.toFixed(1), residentDuring.toFixed(0), String(descriptorsDuring)],
          ['after', after.toFixed(1), gateway.residentMb().toFixed(0), String(gateway.descriptors())],
        ],
      ),
    );
    console.log(`\n${(((during - before) * 1024) / streams).toFixed(1)} KB a stream\n`);
    const checks = checksOf(shape, result, before, after);
    console.log(checkTable(checks));
    return checks;
  });
}

/** Connections of streams that are over are closed, the idle ones that were kept included. */
async function untilAtRest(gateway: DrillGateway, descriptors: number): Promise<void> {
  const deadline = performance.now() + CONNECTIONS_LIMIT_MS;
  do await pause(SETTLE_MS);
  while (gateway.descriptors() > descriptors + SPARE_CONNECTIONS && performance.now() < deadline);
}

/** Node itself raises its limit to the hard one. */
function requireDescriptors(streams: number): void {
  const needed = streams * DESCRIPTORS_PER_STREAM + SPARE_DESCRIPTORS;
  const [, hard = '0'] = /Max open files\s+\S+\s+(\S+)/.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  if (hard === 'unlimited' || Number(hard) >= needed) return;
  throw new Error(`a process may open ${hard} files here; ${needed} are needed: raise it first (ulimit -Hn ${needed})`);
}

async function hold(holder: Child, plan: HoldPlan): Promise<HoldResult> {
  console.error(`${plan.streams} streams`);
  const result = holder.hear('ended', LIMIT_MS);
  await holder.ask('hold', plan);
  return result;
}

function checksOf({ streams, holdSeconds }: Shape, result: HoldResult, before: number, after: number): Check[] {
  const growth = ((after - before) / before) * 100;
  const faults = Object.entries(result.improper).slice(0, 3);
  const together = result.togetherMs / 1000;
  return [
    {
      what: 'all open at the same time',
      target: `≥ ${holdSeconds} s`,
      seen: `${together.toFixed(1)} s`,
      met: together >= holdSeconds,
    },
    {
      what: 'streams that ended properly',
      target: String(streams),
      seen: `${result.proper}${faults.map(([fault, count]) => `; ${count} × ${fault.replaceAll('\n', ' ')}`).join('')}`,
      met: result.proper === streams,
    },
    atMost('heap and external memory after it, beside before', growth, MOST_GROWTH * 100, ' %'),
  ];
}
