import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Gateway } from '../support/gateway.ts';
import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { LAB, settled, useConsole } from './support/console-lab.ts';

const CONFIG = `${LAB}
models:
  kept: { target: lab/small, cache: { exact: { ttl: 1h } } }
  plain: { target: lab/small }
prices: { lab/small: { input: 100, output: 100 } }
`;

/** Longer than what doctors look at, with a number that changes in front of it. */
const longPrompt = (turn: number): string =>
  `Request number ${turn}.\n${'The rules of the house are long. '.repeat(400)}`;

async function ask({ url, apiKey }: Gateway, model: string, content: string): Promise<string | null> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      messages: [
        { role: 'system', content },
        { role: 'user', content: 'Hello' },
      ],
    }),
  });
  assert.equal(response.status, 200, await response.text());
  return response.headers.get('x-causeway-cache');
}

describe('caches in the console', { skip: noChromium }, () => {
  const lab = useConsole({
    config: CONFIG,
    async prepare(gateway) {
      for (const content of ['a', 'a', 'a', 'b']) await ask(gateway, 'kept', content);
      for (let turn = 0; turn < 4; turn += 1) await ask(gateway, 'plain', longPrompt(turn));
    },
  });

  test('hits, levels and models with a cache are shown; a purge says what it affects, and is in force', async (t) => {
    const page = await lab.open(t, '/cache');
    await page.getByText('2 exact, 0 coalesced, 0 by meaning').waitFor();
    await page.getByText('50%', { exact: true }).first().waitFor();
    await page.getByRole('table', { name: 'Models and their caches' }).getByText('for 1h').waitFor();
    await assertAccessible(page);
    assert.equal(await ask(lab.gateway, 'kept', 'a'), 'exact');

    await page.getByRole('button', { name: 'Delete answers' }).click();
    const form = page.getByRole('dialog', { name: 'Delete kept answers' });
    await form.getByLabel('Model').fill('kept');
    await form.getByRole('button', { name: 'Next' }).click();
    const confirm = page.getByRole('dialog', { name: 'Delete these answers?' });
    await confirm.getByText(/Of the 2 answers/).waitFor();
    await confirm.getByText(/caches answered \d+ such requests/).waitFor();
    await assertAccessible(page);
    await confirm.getByRole('button', { name: 'Delete answers' }).click();
    await page.getByText('2 answers are deleted here').first().waitFor();
    assert.equal(await ask(lab.gateway, 'kept', 'a'), 'miss');
  });

  test('all answers of all projects are deleted only where that is typed', async (t) => {
    const page = await lab.open(t, '/cache');
    await page.getByRole('button', { name: 'Delete answers' }).click();
    await page.getByLabel('All answers of all projects').click();
    await page.getByRole('button', { name: 'Next' }).click();
    const confirm = page.getByRole('dialog', { name: 'Delete these answers?' });
    const button = confirm.getByRole('button', { name: 'Delete answers' });
    assert.equal(await button.isDisabled(), true);
    await confirm.getByLabel('Type all to confirm').fill('all');
    await button.click();
    await confirm.waitFor({ state: 'detached' });
    const { json } = await lab.gateway.admin('/cache');
    assert.equal((json['memory'] as { entries: number }).entries, 0);
  });

  test('the doctor names what changes in long prompts', async (t) => {
    const page = await lab.open(t, '/cache/prompts');
    const row = page.getByRole('row').filter({ hasText: 'plain' });
    await row.waitFor();
    await assertAccessible(page);
    await row.click();
    const detail = page.getByRole('dialog');
    await detail.getByText('Why prompts were or were not in the cache').waitFor();
    await assertAccessible(page);
    assert.match(page.url(), /group=/);
    await page.reload();
    await detail.getByText('What changes, over the last 24 hours').waitFor();
  });

  test('a narrow screen is never wider than itself, in either language', async (t) => {
    for (const language of ['en', 'zh'] as const) {
      const page = await lab.open(t, '/cache', { width: 390, language, theme: 'dark' });
      for (const path of ['/cache', '/cache/prompts']) {
        await page.goto(`/console${path}`);
        await settled(page);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wider <= 0, `${path} is ${wider} px too wide`);
      }
    }
  });
});

describe('the page of caches without any', { skip: noChromium }, () => {
  const lab = useConsole();

  test('says how to turn one on', async (t) => {
    const page = await lab.open(t, '/cache');
    await page.getByText('No model has a cache').waitFor();
    await page.getByText('exact: { ttl: 1h }').waitFor();
    await page.goto('/console/cache/prompts');
    await page.getByText('No long prompts yet').waitFor();
  });
});
