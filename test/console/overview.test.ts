import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import OpenAI from 'openai';

import { noChromium } from './support/browser.ts';
import { settled, useConsole } from './support/console-lab.ts';
import { takeScreenshot } from './support/screenshots.ts';

describe('the overview', { skip: noChromium }, () => {
  const lab = useConsole();

  test('leads a fresh gateway to its first request, and fills without a reload', async (t) => {
    const page = await lab.open(t, '/');
    await page.getByRole('heading', { name: 'Send the first request' }).waitFor();
    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = await page.getByText(/^cw-/).first().textContent();
    assert.ok(key);
    assert.match((await page.locator('pre').last().textContent()) ?? '', /"model":"chat"/);

    const client = new OpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: key });
    await client.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: 'Hello' }] });

    await page.getByRole('heading', { name: 'What changed' }).waitFor();
    await page.locator('section', { hasText: 'Those that are asked most' }).getByText('chat').waitFor();
    await settled(page);
    await takeScreenshot(page, { name: 'overview-first', theme: 'light', language: 'en', width: 1440 });
  });

  test('shows what happened, in Chinese too, and leads from an error to its requests', async (t) => {
    const client = new OpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: lab.gateway.apiKey, maxRetries: 0 });
    for (let sent = 0; sent < 5; sent += 1) {
      await client.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: `Hello ${sent}` }] });
    }
    await assert.rejects(
      client.chat.completions.create({ model: 'nobody-has-this', messages: [{ role: 'user', content: 'Hello' }] }),
    );
    const page = await lab.open(t, '/?range=1h', { language: 'zh' });
    await page.getByRole('heading', { name: '概览' }).waitFor();
    await page.getByRole('link', { name: 'model_not_found' }).first().click();
    await page.waitForURL(/\/console\/requests\?error_code=model_not_found/);
  });
});
