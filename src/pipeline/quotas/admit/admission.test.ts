import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../../test/support/fake-provider.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { candidate, planOf, ruleOf } from '../../../../test/support/routing-world.ts';
import type { Call } from '../../../core/call.ts';
import type { RoutePlan } from '../../../core/routing.ts';
import { ModelCatalog, type VirtualModel } from '../../../models/catalog.ts';
import { PriceBook } from '../../../models/pricing/price-book.ts';
import { UsualUse } from '../bounds/usual-use.ts';
import { budgetOf } from '../budgets/from-settings.ts';
import { MemoryLedger } from '../ledger/memory-ledger.ts';
import { RuleBook } from '../rules/rule-book.ts';
import { type QuotaDeps, quotaStage } from '../stage.ts';

const SETTINGS = {
  per: 'project',
  period: 'total',
  timeZone: 'UTC',
  atLimit: 'refuse',
  paymentRequired: false,
} as const;
const PRINCIPAL = { keyId: 'k', project: 'support', user: undefined, models: undefined };

interface Models {
  readonly degradesAt?: number;
  readonly routes?: Record<string, RoutePlan>;
  readonly prompts?: Record<string, Pick<VirtualModel, 'prompt' | 'promptVersion' | 'parameters'>>;
}

/** Budgets of so many dollars each, and models that cost a dollar for a request. */
class Bench {
  readonly deps: QuotaDeps;

  constructor(usd: readonly number[], { degradesAt, routes = {}, prompts = {} }: Models = {}) {
    const clock = new FakeClock();
    const model = (name: string, provider: string): VirtualModel => ({
      name,
      target: { provider, model: 'm' },
      passThroughCredentials: false,
      timeouts: undefined,
      ...(routes[name] && { route: routes[name] }),
      ...prompts[name],
    });
    const catalog = new ModelCatalog({
      providers: ['large', 'small', 'own'].map((name) => fakeProvider('openai', { name }).provider),
      virtualModels: [model('chat', 'large'), model('cheap', 'small')],
      prices: new PriceBook({ 'large/m': { input: 0, output: 0, fees: { request: 1000 } } }, [], []),
      passThroughProviders: new Set(),
    });
    const degradeTo = degradesAt === undefined ? {} : { degradeTo: { model: 'cheap', at: degradesAt } };
    const budgets = usd.map((dollars, at) =>
      budgetOf({ ...SETTINGS, usd: dollars, hard: false, ...degradeTo }, { id: `b${at}`, origin: 'admin' }),
    );
    const rules = new RuleBook({ limits: [], budgets, addressesCounted: true });
    const watch = { refusedByLimit() {}, refusedByBudget() {}, spent() {}, degraded() {}, capped() {} };
    this.deps = {
      rules: () => rules,
      catalog: () => catalog,
      ledger: new MemoryLedger(clock),
      usual: new UsualUse(),
      clock,
      watch,
    };
  }

  async admitted(): Promise<Call> {
    const call = makeCall({ json: { model: 'chat', messages: [] }, principal: PRINCIPAL });
    call.assignment = this.deps.catalog().assign('chat');
    const reply = { kind: 'whole', headers: {} } as never;
    await quotaStage(this.deps).run(call, (one) => {
      const attempt = one.attempts.open({
        target: 'large/m',
        priceVersion: 'x',
        reservedNanoUsd: undefined,
        retryOf: undefined,
        simulated: false,
      });
      attempt.sentAt = 0;
      attempt.close(1, {
        outcome: 'completed',
        usage: { inputTokens: 1, outputTokens: 1 },
        usageSource: 'reported',
        costNanoUsd: 1e9,
      });
      return Promise.resolve(reply);
    });
    return call;
  }
}

const names = ({ assignment }: Call) => [assignment?.virtualModel, assignment?.route?.rules.map(({ name }) => name)];

const promptOf = (version: string) => ({ version, system: version, mode: 'before' }) as const;

describe('a call that counts for budgets', () => {
  it('knows how much of the fullest of them is used, with what is reserved', async () => {
    const bench = new Bench([10, 4]);
    const used = [];
    for (let time = 0; time < 3; time += 1) used.push((await bench.admitted()).budgetUsed);
    const [first = 0] = used;
    assert.ok(first >= 0 && first <= 0.25, `${first}`);
    assert.deepEqual(
      used.map((share) => (share ?? 0) - first),
      [0, 0.25, 0.5],
    );
    assert.equal((await new Bench([]).admitted()).budgetUsed, undefined);
  });

  it('takes the rules of its model along to a cheaper one, before the rules of that', async () => {
    const [keeps, other] = [
      ruleOf({ name: 'private', when: { sensitive: true } }),
      ruleOf({ name: 'its own', when: { tools: true } }),
    ];
    const chat = planOf('order', [candidate('large')], { rules: [keeps] });
    const plain = new Bench([10], { degradesAt: 0.1, routes: { chat } });
    await plain.admitted();
    assert.deepEqual(names(await plain.admitted()), ['cheap', ['private']]);
    const routed = new Bench([10], {
      degradesAt: 0.1,
      routes: { chat, cheap: planOf('cost', [candidate('small')], { rules: [other] }) },
    });
    await routed.admitted();
    const degraded = await routed.admitted();
    assert.deepEqual(names(degraded), ['cheap', ['private', 'its own']]);
    assert.equal(degraded.assignment?.route?.by, 'cost');
    for (const bench of [plain, routed]) {
      const [one, next] = [await bench.admitted(), await bench.admitted()];
      assert.equal(one.assignment?.route, next.assignment?.route, 'what is known by plan stays known');
    }
  });

  it('keeps the prompt and the parameters of its model, which it has already, where a cheaper one answers', async () => {
    const own = { prompt: promptOf('chat@1'), promptVersion: 'chat@1', parameters: { temperature: 0 } };
    const others = { prompt: promptOf('cheap@2'), promptVersion: 'cheap@2', parameters: { topP: 0.5 } };
    for (const chat of [own, {}]) {
      const bench = new Bench([10], { degradesAt: 0.1, prompts: { chat, cheap: others } });
      await bench.admitted();
      const { assignment } = await bench.admitted();
      assert.equal(assignment?.virtualModel, 'cheap');
      const { prompt, promptVersion, parameters } = assignment;
      const none = { prompt: undefined, promptVersion: undefined, parameters: undefined };
      assert.deepEqual({ prompt, promptVersion, parameters }, { ...none, ...chat });
    }
  });
});
