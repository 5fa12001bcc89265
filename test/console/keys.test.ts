import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Page } from 'playwright-core';

import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { LAB, settled, useConsole } from './support/console-lab.ts';

const CONFIG = `${LAB}
models: { chat: { target: lab/small } }
limits:
  - { per: project, id: narrow, requests: 2/1h, burst: 1 }
  - { per: key, concurrency: 5 }
organisations: { filed: { projects: [paper] } }
`;

/** @returns the key, from the only place where it is shown */
async function createKey(page: Page, project: string): Promise<string> {
  await page.getByRole('button', { name: 'New key' }).first().click();
  const form = page.getByRole('dialog', { name: 'New key' });
  await form.getByLabel('Project').fill(project);
  await form.getByLabel('Models').fill('chat, lab/*');
  await form.getByRole('button', { name: 'Create key' }).click();
  const made = page.getByRole('dialog', { name: 'Your new key' });
  const key = await made.locator('pre').first().innerText();
  await made.getByText('/v1/chat/completions').waitFor();
  assert.ok((await made.locator('pre').last().innerText()).includes(key), 'curl has the key in it');
  await assertAccessible(page);
  await made.getByRole('button', { name: 'I have copied it' }).click();
  await made.waitFor({ state: 'detached' });
  return key;
}

describe('keys and limits in the console', { skip: noChromium }, () => {
  const lab = useConsole({ config: CONFIG, env: { CAUSEWAY_MASTER_KEY: 'a master key of the tests' } });

  async function ask(key: string): Promise<number> {
    const response = await fetch(`${lab.gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    await response.text();
    return response.status;
  }

  test('a key is made, shown once, works, and is refused as soon as it is revoked', async (t) => {
    const page = await lab.open(t, '/keys');
    const key = await createKey(page, 'shop');
    assert.ok(!(await page.content()).includes(key), 'it is not shown again');
    assert.equal(await ask(key), 200);

    const row = page.getByRole('row').filter({ hasText: `…${key.slice(-4)}` });
    await row.getByText('shop').waitFor();
    await assertAccessible(page);
    await row.getByRole('button', { name: `Revoke the key cw-…${key.slice(-4)}` }).click();
    const confirm = page.getByRole('dialog');
    await confirm.getByText('In the last 24 hours: 1 request').waitFor();
    await confirm.getByRole('button', { name: 'Revoke' }).click();
    await confirm.waitFor({ state: 'detached' });
    assert.equal(await ask(key), 401);
    await row.waitFor({ state: 'detached' });
    await page.getByRole('radio', { name: 'All' }).click();
    await row.getByText('revoked').waitFor();
  });

  test('keys are searched and counted, also those of a project without requests', async (t) => {
    const { gateway } = lab;
    await gateway.makeKey({ project: 'quiet-project' });
    await gateway.makeKey({ project: 'other-project' });
    const page = await lab.open(t, '/keys');
    await page.getByRole('searchbox', { name: 'Search key, project, user or model' }).fill('QUIET');
    await page
      .getByRole('status')
      .filter({ hasText: /^1 of \d+ keys$/ })
      .waitFor();
    const table = page.getByRole('table', { name: 'API keys' });
    await table.getByText('quiet-project').waitFor();
    assert.equal(await table.getByText('other-project').count(), 0);
    const projects = page.getByRole('combobox', { name: 'Project' });
    assert.ok((await projects.innerText()).includes('other-project'));
  });

  test('what is wrong with a new key is said at its field', async (t) => {
    const page = await lab.open(t, '/keys?new=1', { expected: [/^400 POST .*keys/] });
    const form = page.getByRole('dialog', { name: 'New key' });
    await form.getByLabel('Project').fill('shop');
    await form.getByLabel('Expires').selectOption('custom');
    await form.getByLabel('Last day').fill('2020-01-01');
    await form.getByRole('button', { name: 'Create key' }).click();
    await form.getByText(/expiresAt must be a time to come/).waitFor();
    assert.equal(await form.getByLabel('Expires').getAttribute('aria-invalid'), 'true');
  });

  test('an organisation is made, and deleted; one of the file is not', async (t) => {
    const page = await lab.open(t, '/keys/projects');
    await assertAccessible(page);
    await page.getByRole('button', { name: 'New organisation' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('acme');
    await dialog.getByLabel('Projects').fill('shop, search');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { json } = await lab.gateway.admin('/organisations/acme');
    assert.deepEqual(json['projects'], ['search', 'shop']);
    await page
      .getByRole('table', { name: 'Projects' })
      .getByRole('row')
      .filter({ hasText: 'search' })
      .getByText('acme')
      .waitFor();
    assert.equal(await page.getByRole('button', { name: 'Delete: filed' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Delete: acme' }).click();
    await dialog.getByText('Its 2 projects stay').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await lab.gateway.admin('/organisations/acme')).status, 404);
  });

  test('limits are shown as they stand; a refusal is listed; a block holds until it is lifted', async (t) => {
    const key = await lab.gateway.makeKey({ project: 'narrow' });
    for (const expected of [200, 200, 429]) assert.equal(await ask(key), expected);
    const page = await lab.open(t, '/keys/limits');
    await page.getByRole('button', { name: '2 requests in 1h' }).waitFor();
    await page.getByText('0 left of a burst of 2').waitFor();
    await page.getByRole('link', { name: /requests narrow/ }).waitFor();
    await assertAccessible(page);

    const other = await lab.gateway.makeKey({ project: 'shut' });
    await page.getByRole('button', { name: 'New block' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What').selectOption('project');
    await dialog.getByLabel('Whom').fill('shut');
    await dialog.getByLabel('Reason').fill('a test');
    await dialog.getByRole('button', { name: 'Block' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await ask(other), 403);
    await page.getByRole('button', { name: 'Lift the block on shut' }).click();
    await dialog.getByText('for: a test').waitFor();
    await dialog.getByRole('button', { name: 'Lift' }).click();
    await page.getByText('Nobody is blocked').waitFor();
    assert.equal(await ask(other), 200);
  });

  test('a key of a provider is sealed, and deleted', async (t) => {
    const page = await lab.open(t, '/keys/providers');
    await page.getByRole('button', { name: 'Add a key' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Provider').fill('lab');
    await dialog.getByLabel('Key', { exact: true }).fill('sk-of-the-provider-4711');
    await dialog.getByRole('button', { name: 'Add a key' }).click();
    await dialog.waitFor({ state: 'detached' });
    const table = page.getByRole('table', { name: 'Stored keys' });
    await table.getByText('…4711').waitFor();
    await assertAccessible(page);
    assert.ok(!(await page.content()).includes('sk-of-the-provider'), 'the key is not shown');
    await page.getByRole('button', { name: 'Delete: lab sk-…4711' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No stored keys').waitFor();
    const { json } = await lab.gateway.admin('/provider-keys');
    assert.deepEqual(json['data'], []);
  });

  test('a narrow screen is never wider than itself, in either language', async (t) => {
    for (const language of ['en', 'zh'] as const) {
      const page = await lab.open(t, '/keys', { width: 390, language, theme: 'dark' });
      for (const path of ['/keys', '/keys/projects', '/keys/limits', '/keys/providers']) {
        await page.goto(`/console${path}`);
        await settled(page);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wider <= 0, `${path} is ${wider} px too wide`);
      }
    }
  });
});

describe('keys of providers without a master key', { skip: noChromium }, () => {
  const lab = useConsole();

  test('are not stored, and it is said how they can be', async (t) => {
    const page = await lab.open(t, '/keys/providers', { expected: [/^400 POST .*provider-keys/] });
    await page.getByRole('button', { name: 'Add a key' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Provider').fill('lab');
    await dialog.getByLabel('Key', { exact: true }).fill('sk-of-the-provider-4711');
    await dialog.getByRole('button', { name: 'Add a key' }).click();
    await dialog.getByText(/export CAUSEWAY_MASTER_KEY/).waitFor();
  });
});
