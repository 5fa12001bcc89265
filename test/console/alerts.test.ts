import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { Receiver } from '../support/receiver.ts';
import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { LAB, settled, useConsole } from './support/console-lab.ts';
import { makeOperator } from './support/operators.ts';
import { takeScreenshot } from './support/screenshots.ts';
import { ask } from './support/seed.ts';

const receiver = await new Receiver().listen();
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const CONFIG = `${LAB}
models: { chat: { target: lab/small, objectives: { availability: 0.5 } } }
prices: { lab/small: { input: 1000, output: 1000 } }
alerts:
  channels:
    ours: { type: webhook, url: "${receiver.url('/hook')}", secret: "${SECRET}", allowPrivate: true }
    gone: { type: webhook, url: "${receiver.url('/gone')}", secret: "${SECRET}", allowPrivate: true }
  rules:
    - { name: failing, type: error-rate, above: 0.05, for: 0s, minimumRequests: 1, to: [ours], severity: critical }
    - { name: waiting, type: queue, above: 1000, to: [ours] }
    - { name: money, type: budget, atLeast: info, to: [ours] }
`;

describe('alerts in the console', { skip: noChromium }, () => {
  receiver.answer = (response) => {
    const isGone = response.req.url === '/gone';
    response.writeHead(isGone ? 410 : 200).end(isGone ? 'nobody lives here' : 'ok');
  };
  const lab = useConsole({
    config: CONFIG,
    prepare: async (gateway) => {
      const failure = { 'x-causeway-simulate': 'error=503' };
      const key = gateway.apiKey;
      for (const headers of [failure, {}]) await ask(gateway, { key, model: 'chat', text: 'Hello', headers });
    },
  });
  after(() => receiver.close());

  test('a test goes where it says, and what became of it stands among what was sent', async (t) => {
    const page = await lab.open(t, '/alerts');
    await assertAccessible(page);
    const before = receiver.received.length;
    await page.getByRole('button', { name: 'Test all channels' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It goes to:').waitFor();
    assert.equal(receiver.received.length, before, 'nothing is sent before it is confirmed');
    await dialog.getByRole('button', { name: 'Send a test' }).click();
    const results = dialog.getByRole('status');
    await results.getByRole('listitem').filter({ hasText: 'ours' }).getByText('delivered', { exact: true }).waitFor();
    await results.getByRole('listitem').filter({ hasText: 'gone' }).getByText(/410/).waitFor();
    const tests = receiver.received.slice(before).filter(({ body }) => body.includes('"alert.test"'));
    assert.deepEqual(tests.map(({ path }) => path).toSorted(), ['/gone', '/hook']);
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('link', { name: 'Deliveries' }).click();
    const table = page.getByRole('table', { name: 'Deliveries' });
    await table.getByRole('row').filter({ hasText: 'ours' }).getByText('sent').first().waitFor();
    await page.getByRole('radio', { name: 'failed' }).click();
    await page.waitForURL(/outcome=failed/);
    await table.getByRole('row').filter({ hasText: 'ours' }).first().waitFor({ state: 'detached' });
    await table.getByRole('row').filter({ hasText: 'gone' }).first().click();
    await page.getByRole('dialog').getByText('It was tried once.').waitFor();
    await assertAccessible(page);
  });

  test('what happens is listed without a reload, narrowed by the address, and shown with its evidence', async (t) => {
    const page = await lab.open(t, '/alerts/events?kind=budget_threshold');
    await page.getByText('No event is like this').waitFor();
    const body = { per: 'project', id: 'spender', usd: 0.0001, period: 'day', hard: false, alertAt: [0.5] };
    const made = await lab.gateway.admin('/budgets/spender', { method: 'PUT', body });
    assert.ok(made.status < 300, made.text);
    const key = await lab.gateway.makeKey({ project: 'spender' });
    // What the first one spent is seen when the second one comes.
    for (const text of ['Spend it', 'Spend more']) await ask(lab.gateway, { key, model: 'chat', text });
    const row = page.getByRole('table', { name: 'Events' }).getByRole('row').filter({ hasText: 'project:spender' });
    await row.click();
    const dialog = page.getByRole('dialog', { name: 'budget threshold' });
    await dialog.getByText('"budget": "spender"').waitFor();
    await assertAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByLabel('Severity').selectOption('critical');
    await page.getByText('No event is like this').waitFor();
  });

  test('a rule that comes true is shown with its value and limit, and what is sent of it arrives', async (t) => {
    const page = await lab.open(t, '/alerts');
    const row = page.getByRole('row').filter({ hasText: 'failing' });
    // Rules are judged every ten seconds.
    await row.getByText('firing', { exact: true }).waitFor({ timeout: 25_000 });
    await row.getByText(/^\d+(\.\d)?% \/ 5%$/).waitFor();
    await row.getByRole('link', { name: 'model:chat' }).waitFor();
    await page.getByText('1 rule fires').waitFor();
    await row.click();
    const dialog = page.getByRole('dialog', { name: 'failing' });
    await dialog.getByText('more than 5% of the requests fail over 5m').waitFor();
    await takeScreenshot(page, { name: 'alerts-rule', theme: 'light', language: 'en', width: 1440 });
    await assertAccessible(page);
    await dialog.getByRole('link', { name: 'What was sent' }).click();
    await page.waitForURL(/\/alerts\/deliveries\?alert=failing/);
    await page.getByRole('table', { name: 'Deliveries' }).getByText('model:chat').first().waitFor();
    assert.ok(receiver.received.some(({ body }) => body.includes('"alert.firing"') && body.includes('model:chat')));
  });

  test('a viewer looks and sends nothing; who sees some projects alone is told why there is nothing', async (t) => {
    const viewer = await makeOperator(lab.gateway, { name: 'Vera', role: 'viewer' });
    const page = await lab.open(t, '/alerts', { key: viewer.key });
    assert.equal(await page.getByRole('button', { name: 'Test all channels' }).isDisabled(), true);
    assert.equal(await page.getByRole('button', { name: 'Send a test to ours' }).isDisabled(), true);
    const scoped = await makeOperator(lab.gateway, { name: 'Paul', role: 'viewer', projects: ['shop'] });
    // Nothing is asked that would be refused: a refusal would be a fault of the page.
    const other = await lab.open(t, '/alerts', { key: scoped.key });
    await other.getByText('This is about the whole gateway').waitFor();
  });

  test('a narrow screen is never wider than itself, in either language', async (t) => {
    for (const language of ['en', 'zh'] as const) {
      const page = await lab.open(t, '/alerts', { width: 390, language, theme: 'dark' });
      for (const path of ['/alerts', '/alerts/events', '/alerts/deliveries']) {
        await page.goto(`/console${path}`);
        await settled(page);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wider <= 0, `${path} is ${wider} px too wide`);
        await takeScreenshot(page, { name: `alerts${path.replaceAll('/', '-')}`, theme: 'dark', language, width: 390 });
      }
    }
  });
});

describe('a gateway that tells nobody', { skip: noChromium }, () => {
  const lab = useConsole();

  test('says how to add a channel', async (t) => {
    const page = await lab.open(t, '/alerts');
    await page.getByText('Nobody is told').waitFor();
    await page.getByText('SLACK_WEBHOOK_URL').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Test all channels' }).count(), 0);
    await assertAccessible(page);
    await page.getByRole('link', { name: 'Look at the events' }).click();
    await page.getByText('No events in this time').waitFor();
  });
});
