import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { LAB, ask, settled, useConsole } from './support/models-lab.ts';
import { makeOperator } from './support/operators.ts';

const CONFIG = `${LAB}
models:
  chat: { target: lab/small }
  tried: { target: lab/small }
  shady: { target: lab/small }
experiments:
  shorter: { model: tried, by: request, arms: { control: {}, short: { set: { parameters: { maxOutputTokens: 20 } } } } }
shadows: { try-large: { model: shady, set: { target: lab/large }, share: 1, usd: 5 } }
flags: { staff: { model: shady, projects: [staff], set: { target: lab/large } } }
`;

describe('rollouts in the console', { skip: noChromium }, () => {
  const lab = useConsole({ config: CONFIG });

  test('a canary is made, watched while requests come, and rolled back', async (t) => {
    const page = await lab.open(t, '/rollouts');
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Canary' }).click();
    const form = page.getByRole('dialog', { name: 'New canary' });
    await form.getByLabel('Name').fill('larger');
    await form.getByLabel('Model').fill('chat');
    await form.getByLabel('Target in place of its own').fill('lab/large');
    await form.getByLabel('Steps, percent').fill('50, 100');
    await form.getByText('More settings', { exact: true }).click();
    await form.getByLabel('Who gets the same each time').selectOption('request');
    await assertAccessible(page);
    await form.getByRole('button', { name: 'Create' }).click();

    await page.getByRole('heading', { level: 1, name: /larger/ }).waitFor();
    const arms = page.getByRole('table', { name: 'Arms' });
    await arms.getByRole('row').filter({ hasText: 'candidate' }).waitFor();
    const seen = new Set<string>();
    for (let at = 0; at < 12; at += 1) seen.add(await ask(lab.gateway, 'chat', `Request ${at}`));
    assert.deepEqual([...seen].toSorted(), ['lab/large', 'lab/small'], 'both arms answer');
    await page.getByText(/12 of at least 1,?000 requests/).waitFor();
    await assertAccessible(page);

    await page.getByRole('button', { name: 'Roll back' }).click();
    const confirm = page.getByRole('dialog');
    await confirm.getByText(/From 50% to 0%: about 6 of 12 requests/).waitFor();
    await confirm.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('button', { name: 'Restart' }).waitFor();
    await page.getByText('by a person').waitFor();
    for (let at = 0; at < 8; at += 1) assert.equal(await ask(lab.gateway, 'chat', `Then ${at}`), 'lab/small');
    const { json } = await lab.gateway.admin('/canaries/larger');
    assert.equal(json['status'], 'rolled_back');

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('table', { name: 'What is tried' }).waitFor();
    assert.equal((await lab.gateway.admin('/canaries/larger')).status, 404);
  });

  test('what is wrong with a definition is said at its field', async (t) => {
    const page = await lab.open(t, '/rollouts?new=canaries&model=chat', { expected: [/^400 PUT .*canaries/] });
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('wrong');
    await form.getByLabel('Target in place of its own').fill('lab/large');
    await form.getByLabel('Steps, percent').fill('5, many');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByText(/steps\[1\].*is not a number/).waitFor();
    assert.equal(await form.getByLabel('Steps, percent').getAttribute('aria-invalid'), 'true');
    await form.getByLabel('More settings in place of its own (JSON)').fill('{');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.locator('textarea[aria-invalid="true"]').waitFor();
    assert.equal((await lab.gateway.admin('/canaries/wrong')).status, 404);
  });

  test('a flag is made and changed', async (t) => {
    const page = await lab.open(t, '/rollouts?new=flags', { expected: [/^404 GET .*flags/] });
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('some');
    await form.getByLabel('Model').fill('chat');
    await form.getByLabel('Target in place of its own').fill('lab/large');
    await form.getByLabel('Share, percent').fill('0');
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Edit' }).click();
    await form.getByLabel('Share, percent').fill('100');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    assert.equal(await ask(lab.gateway, 'chat', 'With the flag'), 'lab/large');
    await lab.gateway.admin('/flags/some', { method: 'DELETE' });
  });

  test('each kind is shown, in either language on a phone, and a viewer changes none', async (t) => {
    const { key } = await makeOperator(lab.gateway, { name: 'vera', role: 'viewer' });
    for (const path of ['', '/experiments/shorter', '/shadows/try-large', '/flags/staff']) {
      const page = await lab.open(t, `/rollouts${path}`, { key, language: path === '' ? 'en' : 'zh', width: 390 });
      await settled(page);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wider <= 0, `${path} is ${wider} px too wide`);
      await assertAccessible(page);
      const change = page.getByRole('button', { name: path === '' ? 'New' : '删除', exact: true });
      assert.equal(await change.isDisabled(), true);
    }
  });
});
