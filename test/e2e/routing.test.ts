import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { TraceView } from '../../src/records/traces/view-schema.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

const CONFIG = `
providers:
  big: { type: simulator, ttft: 0ms, tokensPerSecond: 0 }
  small: { type: simulator, ttft: 0ms, tokensPerSecond: 0 }
  own: { type: simulator, ttft: 0ms, tokensPerSecond: 0 }
  down: { type: simulator, errorRate: 1 }
prices:
  big/m: { input: 10, output: 30 }
  small/m: { input: 1, output: 3 }
  own/m: { input: 0, output: 0 }
budgets: [{ per: user, id: spender, usd: 0.1, period: day }]
models:
  cheap: { route: { by: cost, targets: [{ target: big/m }, { target: small/m }] } }
  blue: { route: { by: weight, targets: [{ target: big/m, weight: 0 }, { target: small/m, weight: 1 }] } }
  need:
    route: { by: need, targets: [{ target: small/m, quality: 0.4 }, { target: big/m, quality: 0.9 }] }
  tiers:
    route:
      by: complexity
      targets: [{ target: small/m, tiers: [simple] }, { target: big/m }]
  private:
    route:
      targets: [{ target: big/m }]
      rules:
        - { name: personal data, when: { sensitive: true }, targets: [own/m] }
        - { name: Chinese, when: { languages: [zh] }, unless: { tools: true }, targets: [small/m, big/m], by: cost }
        - { name: much spent, when: { budgetUsed: { atLeast: 0.5 } }, targets: [small/m] }
        - { name: tests of failures, when: { metadata: { test: [down] } }, targets: [down/m] }
    fallback: [small/m]
    contextLengthFallback: [small/m]
  checked:
    prompt: { system: "Answer as the support of support@example.com does.", version: support@1.0.0 }
    route:
      targets: [{ target: small/m }]
      cascade: { to: big/m, check: validator, validator: { json: true } }
      rules: [{ name: short ones, when: { sensitive: true, messages: { atMost: 2 } }, targets: [own/m] }]
`;

let gateway: Gateway;
before(async () => {
  gateway = await startGateway({ config: CONFIG });
});
after(() => gateway.close());

interface Answered {
  readonly status: number;
  readonly target: string | null;
  readonly trace: TraceView;
}

async function ask(model: string, content: string, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, ...JSON_HEADERS, ...headers },
    body: JSON.stringify(body(content, model)),
  });
  await response.text();
  const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
  return { status: response.status, target: response.headers.get('x-causeway-target'), trace };
}

async function explain(question: object): Promise<Record<string, unknown>> {
  const { status, json } = await gateway.admin('/routes/explain', { method: 'POST', body: question as never });
  return { ...json, status };
}

const body = (content: string, model = 'private') => ({ model, messages: [{ role: 'user', content }] });

describe('a virtual model with several targets', () => {
  it('asks the cheapest, says why, and books what that saved', async () => {
    const { target, trace } = await ask('cheap', 'Hello there');
    assert.equal(target, 'small/m');
    assert.deepEqual([trace.routing?.policy, trace.routing?.target], ['cost', 'small/m']);
    assert.match(
      trace.routing?.reason ?? '',
      /^the cheapest of 2 for about \d+ \+ 500 tokens: \$0\.0015 against \$0\.015$/,
    );
    const [saving] = trace.savings;
    assert.equal(saving?.mechanism, 'routing');
    assert.ok(Math.abs((saving?.saved_usd ?? 0) - 9 * (trace.cost_usd ?? 0)) < 1e-9, 'nine tenths of the dearer one');
  });

  it('sends everything to one of two colours, and to the other where that is asked for', async () => {
    for (let time = 0; time < 5; time += 1) assert.equal((await ask('blue', 'Hello')).target, 'small/m');
  });

  it('does what the client prefers', async () => {
    const { target, trace } = await ask('need', 'Hello', { 'x-causeway-prefer': 'quality' });
    assert.deepEqual([target, trace.routing?.policy], ['big/m', 'need']);
    assert.equal((await ask('need', 'Hello', { 'x-causeway-prefer': 'cost' })).target, 'small/m');
    assert.equal((await ask('need', 'Hello', { 'x-causeway-prefer': 'beauty' })).status, 400);
  });

  it('sends what is simple to the small one', async () => {
    const simple = await ask('tiers', 'Hi');
    assert.deepEqual([simple.target, simple.trace.routing?.tier], ['small/m', 'simple']);
    const proof =
      'Prove step by step that the algorithm is correct, and analyse its complexity: ```ts\nfor (;;) {}\n``` '.repeat(
        5,
      );
    const hard = await ask('tiers', proof);
    assert.equal(hard.target, 'big/m');
    assert.notEqual(hard.trace.routing?.tier, 'simple');
  });
});

describe('rules', () => {
  it('keep private data at its targets, in every dialect', async () => {
    const { target, trace } = await ask('private', 'Write to ann@example.com that it is done.');
    assert.equal(target, 'own/m');
    assert.deepEqual([trace.routing?.policy, trace.routing?.rule], ['rule', 'personal data']);
    assert.equal((await ask('private', 'Write to Ann that it is done.')).target, 'big/m');
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': gateway.apiKey, 'anthropic-version': '2023-06-01', ...JSON_HEADERS },
      body: JSON.stringify({
        model: 'private',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'I am ann@example.com' }],
      }),
    });
    assert.equal(response.headers.get('x-causeway-target'), 'own/m');
    await response.text();
  });

  it('choose among theirs, and go by what is spent', async () => {
    assert.equal((await ask('private', '退款需要多久?')).target, 'small/m');
    const user = { 'x-causeway-user': 'spender' };
    assert.equal((await ask('private', 'Hello', user)).trace.routing?.rule ?? null, null);
    await ask('need', 'Tell me a long story. '.repeat(1000), { ...user, 'x-causeway-prefer': 'quality' });
    assert.equal((await ask('private', 'Hello', user)).trace.routing?.rule, 'much spent');
  });

  it('send nothing elsewhere where their targets fail', async () => {
    const { status, trace } = await ask('private', 'Hello', { 'x-causeway-metadata': '{"test":"down"}' });
    assert.ok(status >= 400);
    assert.ok(trace.attempts.length > 0 && trace.attempts.every(({ target }) => target === 'down/m'));
  });
});

describe('POST /admin/v1/routes/explain', () => {
  it('says where a request would go, which rule holds and why the others do not', async () => {
    const said = await explain({ body: body('I am ann@example.com') });
    assert.deepEqual(
      [said['target'], said['rule'], said['confined'], said['targets']],
      ['own/m', 'personal data', true, ['own/m']],
    );
    const plain = await explain({ body: body('Hello'), user: 'ann', budget_used: 0.2 });
    assert.deepEqual(plain['rules'], [
      { name: 'personal data', holds: false, failing: 'sensitive' },
      { name: 'Chinese', holds: false, failing: 'languages' },
      { name: 'much spent', holds: false, failing: 'budgetUsed' },
      { name: 'tests of failures', holds: false, failing: 'metadata' },
    ]);
    assert.equal((await explain({ body: body('Hello'), budget_used: 0.9 }))['rule'], 'much spent');
    assert.equal((await explain({ body: body('Hello'), metadata: { test: 'down' } }))['target'], 'down/m');
  });

  it('shows each candidate with its numbers, and sends nothing', async () => {
    const before_ = (await (await fetch(`${gateway.url}/metrics`)).text()).match(/^llm_requests_total.*$/gm);
    const said = await explain({ body: body('Hello', 'need'), prefer: 'quality', endpoint: '/v1/chat/completions' });
    assert.deepEqual([said['policy'], said['target'], said['confined']], ['need', 'big/m', false]);
    const [first] = said['candidates'] as Record<string, unknown>[];
    assert.deepEqual(
      [first?.['target'], first?.['quality'], first?.['left_alone'], first?.['cannot']],
      ['big/m', 0.9, false, null],
    );
    assert.ok(Number(first?.['cost_usd']) > 0);
    const after_ = (await (await fetch(`${gateway.url}/metrics`)).text()).match(/^llm_requests_total.*$/gm);
    assert.deepEqual(after_, before_);
  });

  it('explains a model with one target, too, and refuses what it does not know', async () => {
    const said = await explain({ body: body('Hello', 'small/m') });
    assert.deepEqual([said['policy'], said['target'], said['candidates']], [null, 'small/m', []]);
    for (const question of [
      {},
      { body: body('x'), more: 1 },
      { body: body('x'), prefer: 'beauty' },
      { body: body('x', 'nobody') },
      { body: body('x'), endpoint: '/v1/files' },
    ]) {
      assert.ok([400, 404].includes((await explain(question))['status'] as number), JSON.stringify(question));
    }
  });

  it('sees what the model puts in, and where its cascade sends a request, as the request itself does', async () => {
    const prompted = await explain({ body: body('Hello', 'checked') });
    assert.deepEqual([prompted['rule'], prompted['target']], ['short ones', 'own/m']);
    assert.equal((await ask('checked', 'Hello')).target, 'own/m');
    const messages = [...body('Hello').messages, ...body('Hello again').messages];
    for (const stream of [false, true]) {
      const said = await explain({ body: { model: 'checked', stream, messages } });
      const why = stream ? 'streamed answers are not checked' : null;
      assert.deepEqual(said['cascade'], { to: 'big/m', way: stream ? 'skip' : 'cascade', why });
      assert.deepEqual(said['targets'], stream ? ['big/m', 'small/m'] : ['small/m', 'big/m']);
      assert.equal(said['target'], stream ? 'big/m' : 'small/m');
      assert.equal(String(said['reason']).includes('big/m at once'), stream);
    }
    assert.equal((await explain({ body: body('Hello', 'cheap') }))['cascade'], null);
  });

  it('is counted in the metrics by model, policy, target and tier', async () => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    assert.match(
      text,
      /causeway_routing_requests_total\{model="tiers",policy="complexity",target="small\/m",tier="simple"\} 1/,
    );
    assert.match(text, /causeway_routing_requests_total\{model="private",policy="rule",target="own\/m",tier=""\} \d/);
  });
});
