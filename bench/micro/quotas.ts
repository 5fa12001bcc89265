import assert from 'node:assert/strict';

import { FakeTransport } from '../../test/support/fake-transport.ts';
import { ManualRevisions } from '../../test/support/manual-revisions.ts';
import { makeCall } from '../../test/support/make-call.ts';
import type { Call } from '../../src/core/call.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Reply } from '../../src/core/reply.ts';
import { systemScheduler } from '../../src/core/scheduler.ts';
import { type Handler, type Stage, compose } from '../../src/core/stage.ts';
import { ModelCatalog, type VirtualModel } from '../../src/models/catalog.ts';
import { costOf } from '../../src/models/pricing/cost.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import { createOpenAiCompatibleProvider } from '../../src/models/providers/openai-compatible/adapter.ts';
import { hashApiKey, newApiKey } from '../../src/pipeline/access/api-key.ts';
import { KeyDirectory } from '../../src/pipeline/access/key-directory.ts';
import type { StoredKey } from '../../src/pipeline/access/key-store.ts';
import { authenticateStage } from '../../src/pipeline/access/stage.ts';
import { AddressGate } from '../../src/pipeline/quotas/admit/address-gate.ts';
import { UsualUse } from '../../src/pipeline/quotas/bounds/usual-use.ts';
import { BudgetAlerts } from '../../src/pipeline/quotas/budgets/alerts.ts';
import { budgetsOf } from '../../src/pipeline/quotas/budgets/from-settings.ts';
import { MemoryLedger } from '../../src/pipeline/quotas/ledger/memory-ledger.ts';
import { TalliedLedger } from '../../src/pipeline/quotas/ledger/tallied-ledger.ts';
import { RuleBook } from '../../src/pipeline/quotas/rules/rule-book.ts';
import type { LimitSettings } from '../../src/pipeline/quotas/settings.ts';
import { type QuotaWatch, UNWATCHED, quotaStage } from '../../src/pipeline/quotas/stage.ts';
import { shieldStage } from '../../src/pipeline/shield/stage.ts';
import { BlockDirectory } from '../../src/pipeline/vigilance/block-directory.ts';
import { addressRefusal, blockStage } from '../../src/pipeline/vigilance/stage.ts';
import { CHAT_PATH, requestBody } from '../traffic.ts';

/**
 * `node bench/micro/quotas.ts [calls of a round]`: what one request costs the request thread on its way through shield, authentication,
 * blocks, limits on five dimensions and two budgets (one of them hard), and back, settled and priced; in microseconds
 * of CPU over the same call without them, best of five rounds.
 */

const ROUNDS = 5;
const CALLS = Number(process.argv[2] ?? 200_000);
const WARM_UP = 100_000;
const PLENTY = 1_000_000;
const MODEL = 'bench-1';
const PRICE = { input: 0.25, output: 2 };
const USAGE = { inputTokens: 210, outputTokens: 62 };
const PROVIDERS = ['one', 'two'];

const often = { burst: 0.1, models: [], requests: { count: PLENTY, windowMs: 1000 } };
const tokens = { count: PLENTY * 1000, windowMs: 60_000 };
const LIMITS: readonly LimitSettings[] = [
  { per: 'ip', ...often },
  { per: 'key', ...often },
  { per: 'user', ...often, tokens, concurrency: PLENTY },
  { per: 'project', ...often },
  { per: 'endpoint', ...often },
  { per: 'model', ...often },
];
const usual = { period: 'month', timeZone: 'UTC', atLimit: 'refuse', paymentRequired: false } as const;
const BUDGETS = budgetsOf([
  { per: 'organisation', id: 'acme', usd: PLENTY, hard: true, maxOutputTokens: 256, ...usual },
  { per: 'project', id: 'bench', usd: PLENTY, hard: false, ...usual },
]);

function catalogOf(): ModelCatalog {
  const targets = PROVIDERS.map((provider) => ({ provider, model: MODEL }));
  const [target = { provider: '', model: '' }, ...fallback] = targets;
  const model: VirtualModel = { name: 'chat', target, fallback, passThroughCredentials: false, timeouts: undefined };
  return new ModelCatalog({
    providers: PROVIDERS.map((name) =>
      createOpenAiCompatibleProvider(
        { name, preset: undefined, baseUrl: 'http://127.0.0.1:1/v1', apiKeys: ['bench'], headers: {}, models: [] },
        new FakeTransport(),
      ),
    ),
    virtualModels: [model],
    prices: new PriceBook(Object.fromEntries(PROVIDERS.map((name) => [`${name}/${MODEL}`, PRICE]))),
    passThroughProviders: new Set(),
  });
}

const catalog = catalogOf();
const rules = new RuleBook({ limits: LIMITS, budgets: BUDGETS, addressesCounted: true });
const inForce = (): RuleBook => rules;
const key = newApiKey();

async function directoryOf(): Promise<KeyDirectory> {
  const times = { createdAt: new Date(), expiresAt: null, revokedAt: null };
  const stored: StoredKey = { id: 'key_1', hint: '', project: 'bench', userId: 'ada', models: null, ...times };
  const directory = new KeyDirectory({
    store: { live: () => Promise.resolve(new Map([[hashApiKey(key), stored]])) },
    clock: systemClock,
    revisions: new ManualRevisions(),
    organisationOf: () => 'acme',
  });
  await directory.start();
  return directory;
}

function watchOf(): QuotaWatch {
  const alerts = new BudgetAlerts(() => {});
  return {
    ...UNWATCHED,
    spent: ({ rule, subject }, share, nowMs) => alerts.seen(rule.budget, subject, rule.unit, rule.period(nowMs), share),
  };
}

const assign: Stage = {
  name: 'assign',
  run(call, next) {
    call.assignment = catalog.assign(call.facts.model);
    return next(call);
  },
};

/** One attempt that completes at once. */
function answering(price: (call: Call, provider: string) => number | undefined): Stage {
  const reply = { kind: 'whole', status: 200, body: Buffer.alloc(0) } as const;
  const terminal = { kind: 'completed', finishReason: 'stop', usage: USAGE } as const;
  return {
    name: 'attempt',
    run(call): Promise<Reply> {
      const [target] = call.assignment?.targets ?? [];
      if (!target) throw new Error('no target');
      void call.spending?.cover(target);
      const ledger = { priceVersion: 'x', reservedNanoUsd: undefined, retryOf: undefined, simulated: false };
      const attempt = call.attempts.open({ target: 'one/bench-1', ...ledger });
      call.spending?.sends();
      attempt.sentAt = call.startedAt;
      call.answeredBy = target;
      const costNanoUsd = price(call, target.provider);
      attempt.close(call.startedAt, { outcome: 'completed', usage: USAGE, usageSource: 'reported', costNanoUsd });
      return Promise.resolve({ ...reply, headers: {}, terminal });
    },
  };
}

function priced(call: Call, name: string): number | undefined {
  const circumstances = { sentAt: call.receivedAt, durationMs: 100 };
  return costOf(USAGE, catalog.priceOf(catalog.provider(name), MODEL), circumstances)?.nanoUsd;
}

async function everything(): Promise<{ all: Handler; close: () => Promise<void> }> {
  const gate = new AddressGate(inForce, systemClock);
  const directory = new BlockDirectory({ live: () => Promise.resolve([]) }, systemClock);
  const block = { directory, clock: systemClock, onBlocked: () => {} };
  const ledger = new TalliedLedger({
    ledger: new MemoryLedger(systemClock),
    replica: 'bench',
    store: { save: () => Promise.resolve() },
    scheduler: systemScheduler,
    now: () => systemClock.now(),
    onStore: () => {},
  });
  const stages = [
    shieldStage({
      load: { pressure: 0, lastedMs: 0 },
      random: Math.random,
      refuseAddress: (call) => addressRefusal(block, call) ?? gate.refuse(call),
      onShed: () => {},
    }),
    authenticateStage(await directoryOf()),
    blockStage(block),
    assign,
    quotaStage({
      rules: inForce,
      catalog: () => catalog,
      ledger,
      usual: new UsualUse(),
      clock: systemClock,
      watch: watchOf(),
    }),
    answering(priced),
  ];
  return { all: compose(stages), close: () => ledger.close() };
}

const raw = Buffer.from(requestBody('chat', false));
const headers = { authorization: `Bearer ${key}` };

/** Its body has been read by whoever looked for the model's name. */
function callOf(): Call {
  const call = makeCall({ raw, headers, endpoint: CHAT_PATH, facts: { model: 'chat' }, clientIp: '10.1.2.3' });
  void call.body.json;
  return call;
}

async function cpuOf(handler: Handler, calls: number): Promise<number> {
  const before = process.threadCpuUsage();
  for (let at = 0; at < calls; at += 1) await handler(callOf());
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / calls;
}

async function bestOf(handler: Handler): Promise<number> {
  await cpuOf(handler, WARM_UP);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) best = Math.min(best, await cpuOf(handler, CALLS));
  return best;
}

const { all, close } = await everything();
const first = await all(callOf());
assert.equal(first.headers['x-ratelimit-limit-requests'], String(PLENTY));
const without = await bestOf(compose([assign, answering(() => 0)]));
const withAll = await bestOf(all);
await close();
const rounded = (micros: number): string => micros.toFixed(2);
console.log(
  `without ${rounded(without)} µs, with all ${rounded(withAll)} µs: ${rounded(withAll - without)} µs a request`,
);
