import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';

/** A token costs a thousand nano-dollars, whichever way it goes; of the cheap model a tenth of that. */
const CONFIG = `
limits: []
prices:
  sim/echo: { input: 1, output: 1 }
  sim/slow: { input: 1, output: 1 }
  sim/cheap: { input: 0.1, output: 0.1 }
models:
  cheap: { target: sim/cheap }
`;

const MESSAGES = [{ role: 'user' as const, content: 'Hello' }];
const LONG = [{ role: 'user' as const, content: 'many words '.repeat(50) }];

/** A project of its own with one budget. */
interface Bench {
  readonly apiKey: string;
  readonly project: string;
  readonly ask: (more?: object) => Promise<Response>;
  /** How the budget stands. */
  readonly budget: () => Promise<JsonObject>;
}

let gateway: Gateway;
let projects = 0;

async function bench(settings: JsonObject): Promise<Bench> {
  projects += 1;
  const project = `project-${projects}`;
  const apiKey = await gateway.makeKey({ project });
  const path = `/budgets/${project}`;
  const body = { per: 'project', id: project, period: 'day', ...settings };
  const { status, text } = await gateway.admin(path, { method: 'PUT', body });
  assert.equal(status, 200, text);
  return {
    apiKey,
    project,
    ask: (more = {}) =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'sim/echo', messages: MESSAGES, max_tokens: 100, ...more }),
      }),
    budget: async () => (await gateway.admin(path)).json,
  };
}

/** What was settled when nothing is under way. */
async function whenSettled({ budget }: Pick<Bench, 'budget'>): Promise<JsonObject> {
  for (;;) {
    const state = await budget();
    if (state['reserved'] === 0) return state;
  }
}

async function codeOf(response: Response): Promise<unknown> {
  const { error } = (await response.json()) as { error?: { code?: string } };
  return error?.code;
}

describe('budgets', () => {
  before(async () => {
    gateway = await startGateway({ config: CONFIG });
  });
  after(() => gateway.close());

  it('promise 4: a hard one counts to the nano-dollar what was reported, and is never exceeded', async () => {
    const one = await bench({ usd: 0.002, hard: true });
    let costs = 0;
    let answered = 0;
    for (;;) {
      const response = await one.ask();
      if (response.status !== 200) {
        assert.equal(response.status, 429);
        assert.equal(response.headers.get('x-should-retry'), 'false');
        assert.ok(Number(response.headers.get('retry-after')) > 0);
        assert.equal(await codeOf(response), 'budget_exhausted');
        break;
      }
      costs += Number(response.headers.get('x-causeway-cost-usd'));
      await response.text();
      answered += 1;
    }
    assert.ok(answered > 5, `${answered}`);
    const budget = await whenSettled(one);
    assert.equal(Number(budget['used']).toFixed(9), costs.toFixed(9));
    assert.ok(costs <= 0.002);
    assert.equal(budget['remaining'], Number((0.002 - costs).toFixed(9)));
  });

  it('promise 4: many at once do not get past it', async () => {
    const one = await bench({ usd: 0.005, hard: true });
    const answers = Array.from({ length: 60 }, async (_, at) => {
      const response = await one.ask({ stream: at % 2 === 0, messages: LONG });
      await response.text();
      return response.status;
    });
    const statuses = await Promise.all(answers);
    assert.ok(statuses.includes(200) && statuses.includes(429), statuses.join());
    const { used } = await whenSettled(one);
    assert.ok(Number(used) > 0 && Number(used) <= 0.005, JSON.stringify(used));
  });

  it('promise 4: an answer that its reader leaves counts as the most that it can have cost', async () => {
    const one = await bench({ usd: 1, period: 'total', hard: true });
    const client = new OpenAI({ apiKey: one.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const asked = { model: 'sim/slow', messages: MESSAGES, max_tokens: 3000, stream: true } as const;
    for await (const _ of await client.chat.completions.create(asked)) break;
    const { used } = await whenSettled(one);
    assert.ok(Number(used) >= 0.003 && Number(used) < 0.02, JSON.stringify(used));
  });

  it('a soft one is let in while anything is left, and counts what was received', async () => {
    const one = await bench({ usd: 0.000001, period: 'week' });
    assert.equal((await one.ask()).status, 200);
    const second = await one.ask();
    assert.equal(second.status, 429);
    assert.equal(await codeOf(second), 'budget_exhausted');
  });

  it('in tokens counts input and output', async () => {
    const one = await bench({ tokens: 100_000, period: 'month', hard: true });
    const response = await one.ask();
    const { usage } = (await response.json()) as { usage: { total_tokens: number } };
    assert.equal((await whenSettled(one))['used'], usage.total_tokens);
  });

  it('goes to a cheaper model near its end, and says so', async () => {
    const one = await bench({ usd: 0.003, hard: true, degradeTo: { model: 'cheap', at: 0.45 } });
    const targets: (string | null)[] = [];
    for (let at = 0; at < 40; at += 1) {
      const { headers } = await one.ask();
      const target = headers.get('x-causeway-target');
      if (target !== targets.at(-1)) targets.push(target);
      if (target !== 'sim/cheap') continue;
      assert.match(headers.get('x-causeway-warnings') ?? '', /budget is nearly used up, so cheap answers/);
      break;
    }
    assert.deepEqual(targets, ['sim/echo', 'sim/cheap']);
  });

  it('shortens an answer to what is left, where it is told to', async () => {
    const one = await bench({ usd: 0.004, hard: true, atLimit: 'cap' });
    const response = await one.ask({ max_tokens: 100_000 });
    assert.equal(response.status, 200, await response.clone().text());
    assert.match(response.headers.get('x-causeway-warnings') ?? '', /max_tokens/);
    const { usage } = (await response.json()) as { usage: { completion_tokens: number } };
    assert.ok(usage.completion_tokens <= 4000);
    assert.ok(Number((await whenSettled(one))['used']) <= 0.004);
  });

  it('sets a limit to answers that ask for none', async () => {
    const one = await bench({ usd: 1, hard: true, maxOutputTokens: 10 });
    const response = await one.ask({ messages: LONG, max_tokens: undefined });
    const { usage } = (await response.json()) as { usage: { completion_tokens: number } };
    assert.equal(usage.completion_tokens, 10);
  });

  it('answers 402 where it is told to', async () => {
    const one = await bench({ usd: 0.000001, hard: true, paymentRequired: true });
    const response = await one.ask();
    assert.equal(response.status, 402);
    assert.equal(await codeOf(response), 'budget_exhausted');
  });

  it('promise 4: refuses under a hard one what nothing bounds', async () => {
    const one = await bench({ usd: 1, hard: true });
    const unpriced = await one.ask({ model: 'sim/unpriced' });
    assert.equal(unpriced.status, 400);
    assert.equal(await codeOf(unpriced), 'cost_unbounded');
  });

  it('tells operators at its thresholds, once each', async () => {
    const one = await bench({ usd: 0.0001, alertAt: [0.1, 0.5] });
    while ((await one.ask()).status === 200);
    const { json } = await gateway.admin(`/events?kind=budget_threshold&subject=project:${one.project}`);
    const thresholds = (json['data'] as { evidence: { threshold: number } }[]).map(
      ({ evidence }) => evidence.threshold,
    );
    assert.deepEqual(
      thresholds.toSorted((a, b) => a - b),
      [0.1, 0.5],
    );
  });

  it('are each of their own, where nobody is named', async () => {
    const first = await bench({ usd: 1 });
    const second = await bench({ usd: 1 });
    const body = { per: 'project', period: 'day', tokens: 100_000 };
    await gateway.admin('/budgets/each', { method: 'PUT', body });
    for (const { ask } of [first, second, second]) await (await ask()).text();
    let used: number[] = [];
    while (used.length < 2) {
      const { json } = await gateway.admin('/budgets/each');
      used = (json['subjects'] as { used: number }[]).map((subject) => subject.used);
    }
    await gateway.admin('/budgets/each', { method: 'DELETE' });
    assert.equal(used[0], 2 * (used[1] ?? 0));
  });

  it('are changed and removed while requests run', async () => {
    const one = await bench({ usd: 1, hard: true });
    const body = { per: 'project', id: one.project, usd: 0.000001, period: 'day', hard: true };
    const put = (more: object) => gateway.admin('/budgets/tight', { method: 'PUT', body: { ...body, ...more } });
    const status = async (): Promise<number> => (await one.ask()).status;
    await put({});
    assert.equal(await status(), 429);
    await put({ usd: 1 });
    assert.equal(await status(), 200);
    await put({});
    assert.equal(await status(), 429);
    await gateway.admin('/budgets/tight', { method: 'DELETE' });
    assert.equal(await status(), 200);
  });

  it('promise 4: go on after a restart with what was spent before', async () => {
    const one = await bench({ usd: 0.01, period: 'total', hard: true });
    assert.equal((await one.ask()).status, 200);
    const earlier = await whenSettled(one);
    await gateway.restart();
    const { used, reserved } = await one.budget();
    assert.deepEqual([used, reserved], [earlier['used'], 0]);
  });
});
