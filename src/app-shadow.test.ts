import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { askers, isRepeatable } from './app-shadow.ts';
import type { Call } from './core/call.ts';
import type { Stage } from './core/stage.ts';
import { boundOf } from './pipeline/quotas/bounds/bound-of.ts';
import { UsualUse } from './pipeline/quotas/bounds/usual-use.ts';
import { MemoryLedger } from './pipeline/quotas/ledger/memory-ledger.ts';
import { RuleBook } from './pipeline/quotas/rules/rule-book.ts';
import type { QuotaDeps } from './pipeline/quotas/stage.ts';
import { boundedCatalog, targetOf } from '../test/support/bounded-catalog.ts';
import * as fc from '../test/support/fast-check.ts';
import { makeCall } from '../test/support/make-call.ts';
import { ShadowSite, answering, assignmentTo } from '../test/support/shadow-site.ts';

const through: Stage = { name: 'through', run: (call, next) => next(call) };
const CATALOG = boundedCatalog();

interface Step {
  readonly promptChars: number;
  readonly maxTokens: number;
  /** Of what it costs at most. */
  readonly part: number;
  readonly takesMs: number;
  /** How often the target is asked, one after another, within the call. */
  readonly attempts: number;
  /** Nobody is told what the last attempt cost, but it is billed. */
  readonly isGivenUp: boolean;
  readonly pauseMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  promptChars: fc.integer({ min: 1, max: 4000 }),
  maxTokens: fc.integer({ min: 1, max: 400 }),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
  takesMs: fc.integer({ min: 0, max: 50 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  isGivenUp: fc.boolean(),
  pauseMs: fc.integer({ min: 0, max: 30 }),
});

const CHEAP: Step = {
  promptChars: 1,
  maxTokens: 1,
  part: 0.1,
  takesMs: 0,
  attempts: 1,
  isGivenUp: false,
  pauseMs: 0,
};

/** A shadow behind the real budgets, whose provider bills what it likes within the bound of a request. */
function site(usd: number, concurrency: number, steps: readonly Step[], judged: boolean, recorder = through) {
  const judge = judged ? { judge: { target: targetOf('anthropic/m'), sample: 1 } } : {};
  const made: { billed: number; overspent: boolean; site?: ShadowSite } = { billed: 0, overspent: false };
  const bill = (nanoUsd: number): void => {
    made.billed += nanoUsd;
    made.overspent ||= made.billed > usd * 1e9;
  };
  let asked = 0;
  const provider: Stage = {
    name: 'provider',
    async run(call) {
      const how = steps[asked % steps.length];
      asked += 1;
      assert.ok(how && made.site);
      for (let at = 1; at <= how.attempts; at += 1) await attempt(made.site, call, how, at === how.attempts, bill);
      return answering(call, 'same');
    },
  };
  const clock = { current: undefined as ShadowSite | undefined };
  const ledgerClock = {
    now: () => clock.current?.clock.now() ?? 0,
    monotonic: () => clock.current?.clock.monotonic() ?? 0,
  };
  const budgets: QuotaDeps = {
    rules: () => new RuleBook({ limits: [], budgets: [], addressesCounted: true }),
    catalog: () => CATALOG,
    ledger: new MemoryLedger(ledgerClock),
    usual: new UsualUse(),
    clock: ledgerClock,
    watch: { refusedByLimit() {}, refusedByBudget() {}, spent() {}, degraded() {}, capped() {} },
  };
  const askerOf = askers(budgets, { prompt: through, recorder, route: [provider] });
  const mirror = new ShadowSite({ usd, concurrency, ...judge }, { askerOf, variant: () => assignmentTo('openai/m') });
  made.site = mirror;
  return { mirror, made };
}

/** One attempt, as the route would make it. */
async function attempt(
  { clock }: ShadowSite,
  call: Call,
  { part, takesMs, isGivenUp }: Step,
  isLast: boolean,
  bill: (nanoUsd: number) => void,
): Promise<void> {
  const target = call.assignment?.targets[0];
  assert.ok(target);
  await call.spending?.cover(target);
  const most = boundOf(call, target, CATALOG).nanoUsd;
  assert.ok(most !== undefined);
  const cost = Math.floor(most * part);
  const sent = call.attempts.open({
    target: `${target.provider}/${target.model}`,
    priceVersion: 'x',
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated: false,
  });
  sent.sentAt = clock.monotonic();
  bill(cost);
  await new Promise<void>((resolve) => clock.after(takesMs, resolve));
  const known = { costNanoUsd: cost, usageSource: 'reported' } as const;
  sent.close(clock.monotonic(), isGivenUp && isLast ? { outcome: 'aborted' } : { outcome: 'completed', ...known });
}

describe('the budget of a shadow', () => {
  it('promise 4: is never overspent, whatever runs beside what, judges and repeated attempts included', async () => {
    let [sent, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 0.0005, max: 0.02, noNaN: true }),
        fc.boolean(),
        async (steps, concurrency, usd, judged) => {
          const { mirror, made } = site(usd, concurrency, steps, judged);
          for (const { promptChars, maxTokens, pauseMs } of steps) {
            const messages = [{ role: 'user', content: 'x'.repeat(promptChars) }];
            mirror.answered({ json: { model: 'chat', messages, max_tokens: maxTokens } });
            await mirror.turn(pauseMs);
          }
          for (let at = 0; at < 8; at += 1) await mirror.turn(200);
          assert.equal(made.overspent, false, `${made.billed} of ${usd * 1e9}`);
          assert.equal(mirror.outcomes.length + mirror.leftOut.length, steps.length);
          assert.deepEqual(mirror.failures, []);
          sent += mirror.outcomes.length;
          refused += mirror.leftOut.filter((reason) => reason === 'budget').length;
        },
      ),
      { numRuns: 50 },
    );
    assert.ok(sent > 20 && refused > 20, `${sent} were sent, ${refused} refused`);
  });

  it('counts what was given up as if it had gone on', async () => {
    const dear: Step = { ...CHEAP, part: 1, isGivenUp: true };
    const { mirror, made } = site(0.01, 1, [dear], false);
    for (let at = 0; at < 30; at += 1) {
      mirror.answered({ json: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 100 } });
      await mirror.turn(1);
      await mirror.turn(1);
    }
    assert.ok(made.billed > 0.005e9 && made.billed <= 0.01e9, `${made.billed}`);
    assert.equal(mirror.leftOut[0], 'budget');
  });

  it('has no place for what has no known price', async () => {
    const { mirror } = site(1, 1, [], false);
    const other = new ShadowSite(
      {},
      { askerOf: (one) => mirror.deps.askerOf(one), variant: () => assignmentTo('openai/unheard-of') },
    );
    other.answered();
    await other.turn();
    assert.deepEqual(other.leftOut, ['cost-unknown']);
  });

  it('refuses without a record', async () => {
    for (const [usd, records] of [
      [0.000001, 0],
      [1, 1],
    ] as const) {
      let recorded = 0;
      const recorder: Stage = {
        name: 'record',
        run(call, next) {
          recorded += 1;
          return next(call);
        },
      };
      const { mirror } = site(usd, 1, [CHEAP], false, recorder);
      mirror.answered({ json: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 9 } });
      await mirror.turn();
      await mirror.turn(10);
      assert.equal(recorded, records);
      assert.deepEqual(mirror.leftOut, records === 0 ? ['budget'] : []);
    }
  });
});

describe('whether a request can be repeated', () => {
  const chat = { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] };

  it('is so of plain conversations, with functions of the client or without', () => {
    assert.ok(isRepeatable(makeCall({ json: chat })));
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    assert.ok(isRepeatable(makeCall({ json: { ...chat, tools } })));
    assert.ok(isRepeatable(makeCall({ dialect: 'responses', json: { model: 'chat', input: 'Hello' } })));
  });

  it('is not so where the provider runs something for it, or keeps what it names', () => {
    const mcp = [{ type: 'mcp', server_label: 'x', server_url: 'https://mcp.example.com' }];
    const bodies = [
      ['responses', { model: 'chat', input: 'Hello', tools: mcp }],
      ['responses', { model: 'chat', input: 'Hello', previous_response_id: 'resp_1' }],
      ['responses', { model: 'chat', input: 'Hello', background: true }],
      ['responses', { model: 'chat', input: [{ type: 'item_reference', id: 'msg_1' }] }],
      ['anthropic', { ...chat, max_tokens: 9, mcp_servers: [{ type: 'url', url: 'https://mcp.example.com' }] }],
      ['anthropic', { ...chat, max_tokens: 9, tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
      ['openai', { ...chat, web_search_options: {} }],
    ] as const;
    for (const [dialect, json] of bodies) {
      assert.equal(isRepeatable(makeCall({ dialect, json })), false, JSON.stringify(json));
    }
  });
});
