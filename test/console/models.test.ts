import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { LAB, ask, settled, useConsole } from './support/models-lab.ts';
import { makeOperator } from './support/operators.ts';

const CONFIG = `${LAB}
models:
  chat:
    route:
      by: order
      targets: [{ target: lab/small }]
      rules: [{ name: private data stays here, when: { sensitive: true }, targets: [lab/echo] }]
    fallback: [lab/large]
  broken: { target: down/some, retries: { max: 0 }, fallback: [lab/small] }
defaults: { breaker: { failures: 2 } }
prices: { lab/small: { input: 0.25, output: 2 }, lab/large: { input: 3, output: 15 } }
`;

describe('models in the console', { skip: noChromium }, () => {
  const lab = useConsole({
    config: CONFIG,
    prepare: async (gateway) => {
      for (let at = 0; at < 4; at += 1) {
        await ask(gateway, 'chat');
        await ask(gateway, 'broken');
      }
    },
  });

  test('a route is edited, seen before it is in force, holds for the next request, and is taken back', async (t) => {
    const page = await lab.open(t, '/models/chat');
    await assertAccessible(page);
    assert.equal(await ask(lab.gateway, 'chat'), 'lab/small');

    await page.getByRole('button', { name: 'Edit routing' }).click();
    const editor = page.getByRole('dialog', { name: 'Routing of chat' });
    const save = editor.getByRole('button', { name: 'Put in force' });
    assert.equal(await save.isDisabled(), true, 'nothing is saved unseen');
    await editor.getByText('Its rules stay as well: private data stays here.').waitFor();
    await editor.getByLabel('Target 1', { exact: true }).fill('lab/large');
    await editor.getByRole('button', { name: 'Preview' }).click();
    await editor.getByText(/5 would go elsewhere \(100%\)/).waitFor();
    await assertAccessible(page);
    await save.click();
    const confirm = page.getByRole('dialog', { name: 'Put this route of chat in force?' });
    await confirm.getByText(/5 of 5 recent requests would have gone elsewhere/).waitFor();
    await confirm.getByRole('button', { name: 'Put in force' }).click();
    await page.getByText('route set here').waitFor();
    assert.equal(await ask(lab.gateway, 'chat'), 'lab/large');
    assert.equal(await ask(lab.gateway, 'chat', 'Write to ann@example.com'), 'lab/echo', 'rules stay');

    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('route of the file', { exact: true }).waitFor();
    assert.equal(await ask(lab.gateway, 'chat'), 'lab/small');
  });

  test('a route that is not right is refused with what is wrong', async (t) => {
    const page = await lab.open(t, '/models/chat', { expected: [/^400 POST .*preview/] });
    await page.getByRole('button', { name: 'Edit routing' }).click();
    const editor = page.getByRole('dialog');
    await editor.getByLabel('Target 1', { exact: true }).fill('nobody/knows');
    await editor.getByRole('button', { name: 'Preview' }).click();
    await editor
      .getByRole('alert')
      .getByText(/nobody/)
      .waitFor();
    await editor.getByRole('radio', { name: 'JSON' }).click();
    await editor.getByLabel('Route', { exact: true }).fill('{ "by": ');
    assert.equal(await editor.getByRole('button', { name: 'Preview' }).isDisabled(), true);
  });

  test('a target that is down is seen, and asked again when somebody says so', async (t) => {
    const page = await lab.open(t, '/models');
    const row = page.getByRole('table', { name: 'Targets' }).getByRole('row').filter({ hasText: 'down/some' });
    await row.getByText('down', { exact: true }).waitFor();
    const models = page.getByRole('table', { name: 'Virtual models' });
    await models.getByRole('row').filter({ hasText: 'broken' }).getByText('strained').waitFor();
    await assertAccessible(page);
    await row.getByRole('button', { name: 'Reset the breaker of down/some' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It is asked for: broken.').waitFor();
    await dialog.getByRole('button', { name: 'Reset' }).click();
    await row.getByText('healthy').waitFor();
    await page.getByLabel('Search').fill('broken');
    await models.getByText('chat').waitFor({ state: 'detached' });
  });

  test('why a request goes where it goes', async (t) => {
    const page = await lab.open(t, '/models/chat');
    await page.getByLabel('What the user says').fill('Write to ann@example.com');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText(/the rule "private data stays here" holds/).waitFor();
    await page.getByText('and to nobody else').waitFor();
  });

  test('a viewer sees everything and changes nothing; a phone is wide enough in either language', async (t) => {
    const { key } = await makeOperator(lab.gateway, { name: 'vera', role: 'viewer' });
    for (const language of ['en', 'zh'] as const) {
      for (const path of ['/models', '/models/chat']) {
        const page = await lab.open(t, path, { key, language, width: 390, theme: 'dark' });
        await settled(page);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wider <= 0, `${path} is ${wider} px too wide`);
        if (path !== '/models/chat') continue;
        const edit = page.getByRole('button', { name: language === 'en' ? 'Edit routing' : '编辑路由' });
        assert.equal(await edit.isDisabled(), true);
      }
    }
  });
});
