import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

const CONFIG = `
providers:
  good: { type: simulator }
  bad: { type: simulator, errorRate: 1, errorStatus: 503 }
models:
  chat: { target: good/echo }
  tried: { target: good/echo }
  watched: { target: good/echo }
  compared: { target: good/echo }
flags:
  fixed: { model: tried, users: [tester], set: { target: good/small } }
`;
const PATIENCE_MS = 20_000;

interface Answered {
  readonly status: number;
  readonly target: string | null;
  readonly id: string | null;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await isSo())) {
    assert.ok(performance.now() - began < PATIENCE_MS, 'it never was so');
    await new Promise((go) => setTimeout(go, 100));
  }
}

describe('what is tried of models', () => {
  let gateway: Gateway;
  before(async () => (gateway = await startGateway({ config: CONFIG })));
  after(() => gateway.close());

  async function ask(model: string, user: string): Promise<Answered> {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, authorization: `Bearer ${gateway.apiKey}`, 'x-causeway-user': user },
      body: JSON.stringify({ model, max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] }),
    });
    await response.text();
    const { headers, status } = response;
    return { status, target: headers.get('x-causeway-target'), id: headers.get('x-causeway-request-id') };
  }
  async function admin(path: string, method = 'GET', body?: JsonObject): Promise<JsonObject> {
    const { status, text, json } = await gateway.admin(path, { method, ...(body && { body }) });
    assert.equal(status, 200, text);
    return json;
  }

  test('a flag is in force at once, for whom it is, and is on the trace', async () => {
    assert.equal((await ask('chat', 'ada')).target, 'good/echo');
    const flag = { model: 'chat', users: ['ada'], set: { target: 'good/small' } };
    const made = await admin('/flags/beta', 'PUT', flag);
    assert.deepEqual([made['origin'], made['in_force'], made['definition']], ['admin', true, flag]);
    const { target, id } = await ask('chat', 'ada');
    assert.equal(target, 'good/small');
    assert.equal((await ask('chat', 'bob')).target, 'good/echo');
    const trace = await gateway.trace(id);
    assert.deepEqual(trace.routing?.rollouts, [{ kind: 'flag', id: 'beta', arm: 'on' }]);
    await admin('/flags/beta', 'PUT', { ...flag, enabled: false });
    assert.equal((await ask('chat', 'ada')).target, 'good/echo');
    assert.deepEqual(await admin('/flags/beta', 'DELETE'), { id: 'beta', deleted: true });
    assert.equal((await gateway.admin('/flags/beta')).status, 404);
  });

  test('a flag of the file is in force, shown, and changed nowhere else', async () => {
    assert.equal((await ask('tried', 'tester')).target, 'good/small');
    const { data, next } = await admin('/flags');
    assert.deepEqual(
      [(data as JsonObject[]).map(({ id, origin, share, problem }) => [id, origin, share, problem]), next],
      [[['fixed', 'file', 0, null]], null],
    );
    const { status, text } = await gateway.admin('/flags/fixed', { method: 'DELETE' });
    assert.deepEqual([status, /stands in the configuration file/.test(text)], [400, true]);
  });

  test('every mistake of a definition is named', async () => {
    const body = { model: 'chat', share: 2, set: { target: 'nobody/x' }, colour: 1 };
    const { status, text } = await gateway.admin('/canaries/c', { method: 'PUT', body });
    assert.equal(status, 400);
    for (const part of ['share', 'colour', 'nobody']) assert.ok(text.includes(part), `${part}: ${text}`);
    assert.equal((await gateway.admin('/routes/chat', { method: 'PUT', body: { target: 'good/echo' } })).status, 400);
  });

  test('a route of the admin API holds in place of the one of the model', async () => {
    await admin('/routes/chat', 'PUT', { route: { targets: [{ target: 'good/small' }] } });
    assert.equal((await ask('chat', 'eve')).target, 'good/small');
    assert.deepEqual(
      ((await admin('/routes'))['data'] as JsonObject[]).map(({ id }) => id),
      ['chat'],
    );
    await admin('/routes/chat', 'DELETE');
    assert.equal((await ask('chat', 'eve')).target, 'good/echo');
  });

  test('a canary that fails is taken back by itself, and a person can take one back at once', async () => {
    const canary = { model: 'watched', set: { target: 'bad/echo' }, steps: [50], each: { requests: 10, time: '1s' } };
    await admin('/canaries/new', 'PUT', canary);
    const answers: Answered[] = [];
    for (let at = 0; at < 60; at += 1) answers.push(await ask('watched', `u${at}`));
    const failed = answers.filter(({ status }) => status !== 200).length;
    assert.ok(failed > 10 && failed < 50, `${failed} of 60 had the candidate`);
    await until(async () => (await admin('/canaries/new'))['status'] === 'rolled_back');
    const { arms, history, reason, in_force } = await admin('/canaries/new');
    assert.equal(in_force, false);
    assert.match(JSON.stringify(reason), /taken back at 50 %: the rate of errors/);
    assert.deepEqual(
      (arms as JsonObject[]).map(({ name, error_rate }) => [name, error_rate]),
      [
        ['stable', 0],
        ['candidate', 1],
      ],
    );
    assert.deepEqual(
      (history as JsonObject[]).map(({ kind, by }) => [kind, by]),
      [['rolled_back', 'itself']],
    );
    for (let at = 0; at < 10; at += 1) assert.equal((await ask('watched', `u${at}`)).status, 200);
    const events = ((await admin('/events'))['data'] as JsonObject[]).map(({ kind, subject }) => [kind, subject]);
    assert.deepEqual(events, [['canary_rolled_back', 'canary:new']]);

    assert.equal((await admin('/canaries/new/restart', 'POST'))['status'], 'running');
    const unlucky = answers.findIndex(({ status }) => status !== 200);
    assert.equal((await ask('watched', `u${unlucky}`)).status, 503);
    assert.equal((await admin('/canaries/new/rollback', 'POST'))['status'], 'rolled_back');
    assert.equal((await ask('watched', `u${unlucky}`)).status, 200);
    assert.equal((await gateway.admin('/canaries/new/pause', { method: 'POST' })).status, 400);
  });

  test('an experiment says which arm is better, by the feedback that its answers got', async () => {
    const arms = { control: {}, small: { set: { target: 'good/small' } } };
    await admin('/experiments/shorter', 'PUT', { model: 'compared', goal: 'feedback', arms });
    let seen = '';
    for (let at = 0; at < 70; at += 1) {
      const { id, target } = await ask('compared', `u${at}`);
      if (target === 'good/small') seen ||= id ?? '';
      const response = await fetch(`${gateway.url}/v1/feedback`, {
        method: 'POST',
        headers: { ...JSON_HEADERS, authorization: `Bearer ${gateway.apiKey}` },
        body: JSON.stringify({ trace_id: id, thumb: target === 'good/small' ? 'up' : 'down' }),
      });
      assert.equal(response.status, 201, await response.text());
    }
    assert.equal((await gateway.trace(seen)).arm, 'experiment:shorter/small');
    const view = await admin('/experiments/shorter');
    const { state, arm, text } = view['verdict'] as JsonObject;
    assert.deepEqual([state, arm], ['better', 'small'], JSON.stringify(view));
    assert.match(JSON.stringify(text), /^"small has feedback that is .* better/);
    const means = (view['arms'] as unknown as { feedback: { mean: number } }[]).map(({ feedback }) => feedback.mean);
    assert.deepEqual(means, [0, 1]);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    assert.match(metrics, /\ncauseway_rollout_requests_total\{kind="experiment",id="shorter",arm="small"\} \d+\n/);
  });
});
