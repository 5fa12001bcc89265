import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CascadeBench, STREAMED } from '../../../../test/support/cascade-bench.ts';
import { refusal, turn } from '../../../../test/support/route-bench.ts';
import { ONE_ATTEMPT } from '../../../../test/support/route-deps.ts';
import type { AbortedBy } from '../../../core/cancellation.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject } from '../../../core/json.ts';
import type { Reply } from '../../../core/reply.ts';

const USAGE = { prompt_tokens: 10, completion_tokens: 5 };

function answer(message: object, logprobs?: readonly number[]): JsonObject {
  const said = logprobs && { content: logprobs.map((logprob) => ({ token: 'x', logprob, top_logprobs: [] })) };
  const choice = { index: 0, message: { role: 'assistant', ...message }, ...(said && { logprobs: said }) };
  return { id: 'c1', model: 'small', choices: [{ ...choice, finish_reason: 'stop' }], usage: USAGE };
}

const text = (content: string, logprobs?: readonly number[]) => answer({ content }, logprobs);

function bodyOf(reply: Reply): JsonObject {
  assert.equal(reply.kind, 'whole');
  return JSON.parse(Buffer.from(reply.kind === 'whole' ? reply.body : []).toString()) as JsonObject;
}

function sentTo(bench: CascadeBench, name: string): JsonObject {
  return JSON.parse(bench.last(name).request.body?.toString() ?? '') as JsonObject;
}

const SURE = [-0.01, -0.02];
const UNSURE = [-0.01, -3];
const UNSUPPORTED = refusal(
  'unsupported_parameter',
  "Unsupported parameter: 'logprobs' is not supported with this model.",
);

describe('a cascade', () => {
  it('gives the first answer where the check finds it good, byte for byte, and asks nobody else', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade();
    const said = JSON.stringify(text('Paris.'), undefined, 1);
    bench.last('a').head(200);
    bench.last('a').data(said);
    bench.last('a').end();
    const reply = await run.reply;
    assert.equal(reply.kind === 'whole' && Buffer.from(reply.body).toString(), said);
    assert.deepEqual(run.attempts(), ['first a/m completed']);
    assert.equal(bench.exchanges('b').length, 0);
    const outcome = { first: 'a/m', check: 'validator', confidence: 1, escalatedTo: undefined };
    assert.deepEqual(run.call.routing?.cascade, outcome);
    assert.equal(run.call.spans.all[0]?.name, 'cascade');
  });

  it('gives the better model’s answer where the first is not sure; both are in the ledger, and it says who answered', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade();
    await bench.answer('a', 200, text('I am NOT SURE.'));
    await bench.answer('b', 200, text('Paris.'));
    const reply = await run.reply;
    assert.match(JSON.stringify(bodyOf(reply)), /Paris/);
    assert.deepEqual(run.attempts(), ['first a/m completed', 'escalation b/m completed']);
    assert.ok(run.call.attempts.all.every(({ closing }) => closing?.usageSource === 'reported'));
    assert.equal(run.call.attempts.usage?.inputTokens, 20);
    assert.equal(reply.headers['x-causeway-target'], 'b/m');
    assert.equal(reply.headers['x-causeway-attempts'], '2');
    assert.equal(run.call.attempts.shown?.opening.target, 'b/m');
    assert.deepEqual(run.call.answeredBy, { provider: 'b', model: 'm' });
    assert.equal(run.call.routing?.cascade?.escalatedTo, 'b/m');
    assert.deepEqual(run.call.warnings, []);
    assert.deepEqual(run.call.assignment?.targets, [{ provider: 'a', model: 'm' }]);
  });

  it('does not take an escalation for a retry, however few retries are allowed', async () => {
    const bench = new CascadeBench();
    const none = { ...ONE_ATTEMPT, retries: { ...ONE_ATTEMPT.retries, budget: { share: 0, perSecond: 0 } } };
    for (let count = 0; count < 20; count += 1) {
      const run = bench.cascade({}, {}, none);
      await bench.answer('a', 200, text('not sure'));
      await bench.answer('b', 200, text('Paris.'));
      assert.equal((await run.reply).headers['x-causeway-target'], 'b/m');
    }
  });

  it('is answered by the better model, unchecked, where the first fails', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade();
    await bench.answer('a', 500, refusal());
    await bench.answer('b', 200, text('not sure'));
    assert.match(JSON.stringify(bodyOf(await run.reply)), /not sure/);
    assert.deepEqual(run.attempts(), ['first a/m failed', 'fallback b/m completed']);
    assert.equal(run.call.routing?.cascade, undefined);
  });

  it('gives the first answer with a warning where the better model fails', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade();
    await bench.answer('a', 200, text('not sure'));
    await bench.answer('b', 500, refusal());
    const reply = await run.reply;
    assert.match(JSON.stringify(bodyOf(reply)), /not sure/);
    assert.deepEqual(run.attempts(), ['first a/m completed', 'escalation b/m failed']);
    assert.equal(reply.headers['x-causeway-target'], 'a/m');
    assert.equal(reply.headers['x-causeway-attempts'], '2');
    assert.match(reply.headers['x-causeway-warnings'] ?? '', /b\/m gave no answer \(provider_error\)/);
    assert.deepEqual(run.call.answeredBy, { provider: 'a', model: 'm' });
    assert.equal(run.call.attempts.shown?.opening.target, 'a/m');
    assert.equal(run.call.routing?.cascade?.escalatedTo, undefined);
    assert.equal(run.call.routing?.cascade?.stands, true);
  });

  it('promise 4: gives the first answer with a warning where the budget does not hold a second', async () => {
    const bench = new CascadeBench();
    const spending = {
      cover(target: { readonly provider: string }) {
        if (target.provider === 'b') throw new GatewayError('budget_exhausted');
        return undefined;
      },
      waits() {},
      sends() {},
    };
    const run = bench.cascade({}, { spending });
    await bench.answer('a', 200, text('not sure'));
    assert.match((await run.reply).headers['x-causeway-warnings'] ?? '', /budget_exhausted/);
    assert.equal(run.call.routing?.cascade?.stands, true);
    assert.equal(bench.exchanges('b').length, 0);
    assert.deepEqual(run.attempts(), ['first a/m completed']);
  });

  it('gives the first answer with a warning where there is no time for a second', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({}, { deadlineAt: 150 });
    await bench.advance(100);
    await bench.answer('a', 200, text('not sure'));
    assert.match((await run.reply).headers['x-causeway-warnings'] ?? '', /no time is left for b\/m/);
    assert.equal(run.call.routing?.cascade?.stands, true);
    assert.equal(bench.exchanges('b').length, 0);
  });

  for (const by of ['client', 'deadline', 'shutdown'] as const satisfies readonly AbortedBy[]) {
    it(`promise 11: ends whatever runs where the call is ended (${by})`, async () => {
      for (const at of ['first', 'check', 'second'] as const) {
        const bench = new CascadeBench({ targets: ['a', 'b', 'c'] });
        const run = bench.cascade({ check: 'judge', judge: { provider: 'c', model: 'm' } });
        if (at !== 'first') await bench.answer('a', 200, text('Hm.'));
        if (at === 'second') await bench.answer('c', 200, text('10'));
        run.call.cancellation.cancel(by);
        await run.error();
        await turn();
        const last = bench.last(at === 'first' ? 'a' : at === 'check' ? 'c' : 'b');
        assert.ok(last.freed, `${at} goes on`);
        assert.ok(run.call.attempts.all.every(({ closing }) => closing));
        assert.equal(bench.clock.waiting, 0);
      }
    });
  }

  it('checks no tool call but that its arguments can be read', async () => {
    for (const [args, isGood] of [
      ['{"a":1}', true],
      ['', true],
      ['{"a":', false],
    ] as const) {
      const bench = new CascadeBench();
      bench.ask = () => Promise.reject(new Error('nobody is asked'));
      const run = bench.cascade({ check: 'self-check' });
      const call = { id: 't1', type: 'function', function: { name: 'f', arguments: args } };
      await bench.answer('a', 200, answer({ content: null, tool_calls: [call] }));
      if (!isGood) await bench.answer('b', 200, text('Paris.'));
      assert.equal((await run.reply).headers['x-causeway-target'], isGood ? 'a/m' : 'b/m');
    }
  });

  it('goes on from what is refused or says nothing', async () => {
    for (const message of [{ content: '' }, { content: null, refusal: 'No.' }]) {
      const bench = new CascadeBench();
      const run = bench.cascade({ check: 'self-check' });
      await bench.answer('a', 200, answer(message));
      await bench.answer('b', 200, text('Paris.'));
      assert.equal((await run.reply).headers['x-causeway-target'], 'b/m');
      assert.equal(run.call.routing?.cascade?.confidence, 0);
    }
  });

  it('is none where the call may not go to the better model, or not to the judge', async () => {
    const bench = new CascadeBench();
    const only = [{ provider: 'a', model: 'm' }];
    const [both, judge] = [[...only, { provider: 'b', model: 'm' }], { provider: 'c', model: 'm' }];
    for (const [policy, confinedTo] of [
      [{}, only],
      [{ check: 'judge', judge }, both],
    ] as const) {
      const run = bench.cascade(policy, { confinedTo });
      await bench.answer('a', 200, text('not sure'));
      assert.equal((await run.reply).headers['x-causeway-target'], 'a/m');
      assert.equal(run.call.routing, undefined);
    }
    const kept = bench.cascade({}, { keeps: true });
    await bench.answer('a', 200, text('not sure'));
    assert.equal((await kept.reply).headers['x-causeway-target'], 'a/m');
  });

  it('goes to the better model at once where nothing can be checked, and says why', async () => {
    const hello = { model: 'x', messages: [{ role: 'user', content: 'Hi' }] };
    for (const [policy, parts, why] of [
      [{ streams: 'skip' }, STREAMED, 'streamed answers are not checked'],
      [{}, { json: { ...hello, n: 2 } }, 'several answers are asked for'],
      [{ check: 'logprobs' }, { dialect: 'anthropic', json: { ...hello, max_tokens: 5 } }, 'no log probabilities'],
    ] as const) {
      const bench = new CascadeBench();
      const run = bench.cascade(policy, parts);
      await turn();
      assert.equal(bench.exchanges('a').length, 0);
      assert.equal(bench.exchanges('b').length, 1);
      assert.ok(run.call.routing?.reason.includes(why));
      assert.equal(run.call.routing?.target, 'b/m');
      assert.deepEqual(run.attempts(), ['first b/m …']);
    }
  });
});

describe('a cascade by log probabilities', () => {
  it('asks for them, takes them out of the answer, and lists what it asked', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'logprobs' });
    assert.equal(sentTo(bench, 'a')['logprobs'], true);
    await bench.answer('a', 200, text('Paris.', SURE));
    const body = bodyOf(await run.reply);
    assert.deepEqual(
      body,
      JSON.parse(JSON.stringify(text('Paris.', SURE), (key, value) => (key === 'logprobs' ? null : value))),
    );
    assert.equal(run.call.routing?.cascade?.confidence, 0.9851);
    assert.ok(run.call.attempts.all[0]?.patches.some(({ path }) => path === '/logprobs'));
    assert.deepEqual(run.call.body.patches, []);
  });

  it('does not ask the better model for them', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'logprobs' });
    await bench.answer('a', 200, text('Lyon.', UNSURE));
    assert.equal(sentTo(bench, 'b')['logprobs'], undefined);
    await bench.answer('b', 200, text('Paris.'));
    assert.equal((await run.reply).headers['x-causeway-target'], 'b/m');
    assert.deepEqual(
      run.call.attempts.all[1]?.patches.map(({ path }) => path),
      ['/model'],
    );
  });

  it('goes on where there are none', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'logprobs' });
    await bench.answer('a', 200, text('Lyon.'));
    await bench.answer('b', 200, text('Paris.'));
    assert.equal((await run.reply).headers['x-causeway-target'], 'b/m');
    assert.equal(run.call.routing?.cascade?.confidence, undefined);
  });

  it('leaves them to a client that asked for them', async () => {
    const bench = new CascadeBench();
    const json = { model: 'x', logprobs: true, messages: [{ role: 'user', content: 'Hi' }] };
    const run = bench.cascade({ check: 'logprobs' }, { json });
    await bench.answer('a', 200, text('Paris.', SURE));
    assert.deepEqual(bodyOf(await run.reply), text('Paris.', SURE));
  });

  it('goes to the better model without them where the first refuses to be asked', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'logprobs' });
    await bench.answer('a', 400, UNSUPPORTED);
    await bench.answer('b', 200, text('Paris.'));
    const reply = await run.reply;
    assert.deepEqual(run.attempts(), ['first a/m failed', 'fallback b/m completed']);
    assert.equal(sentTo(bench, 'b')['logprobs'], undefined);
    assert.match(reply.headers['x-causeway-warnings'] ?? '', /a\/m may refuse to be asked/);
  });

  it('asks who refused it no more for some minutes, but for a client that asks itself', async () => {
    const bench = new CascadeBench();
    const refused = bench.cascade({ check: 'logprobs' });
    await bench.answer('a', 400, UNSUPPORTED);
    await bench.answer('b', 200, text('Paris.'));
    await refused.reply;
    const own = { model: 'x', logprobs: true, messages: [{ role: 'user', content: 'Hi' }] };
    for (const [json, minutes, attempt] of [
      [undefined, 0, 'first b/m …'],
      [undefined, 4, 'first b/m …'],
      [own, 0, 'first a/m …'],
      [undefined, 2, 'first a/m …'],
    ] as const) {
      bench.clock.advance(minutes * 60_000);
      const run = bench.cascade({ check: 'logprobs' }, { json, startedAt: bench.clock.monotonic() });
      await turn();
      assert.deepEqual(run.attempts(), [attempt]);
      if (attempt === 'first b/m …') assert.match(run.call.routing?.reason ?? '', /a\/m refused to be asked/);
    }
  });

  it('is told what is wrong with its own request once, and nothing is learned of that', async () => {
    const bench = new CascadeBench();
    const wrong = bench.cascade({ check: 'logprobs' });
    await bench.answer('a', 400, refusal(null, 'messages[0].role is not known'));
    assert.equal(bench.exchanges('b').length, 0);
    assert.equal((await wrong.error()).code, 'request_invalid');
    const both = bench.cascade({ check: 'logprobs' });
    await bench.answer('a', 400, refusal(null, 'logprobs and messages[0].role are not known'));
    await bench.answer('b', 400, refusal(null, 'messages[0].role is not known'));
    assert.equal((await both.error()).code, 'request_invalid');
    const next = bench.cascade({ check: 'logprobs' });
    assert.equal(sentTo(bench, 'a')['logprobs'], true);
    assert.deepEqual(next.attempts(), ['first a/m …']);
  });

  it('reads what servers say in a form of their own', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'logprobs' });
    await bench.answer('a', 422, { detail: [{ type: 'extra_forbidden', loc: ['body', 'logprobs'] }] });
    await bench.answer('b', 200, text('Paris.'));
    assert.equal((await run.reply).headers['x-causeway-target'], 'b/m');
  });

  it('takes them out where the better model answers in place of one that failed', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'logprobs' });
    await bench.answer('a', 500, refusal());
    await bench.answer('b', 200, text('Paris.', UNSURE));
    assert.ok(!JSON.stringify(bodyOf(await run.reply)).includes('"logprob"'));
  });
});

describe('a cascade that asks a model', () => {
  it('asks the one that answered how sure it is', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'self-check' });
    await bench.answer('a', 200, text('Lyon.'));
    const asked = JSON.stringify(sentTo(bench, 'a'));
    assert.match(asked, /Lyon\./);
    assert.match(asked, /Hello/);
    await bench.answer('a', 200, text('I would say 35%'));
    await bench.answer('b', 200, text('Paris.'));
    assert.equal((await run.reply).headers['x-causeway-target'], 'b/m');
    assert.equal(run.call.routing?.cascade?.confidence, 0.35);
    assert.deepEqual(run.attempts(), ['first a/m completed', 'escalation b/m completed']);
  });

  it('asks a judge', async () => {
    const bench = new CascadeBench({ targets: ['a', 'b', 'c'] });
    const run = bench.cascade({ check: 'judge', judge: { provider: 'c', model: 'm' } });
    await bench.answer('a', 200, text('Paris.'));
    await bench.answer('c', 200, text('97'));
    assert.equal((await run.reply).headers['x-causeway-target'], 'a/m');
    assert.equal(bench.clock.waiting, 0);
  });

  it('goes on where the judge says nothing in time', async () => {
    const bench = new CascadeBench({ targets: ['a', 'b', 'c'] });
    const run = bench.cascade({ check: 'judge', judge: { provider: 'c', model: 'm' } });
    await bench.answer('a', 200, text('Paris.'));
    await bench.advance(1000);
    await bench.answer('b', 200, text('Paris!'));
    assert.equal((await run.reply).headers['x-causeway-target'], 'b/m');
  });
});
