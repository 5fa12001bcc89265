import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import OpenAI from 'openai';

import { noChromium } from './support/browser.ts';
import { useConsole } from './support/console-lab.ts';
import { signInByForm } from './support/sign-in.ts';

const PROMPT = 'The very first question of this gateway';

describe('a fresh install', { skip: noChromium }, () => {
  const lab = useConsole({ config: '' });

  test('from the start to the trace of the first request, without loading a page again', async (t) => {
    const { gateway } = lab;
    const page = await lab.open(t, '/', { key: null });
    await signInByForm(page, gateway.adminKey);

    await page.getByRole('link', { name: 'Keys & limits' }).click();
    await page
      .getByRole('button', { name: /New key|Create key|Create a key/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Project').fill('first');
    await dialog.getByRole('button', { name: /^Create/ }).click();
    const [key] =
      /cw-[\w-]{16,}/.exec(
        await dialog
          .getByText(/cw-[\w-]{16,}/)
          .first()
          .innerText(),
      ) ?? [];
    assert.ok(key, 'the key is shown once');
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Close' }).waitFor({ state: 'detached' });
    await dialog.getByText(key).first().waitFor();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();

    await page.getByRole('link', { name: 'Requests' }).click();
    await page.getByText(/waiting for the first request/i).waitFor();
    const loads = await page.evaluate(() => performance.getEntriesByType('navigation').length);
    const openai = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const completion = await openai.chat.completions.create({
      model: 'sim/echo',
      messages: [{ role: 'user', content: PROMPT }],
    });
    assert.equal(completion.choices[0]?.message.content, PROMPT);
    await page
      .getByRole('cell', { name: /sim\/echo/ })
      .first()
      .click();
    await page.waitForURL(/\/requests\/[0-9a-f]{32}/);
    await page.getByText(PROMPT).first().waitFor();
    assert.equal(await page.evaluate(() => performance.getEntriesByType('navigation').length), loads);
  });

  test('a wrong key is refused in words, and signing out leads back', async (t) => {
    const page = await lab.open(t, '/', { key: null, expected: [/^401 POST .*\/session$/] });
    await page.locator('input[name=key]').fill('not-the-key');
    await page.locator('button[type=submit]').click();
    await page.locator('input[name=key][aria-invalid=true]').waitFor();
    await page.getByText(/no key of an operator|not a key|wrong/i).waitFor();
    await signInByForm(page, lab.gateway.adminKey);
    await page.getByRole('button', { name: 'admin key' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('input[name=key]').waitFor();
  });
});
