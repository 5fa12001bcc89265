import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Child } from '../child.ts';
import type { FlowPlan } from './flow.ts';
import type { DrillGateway } from './gateway.ts';
import type { OfferResult } from './offer.ts';
import type { DrillOptions } from './options.ts';
import { type Site, type SitePlan, withSite } from './site.ts';
import { type Check, atLeast, checkTable, exactly, markdownTable, quantile } from './verdict.ts';

/** Two models of one target: the requests of one are mirrored, all of them. */
const PLAIN = 'plain';
const SHADOWED = 'shadowed';
const BUDGETED = 'budgeted';
const LIVE_MS = 30;
const CANDIDATE_MS = 60;
const CONCURRENCY = 32;
/** Dollars for a million tokens. */
const PRICE = { input: 100, output: 1000 };
const BUDGET_USD = 1;
const FULL = { rounds: 16, seconds: 3, perSecond: 150, budgetSeconds: 3, warmUpS: 2 };
const QUICK = { rounds: 1, seconds: 1, perSecond: 150, budgetSeconds: 0.6, warmUpS: 1 };
const TIMEOUT_MS = 5000;
const CONNECTIONS = 50;
const NEVER = 1_000_000_000;
/** For what is mirrored of the last requests of a slice. */
const AFTER_SLICE_MS = 250;
/** Of fewer rounds the latencies are shown and held to nothing: the p99 of a second is two or three requests. */
const LEAST_ROUNDS = 10;
/** Milliseconds: what nobody notices, and what is too much however much the machine differs from itself. */
const TOLERATED_MS = { p50Ms: [0.3, 1], p99Ms: [1, 5] } as const;
/** Less would say little of what it does to users. */
const LEAST_MIRRORED = 0.8;
const MOST_ROUNDS = 8;

const SITE: SitePlan = {
  // Each a socket of its own, so that the candidate takes no place of the target's.
  upstreams: {
    live: { ttft: LIVE_MS, tokensPerSecond: 0, outputTokens: 60, latency: 'lognormal', latencySpread: 0.1 },
    candidate: { ttft: CANDIDATE_MS, tokensPerSecond: 0, outputTokens: 80, seed: 7 },
    counted: { ttft: 5, tokensPerSecond: 0, seed: 7 },
  },
  config: (urls) => ({
    providers: Object.fromEntries(
      Object.entries(urls).map(([name, url]) => [
        name,
        { type: 'openai-compatible', apiKey: 'drill', baseUrl: `${url}/v1` },
      ]),
    ),
    models: {
      [PLAIN]: { target: 'live/chat' },
      [SHADOWED]: { target: 'live/chat' },
      [BUDGETED]: { target: 'live/chat' },
    },
    prices: { 'live/chat': PRICE, 'candidate/chat': PRICE, 'candidate/judge': PRICE, 'counted/chat': PRICE },
    shadows: {
      copy: {
        model: SHADOWED,
        set: { target: 'candidate/chat' },
        share: 1,
        concurrency: CONCURRENCY,
        usd: 1_000_000,
        judge: { target: 'candidate/judge', sample: 0.1 },
      },
      poor: {
        model: BUDGETED,
        set: { target: 'counted/chat' },
        share: 1,
        concurrency: CONCURRENCY,
        usd: BUDGET_USD,
        period: 'total',
        similarity: false,
      },
    },
    limits: [],
    records: { bodies: 'none' },
  }),
};

/** What of a shadow's report the drill reads. */
interface Report {
  readonly verdict: string;
  readonly pairs: number;
  readonly requests: number;
  readonly left_out: readonly { readonly reason: string; readonly count: number }[];
  readonly budget: { readonly spent_usd: number; readonly reserved_usd: number };
}

/** `npm run drill -- shadow`: what users notice of shadow traffic, and where it stops. */
export function drillShadow({ quick }: DrillOptions): Promise<readonly Check[]> {
  const form = quick ? QUICK : FULL;
  return withSite(SITE, async (site) => {
    const { rounds, warmUp } = await inTurns(site, form);
    const mirrored = await reportOf(site.gateway, 'copy');
    const spent = await spend(site, form.budgetSeconds);
    console.log(roundTable(rounds));
    console.log(`\n${mirrored.verdict}\n\nLeft out: ${leftOut(mirrored)}\n`);
    console.log(`Left out when the budget was spent: ${leftOut(spent.report)}\n`);
    const checks = [...latencyChecks(rounds), ...mirrorChecks(rounds, warmUp, mirrored), ...budgetChecks(spent)];
    console.log(checkTable(checks));
    return checks;
  });
}

type Form = typeof FULL;

type Turn = OfferResult['normal'];

/** The same load three times. */
interface Round {
  readonly before: Turn;
  readonly with: Turn;
  readonly after: Turn;
}

/** Without, with, and without once more, so that what drifts falls on both; and what two without differ by is seen. */
async function inTurns({ gateway, launch }: Site, form: Form): Promise<{ rounds: Round[]; warmUp: Turn }> {
  const load = launch({ name: 'load', command: [pathOf('./offer.ts')] });
  await load.hear('ready');
  const offered = (model: string, seconds = form.seconds) => offer(load, gateway, model, { ...form, seconds });
  // The thread that compares answers is started with the first.
  const warmUp = await offered(SHADOWED, form.warmUpS);
  const rounds: Round[] = [];
  for (let at = 0; at < form.rounds; at += 1) {
    console.error(`round ${at + 1} of ${form.rounds}`);
    const before = await offered(PLAIN);
    const mirrored = await offered(SHADOWED);
    rounds.push({ before, with: mirrored, after: await offered(PLAIN) });
  }
  return { rounds, warmUp };
}

async function offer(load: Child, { url, key }: DrillGateway, model: string, { perSecond, seconds }: Form) {
  const result = load.hear('offered', seconds * 1000 + 30_000);
  const plan = { url, key, model, perSecond, seconds, timeoutMs: TIMEOUT_MS, urgentOneIn: NEVER };
  await load.ask('offer', { ...plan, connections: CONNECTIONS });
  const { normal } = await result;
  await pause(AFTER_SLICE_MS);
  return normal;
}

interface Spent {
  /** What the candidate was asked, and what it bills for one such request. */
  readonly requests: number;
  readonly usdEach: number;
  /** Requests that it got in the last round. */
  readonly after: number;
  readonly offered: number;
  readonly report: Report;
}

/** Requests until the candidate gets none of as many any more. */
async function spend(site: Site, seconds: number): Promise<Spent> {
  const { gateway, launch } = site;
  const flow = launch({ name: 'flow', command: [pathOf('./flow.ts')] });
  await flow.hear('ready');
  const stream = { name: 'one', key: gateway.key, model: BUDGETED, atOnce: 5, everyMs: 25 };
  const counts = [0];
  let offered = 0;
  while (counts.length < 3 || counts.at(-1) !== counts.at(-2)) {
    if (counts.length > MOST_ROUNDS) break;
    offered += await flowed(flow, { urls: [gateway.url], streams: [stream], seconds });
    await pause(AFTER_SLICE_MS);
    counts.push((await site.stats('counted')).requests);
  }
  const [last = 0, before = 0] = [counts.at(-1), counts.at(-2)];
  const report = await reportOf(gateway, 'poor');
  return { requests: last, usdEach: await priceOfOne(gateway), after: last - before, offered, report };
}

async function flowed(flow: Child, plan: FlowPlan): Promise<number> {
  const result = flow.hear('flowed', plan.seconds * 1000 + 40_000);
  await flow.ask('flow', plan);
  return (await result)['one']?.offered ?? 0;
}

/** The same request asked of the candidate's target itself, by its provider's word on what it used. */
async function priceOfOne({ url, key }: DrillGateway): Promise<number> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'counted/chat', max_tokens: 8, messages: [{ role: 'user', content: 'hello' }] }),
  });
  const { usage } = (await response.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
  return (usage.prompt_tokens * PRICE.input + usage.completion_tokens * PRICE.output) / 1e6;
}

async function reportOf(gateway: DrillGateway, shadow: string): Promise<Report> {
  return ((await gateway.read(`shadows/${shadow}`)) as { report: Report }).report;
}

function latencyChecks(rounds: readonly Round[]): Check[] {
  return (['p50Ms', 'p99Ms'] as const).flatMap((name) => {
    const added = rounds.map((one) => one.with[name] - (one.before[name] + one.after[name]) / 2);
    const between = rounds.map(({ before, after }) => after[name] - before[name]);
    const noise = quantile(between.map(Math.abs), 0.95);
    const [unnoticed, tooMuch] = TOLERATED_MS[name];
    const tolerated = Math.min(tooMuch, Math.max(unnoticed, noise));
    const [low, high] = medianWithin(added);
    const [least, most] = medianWithin(between);
    const short = name.slice(0, 3);
    return [
      {
        what: `${short} with shadow traffic, less without: the median of ${rounds.length} rounds, and between what it is (95 %)`,
        target: `the upper end ≤ ${tolerated.toFixed(2)} ms; 95 of 100 turns without differ by ≤ ${noise.toFixed(2)} ms`,
        seen: span(added, low, high),
        ...(rounds.length >= LEAST_ROUNDS && { met: high <= tolerated }),
      },
      { what: `${short} without, less without before it`, target: '', seen: span(between, least, most) },
    ];
  });
}

function span(values: readonly number[], low: number, high: number): string {
  return `${quantile(values, 0.5).toFixed(2)} ms (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/**
 * Between which two of the values the median lies with at least 95 % confidence, whatever they are distributed like:
 * how many of them are below it is a matter of tossing coins. Of fewer than six there is none, and it is all of them.
 */
function medianWithin(values: readonly number[]): readonly [low: number, high: number] {
  const n = values.length;
  const sorted = values.toSorted((a, b) => a - b);
  let [cut, term] = [0, 0.5 ** n];
  for (let below = term; below <= 0.025; below += term) {
    cut += 1;
    term *= (n - cut + 1) / cut;
  }
  const at = Math.max(0, cut - 1);
  return [sorted[at] ?? Number.NaN, sorted[n - 1 - at] ?? Number.NaN];
}

function mirrorChecks(rounds: readonly Round[], warmUp: Turn, report: Report): Check[] {
  const shadowed = [warmUp, ...rounds.map((one) => one.with)];
  const all = [...shadowed, ...rounds.flatMap(({ before, after }) => [before, after])];
  const sent = sum(all, 'sent');
  const served = sum(all, 'served');
  const share = report.requests / sum(shadowed, 'sent');
  return [
    exactly({
      what: 'requests of users that were answered',
      target: String(sent),
      seen: String(served),
      met: sent === served,
    }),
    {
      ...atLeast('of the requests to be mirrored, that were', share, LEAST_MIRRORED),
      // A machine may be too slow for many, and none is too slow for any.
      ...(report.pairs === 0 && { isExact: true, met: false }),
    },
  ];
}

function sum(turns: readonly Turn[], name: 'sent' | 'served'): number {
  return turns.reduce((all, turn) => all + turn[name], 0);
}

function budgetChecks({ requests, usdEach, after, offered, report }: Spent): Check[] {
  const billed = requests * usdEach;
  const used = billed / BUDGET_USD;
  const spentUsd = report.budget.spent_usd;
  return [
    exactly({
      what: `billed by the candidate of a budget of $${BUDGET_USD}, of ${offered} requests`,
      target: `≤ $${BUDGET_USD}, and most of it`,
      seen: `$${billed.toFixed(4)} for ${requests}`,
      met: used <= 1 && used > 0.8,
    }),
    exactly({
      what: 'spent, as the report has it',
      target: `$${billed.toFixed(4)}`,
      seen: `$${spentUsd.toFixed(4)}`,
      met: Math.abs(spentUsd - billed) < 1e-6 && report.budget.reserved_usd === 0,
    }),
    exactly({ what: 'sent in the round after', target: '0', seen: String(after), met: after === 0 }),
  ];
}

const ms = ({ p50Ms, p99Ms }: Turn): string => `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)}`;

function roundTable(rounds: readonly Round[]): string {
  return markdownTable(
    ['round', 'without: p50 / p99 ms', 'with: p50 / p99 ms', 'without: p50 / p99 ms'],
    rounds.map((one, at) => [String(at + 1), ms(one.before), ms(one.with), ms(one.after)]),
  );
}

function leftOut({ left_out: reasons }: Report): string {
  return reasons.map(({ reason, count }) => `${reason} × ${count}`).join(', ') || 'none';
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
