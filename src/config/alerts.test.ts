import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseConfig } from './load.ts';
import { ConfigError } from './problems.ts';

function problemsIn(text: string, env = {}): readonly string[] {
  try {
    parseConfig(text, { path: 'causeway.yaml', env });
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError);
    return thrown.problems.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  return [];
}

describe('alerts that cannot be', () => {
  test('are told with their place, and what would be right', () => {
    const text = `
alerts:
  channels:
    ops: { type: slack, url: "https://hooks.slack.com/services/T/B/x" }
    hook: { type: webhook, url: "http://ops.example.com/x", secret: hunter2 }
    here: { type: feishu, url: "https://127.0.0.1/x" }
    meta: { type: wecom, url: "https://169.254.169.254/x", allowPrivate: true }
    user: { type: dingtalk, url: "https://me:pass@oapi.dingtalk.com/robot/send" }
    odd: { type: slack, url: "hooks.slack.com/services" }
    mail: { type: email, host: "smtp.example.com:25", tls: none, password: p, from: a, to: [b] }
  rules:
    - { name: errors, type: error-rate, above: 10%, to: [ops] }
    - { name: errors, type: error-rate, above: 1, to: [opz] }
    - { name: slow, type: latency, above: 10 }
    - { name: too slow, type: latency, above: 10s, window: 1s, for: 2d }
    - { name: spent, type: cost, window: 1s }
    - { name: own, type: event, kinds: [alert] }
    - { name: none }
    - { name: unit, type: queue, above: 10s }
    - { name: spent, type: breaker }
`;
    assert.deepEqual(problemsIn(text), [
      '5 alerts.channels.hook.url: would be sent in the clear; write https://, or allowPrivate: true for a receiver of your own',
      '5 alerts.channels.hook.secret: not a signing secret; write whsec_ and the base64 of 24 to 64 random bytes, as from: openssl rand -base64 32',
      '6 alerts.channels.here.url: the address is a loopback address, of this machine; write allowPrivate: true if that is meant',
      '7 alerts.channels.meta.url: the address is where a cloud gives out credentials of its machines, and is never asked',
      '8 alerts.channels.user.url: has a user or a password in it; remove them',
      '9 alerts.channels.odd.url: not an address; write the one that the receiver shows, beginning with https://',
      '10 alerts.channels.mail.user: missing; write both user and password, or neither',
      '10 alerts.channels.mail.host: not the name of a server; write it without a scheme or a port',
      '10 alerts.channels.mail.tls: would send the password in the clear; write starttls or implicit',
      '10 alerts.channels.mail.from: not an e-mail address; write ops@example.com or Name <ops@example.com>',
      '10 alerts.channels.mail.to[0]: not an e-mail address; write ops@example.com or Name <ops@example.com>',
      '12 alerts.rules[0].above: "10%" is not a number from 0 to 1; write one, e.g. 0.1',
      '13 alerts.rules[1].above: more than all requests cannot fail; write less than 1, e.g. 0.1',
      '13 alerts.rules[1].to[0]: there is no channel "opz"; there are: ops, hook, here, meta, user, odd, mail',
      '14 alerts.rules[2].above: 10 is not a duration; write a number with a unit (ms, s, m, h, d), at most 24d, e.g. 10s',
      '15 alerts.rules[3].name: write up to 64 letters, digits, "-", "_" and ".", e.g. errors',
      '15 alerts.rules[3].window: requests are looked at over 30s to 24h; write a time between, e.g. 5m',
      '15 alerts.rules[3].for: nobody would be told for over a day; write at most 24h, e.g. 5m',
      '16 alerts.rules[4].window: too short to sum up costs; write at least 30s, e.g. 1h',
      '17 alerts.rules[5].kinds[0]: "alert" is not one of: budget_threshold, suspicious_use, objective_burn, counters_degraded, prompt_cache_fell, canary_rolled_back, canary_promoted, canary_holding, experiment_verdict, sample_ratio_mismatch, shadow_budget_spent, review_waiting, guard_failing, sign_in_failed, audit_failed; write one of them',
      '18 alerts.rules[6].type: missing; write one of: error-rate, latency, ttft, cost, queue, breaker, provider-keys, budget, suspicious-use, event',
      '19 alerts.rules[7].above: "10s" is not a whole number from 0 to 1000000; write one, e.g. 100',
      '20 alerts.rules[8].name: rules[4] has this name already; write another one',
    ]);
  });

  test('promise 12: are told without the credential that is in them', () => {
    const env = { HOOK: 'ftp://sesame.example/open-sesame', SECRET: 'open-sesame-2' };
    const channel = '{ type: webhook, url: "${HOOK}", secret: "${SECRET}" }';
    const text = `alerts: { channels: { a: ${channel}, b: { type: slack, url: "\${UNSET}" }, c: { type: slack, url: 7 } } }`;
    const problems = problemsIn(text, env);
    assert.equal(problems.length, 4);
    assert.ok(!problems.join('').includes('sesame'), problems.join('\n'));
    assert.match(problems.join('\n'), /UNSET is not set/);
  });
});

test('the names of channels may be anything that the operator says; what is left out is as docs/alerts.md says', () => {
  const channel = '{ type: email, host: mail, from: a@b.example, to: [c@d.example] }';
  const { alerts } = parseConfig(`alerts: { channels: { ops_1-a: ${channel} } }`, { path: '', env: {} }).config;
  const [email] = alerts.channels.values();
  assert.deepEqual(email, {
    type: 'email',
    host: 'mail',
    port: 587,
    tls: 'starttls',
    from: 'a@b.example',
    to: ['c@d.example'],
    language: 'en',
    allowPrivate: false,
  });
  assert.deepEqual([alerts.rules, alerts.source], [undefined, 'Causeway']);
});
