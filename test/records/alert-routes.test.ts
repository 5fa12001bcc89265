import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import Fastify from 'fastify';

import { alertsOf } from '../support/alerting.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { DeliveryRow } from '../../src/records/alerts/delivery/delivery-store.ts';
import { alertRoutes } from '../../src/records/alerts/routes.ts';
import { rulesInForce } from '../../src/records/alerts/rule-set.ts';
import type { AlertReading } from '../../src/records/alerts/rules/rule-engine.ts';

const SETTINGS = alertsOf(`channels:
  ops: { type: slack, url: "https://hooks.slack.com/services/T0/B0/open-sesame" }
  mail: { type: email, host: m.example, user: u, password: open-sesame, from: a@b.example, to: [c@d.example] }
rules: [{ name: slow, type: latency, above: 10s, to: [ops] }, { name: money, type: budget }]`);

const AT = new Date(1_700_000_000_000);

function row(id: number): DeliveryRow {
  const common = {
    alert: 'slow',
    subject: 'model:chat',
    state: 'firing',
    channel: 'ops',
    outcome: 'sent',
    attempts: 1,
  };
  return { ...common, id: `delivery_${id}`, at: AT, error: null };
}

async function ask(method: 'GET' | 'POST', url: string, payload?: object, settings = SETTINGS) {
  const readings: AlertReading[] = [{ subject: 'model:chat', phase: 'firing', forMs: 60_000, value: 12_000 }];
  const tested: (string | undefined)[] = [];
  const listed: unknown[][] = [];
  const app = Fastify();
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof GatewayError ? error.status : 500).send({ error: (error as Error).message }),
  );
  alertRoutes({
    alerts: {
      rules: rulesInForce(() => settings),
      engine: { readings: (name: string) => (name === 'slow' ? readings : []) },
      outbox: {
        waiting: 3,
        flush: async () => undefined,
        async test(only?: string) {
          tested.push(only);
          return [{ channel: only ?? 'ops', ok: false, error: 'answered 404: no_service' }];
        },
      },
    } as unknown as Parameters<typeof alertRoutes>[0]['alerts'],
    settings: () => settings,
    store: {
      async list(...asked) {
        listed.push(asked);
        return [row(2), row(1)].slice(0, asked[1]);
      },
    },
    clock: new FakeClock(),
  })(app);
  const { statusCode, json, body } = await app.inject({ method, url, ...(payload && { payload }) });
  await app.close();
  return { statusCode, json: json<Record<string, unknown[]>>(), body, tested, listed };
}

describe('the admin API of alerts', () => {
  test('shows rules, what they see and whom they tell, and no credential', async () => {
    const { json, body } = await ask('GET', '/admin/v1/alerts');
    assert.ok(!body.includes('sesame'));
    assert.deepEqual(json['channels'], [
      { name: 'ops', type: 'slack', language: 'en' },
      { name: 'mail', type: 'email', language: 'en' },
    ]);
    const [slow, money] = json['data'] as [Record<string, unknown>, Record<string, unknown>];
    assert.deepEqual(slow['readings'], [
      { subject: 'model:chat', state: 'firing', since: '2023-11-14T22:12:20.000Z', value: 12_000 },
    ]);
    assert.deepEqual([slow['channels'], money['channels']], [['ops'], ['ops', 'mail']]);
    assert.deepEqual([json['waiting'], slow['origin']], [3, 'file']);
    const noRules = alertsOf('channels: { ops: { type: slack, url: "https://hooks.slack.com/x" } }');
    const usual = await ask('GET', '/admin/v1/alerts', undefined, noRules);
    const [first] = usual.json['data'] as [Record<string, unknown>];
    assert.equal(first['origin'], 'default');
  });

  test('lists deliveries by pages', async () => {
    const first = await ask('GET', '/admin/v1/alerts/deliveries?limit=1&channel=ops');
    assert.deepEqual(first.json['data'], [{ ...row(2), at: AT.toISOString() }]);
    const { listed } = await ask('GET', `/admin/v1/alerts/deliveries?cursor=${String(first.json['next'])}`);
    const any = { channel: undefined, alert: undefined, outcome: undefined };
    assert.deepEqual(listed[0], [any, 51, { at: AT, id: 'delivery_2' }]);
    const failed = await ask('GET', '/admin/v1/alerts/deliveries?outcome=failed');
    assert.deepEqual(failed.listed[0]?.[0], { ...any, outcome: 'failed' });
    assert.equal((await ask('GET', '/admin/v1/alerts/deliveries?outcome=lost')).statusCode, 400);
    assert.equal((await ask('GET', '/admin/v1/alerts/deliveries?chanel=ops')).statusCode, 400);
  });

  test('tests one channel or all, and says what became of it', async () => {
    const { json, tested } = await ask('POST', '/admin/v1/alerts/test', { channel: 'mail' });
    assert.deepEqual(json, { data: [{ channel: 'mail', ok: false, error: 'answered 404: no_service' }] });
    assert.deepEqual([tested, (await ask('POST', '/admin/v1/alerts/test')).tested], [['mail'], [undefined]]);
    for (const [body, message] of [
      [{ channel: 'opz' }, /must be the name of a channel: ops, mail/],
      [{ chanel: 'ops' }, /`chanel` is not known/],
      [['ops'], /must be a JSON object/],
    ] as const) {
      const refused = await ask('POST', '/admin/v1/alerts/test', body);
      assert.equal(refused.statusCode, 400);
      assert.match(String(refused.json['error']), message);
    }
    assert.match((await ask('POST', '/admin/v1/alerts/test', {}, alertsOf('source: x'))).body, /There are no channels/);
  });
});
