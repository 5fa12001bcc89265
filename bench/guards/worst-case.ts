import { makeCall } from '../../test/support/make-call.ts';
import { parseConfig } from '../../src/config/load.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Dialect } from '../../src/core/call.ts';
import { toGatewayError } from '../../src/core/errors.ts';
import { systemScheduler } from '../../src/core/scheduler.ts';
import { buildPolicy } from '../../src/pipeline/guards/engine/build-policy.ts';
import type { GuardPolicy } from '../../src/pipeline/guards/engine/guard-policy.ts';
import { screenRequest } from '../../src/pipeline/guards/input/screen-request.ts';
import { buildScanners } from '../../src/pipeline/guards/scan/build-scanners.ts';
import { ScanDesk } from '../../src/pipeline/guards/scan/desk.ts';
import { type Stretches, stretchesOf } from './loop-stretch.ts';
import type { BenchSection } from './section.ts';
import { type WorstRequest, worstRequests } from './worst-requests.ts';
import { repeated, searchWorst } from './worst-texts.ts';

/** Everything that looks at requests without a model, and nothing that refuses them before all have looked. */
const POLICY = `
models: { chat: { target: sim/echo } }
guards:
  all:
    validation:
      action: flag
      maxCharacters: 10000
      maxTotalCharacters: 100000
      maxTokens: 100000
      maxMessages: 100
      maxImages: 10
      languages: [zh]
      forbid: { own: { pattern: '(?i)internal use only' } }
    pii: { input: redact, entities: [PHONE, EMAIL, RESIDENT_ID, PASSPORT, CARD, IBAN, SSN, NATIONAL_ID, DRIVER_LICENSE, IP, URL_CREDENTIALS, SECRET, PRIVATE_KEY, PLATE, ADDRESS, PERSON] }
    injection: { input: flag }
    keywords: { input: flag, shipped: [en, zh] }
`;

const SIZE = 1_000_000;
const TARGET_MS = 50;
const SLOWEST_SHOWN = 15;

/** The longest that a request holds up others, and the texts that cost each scanner most. */
export async function benchWorstCase(quick: boolean): Promise<BenchSection[]> {
  return [scannerSection(quick), await requestSection(quick)];
}

function judgeOf(): never {
  throw new Error('nobody is asked');
}

function policyOf(): GuardPolicy {
  const { config } = parseConfig(POLICY, { path: 'causeway.yaml', env: {} });
  const settings = config.guards.get('all');
  if (!settings) throw new Error('the policy is not there');
  const words = new Map<string, readonly string[]>();
  return buildPolicy('all', settings, { scanners: buildScanners(settings, words), words, judgeOf });
}

function scannerSection(quick: boolean): BenchSection {
  const tries = quick ? 300 : 3000;
  const rows = policyOf().scanning.map(({ name, scanner }) => {
    const worst = searchWorst({ work: (text) => void scanner.scan(text), length: 8000, tries });
    const long = repeated(worst.unit, 64_000);
    const startedAt = performance.now();
    scanner.scan(long);
    const ofLong = ((performance.now() - startedAt) * 1e6) / Math.max(1, long.length);
    return [name, worst.nsPerCharacter.toFixed(0), ofLong.toFixed(0), JSON.stringify(worst.unit.slice(0, 60))];
  });
  return {
    title: 'Texts that cost most',
    notes: [
      `The slowest of some ${tries} texts of 8,000 characters that a search by mutation tried for each guard, and the same unit repeated to 64,000 characters: the cost of a character stays the same where the time is linear. src/pipeline/guards/scan/cost.ts has figures with some room over these.`,
    ],
    header: ['guard', 'ns a character', 'at 64,000', 'what is repeated'],
    rows,
    targets: [],
  };
}

interface Ran {
  readonly request: WorstRequest;
  readonly stretches: Stretches;
  readonly outcome: string;
}

async function requestSection(quick: boolean): Promise<BenchSection> {
  const policy = policyOf();
  const warnings: string[] = [];
  const desk = new ScanDesk({
    scheduler: systemScheduler,
    said: (_level, text) => warnings.push(text),
  });
  const dialects: readonly Dialect[] = quick ? ['openai', 'anthropic'] : ['openai', 'responses', 'anthropic', 'gemini'];
  const ran: Ran[] = [];
  try {
    const requests = worstRequests(SIZE, dialects);
    // What is compiled while it runs is of no concern to the thousandth request.
    for (const request of worstRequests(SIZE / 50, dialects)) await run(desk, policy, request);
    for (const request of requests) ran.push(await best(desk, policy, request));
  } finally {
    await desk.close();
  }
  const slowest = ran.toSorted((a, b) => b.stretches.longestMs - a.stretches.longestMs);
  const worst = slowest[0];
  const longest = worst?.stretches.longestMs ?? 0;
  return {
    title: 'How long a request of 1 MB holds up others',
    notes: [
      `${ran.length} requests of 1 MB in ${dialects.join(', ')} go through screenRequest with all guards that ask nobody. Longest: processor time of the request thread between two turns of its loop, the best of ${RUNS} runs. Whole: all its turns together. Took: by the wall, with the scanning thread. The ${SLOWEST_SHOWN} slowest are shown.`,
      ...warnings.map((text) => `Said meanwhile: ${text}`),
    ],
    header: ['dialect', 'request', 'longest ms', 'whole ms', 'took ms', 'outcome'],
    rows: slowest.slice(0, SLOWEST_SHOWN).map(({ request, stretches, outcome }) => {
      const { longestMs, totalMs, tookMs } = stretches;
      return [request.dialect, request.name, longestMs.toFixed(1), totalMs.toFixed(0), tookMs.toFixed(0), outcome];
    }),
    targets: [
      {
        name: `no request of 1 MB takes more than ${TARGET_MS} ms of the loop at once`,
        met: longest <= TARGET_MS,
        figure: `${longest.toFixed(1)} ms, ${worst?.request.dialect}: ${worst?.request.name}`,
      },
    ],
  };
}

/** The third time a text would be remembered, and scanned no more. */
const RUNS = 2;

/** A run may be held up by a collection of garbage that others made. */
async function best(desk: ScanDesk, policy: GuardPolicy, request: WorstRequest): Promise<Ran> {
  let least: Ran | undefined;
  for (let at = 0; at < RUNS; at += 1) {
    const one = await run(desk, policy, request);
    if (!least || one.stretches.longestMs < least.stretches.longestMs) least = one;
  }
  if (!least) throw new Error('no run');
  return least;
}

async function run(desk: ScanDesk, policy: GuardPolicy, request: WorstRequest): Promise<Ran> {
  const raw = Buffer.from(JSON.stringify({ model: 'm', ...request.json() }));
  const call = makeCall({ dialect: request.dialect, raw, json: { model: 'm' } });
  // Whoever is asked for the model has parsed it before.
  void call.body.json;
  const deps = { desk, clock: systemClock, scheduler: systemScheduler, secret: 'bench' };
  let outcome = '';
  const stretches = await stretchesOf(async () => {
    outcome = await outcomeOf(screenRequest(deps, call, [policy]));
  });
  return { request, stretches, outcome };
}

async function outcomeOf(screening: ReturnType<typeof screenRequest>): Promise<string> {
  try {
    const { kind, verdicts } = await screening;
    return `${kind}: ${verdicts.map(({ guard, outcome }) => `${guard} ${outcome}`).join(', ')}`;
  } catch (thrown) {
    return toGatewayError(thrown).code;
  }
}
