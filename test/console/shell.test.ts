import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import OpenAI from 'openai';

import { noChromium } from './support/browser.ts';
import { settled, useConsole } from './support/console-lab.ts';
import { makeOperator } from './support/operators.ts';

const CLIENT_KEY = `cw-${'a'.repeat(43)}`;

describe('around the pages of the console', { skip: noChromium }, () => {
  const lab = useConsole();

  test('where the gateway is away, a page that is not loaded yet says so, and comes when asked again', async (t) => {
    const page = await lab.open(t, '/', { expected: [/ERR_FAILED|Failed to load|net::|Failed to fetch|GatewayAway/] });
    await page.route(/\/(?:console|healthz)/, (route) => route.abort());
    await page.getByRole('link', { name: 'Cache' }).click();
    await page.getByRole('heading', { name: 'The gateway does not answer' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).waitFor();
    await page.unroute(/\/(?:console|healthz)/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Cache' }).waitFor();
    assert.equal(await page.title(), 'Cache · Causeway');
  });

  test('a first key is shown until it is kept, though requests are there', async (t) => {
    const page = await lab.open(t, '/');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = await page.getByText(/^cw-/).first().innerText();
    const client = new OpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: key });
    await client.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: 'Hello' }] });
    await page.getByRole('heading', { name: 'What changed' }).waitFor();
    await page.getByText(key).waitFor();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText(key).waitFor({ state: 'detached' });
  });

  test('a key that is shown once is left by its own button, and the focus goes in and back', async (t) => {
    const page = await lab.open(t, '/keys');
    // As on a page that did not come by https.
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await page.getByRole('button', { name: 'New key' }).first().click();
    const dialog = page.getByRole('dialog');
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent?.trim());
    assert.equal(await focused(), 'project');
    await dialog.getByLabel('Project').fill('shell');
    await dialog.getByRole('button', { name: /^Create/ }).click();
    const key = await dialog.getByText(/^cw-/).innerText();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Copied', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    await dialog.getByText(key).first().waitFor();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent?.trim() === 'New key');
    await page.getByRole('searchbox').or(page.getByRole('textbox')).first().focus();
    await page.keyboard.press('Control+V');
    await page.waitForFunction((text) => (document.activeElement as HTMLInputElement).value === text, key);
  });

  test('a key of a client is no way in, and a wrong one is told so in the language that is read', async (t) => {
    const page = await lab.open(t, '/', { key: null, language: 'zh', expected: [/^401 /] });
    const field = page.locator('input[name=key]');
    await field.waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'key');
    await field.fill(CLIENT_KEY);
    await page.getByText('这是客户端密钥').waitFor();
    assert.ok(await page.getByRole('button', { name: '登录', exact: true }).isDisabled());
    await field.fill('cwo-wrong');
    await page.keyboard.press('Enter');
    await page.getByText('密钥不正确').waitFor();
    assert.equal(await page.title(), '登录 · Causeway');
  });

  test('a session that somebody else ended is said to have ended', async (t) => {
    const { id, key } = await makeOperator(lab.gateway, { name: 'Grace', role: 'viewer' });
    const page = await lab.open(t, '/', { key, expected: [/^401 /] });
    assert.equal((await lab.gateway.admin(`/operators/${id}`, { method: 'DELETE' })).status, 200);
    await page.getByRole('link', { name: 'Cache' }).click();
    await page.getByText('Your session has ended.').waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'key');
  });

  test('an address of nothing has a heading', async (t) => {
    const page = await lab.open(t, '/nothing-is-here');
    await settled(page);
    await page.getByRole('heading', { level: 1, name: 'There is nothing at this address.' }).waitFor();
  });

  test('a request that a rule refused is not said to have no cache', async (t) => {
    const client = new OpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: lab.gateway.apiKey, maxRetries: 0 });
    await assert.rejects(
      client.chat.completions.create({ model: 'nobody-has-this', messages: [{ role: 'user', content: 'Hello' }] }),
    );
    const page = await lab.open(t, '/requests?status=failed');
    await page.getByText('model_not_found').first().click();
    await page.getByText('The request was refused before a target was chosen.').waitFor();
    await page.getByText('The request was refused before a cache was looked at.').waitFor();
    await page.getByRole('link', { name: 'To the requests' }).click();
    await page.waitForURL(/\/console\/requests\?status=failed/);
  });
});
