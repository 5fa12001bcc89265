import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { settled, useConsole } from './support/console-lab.ts';
import { askAs, makeOperator } from './support/operators.ts';
import { signInByForm } from './support/sign-in.ts';

describe('operators in the console', { skip: noChromium }, () => {
  const lab = useConsole();

  test('a key is made, shown once, opens the console, and is revoked', async (t) => {
    const page = await lab.open(t, '/settings/operators');
    await page.getByRole('button', { name: 'New operator' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ada');
    await dialog.getByLabel('Role').selectOption('editor');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const key = await dialog.getByText(/^cwo-/).innerText();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'I have kept it' }).click();
    assert.ok(!(await page.content()).includes(key), 'the key is not shown again');

    const theirs = await lab.open(t, '/settings/operators', { key: null, expected: [/^401 /] });
    await signInByForm(theirs, key);
    await theirs.getByRole('button', { name: 'Ada' }).waitFor();
    await page.reload();
    await page.getByRole('table', { name: 'Signed in' }).getByText('Ada').waitFor();

    await page.getByRole('button', { name: 'Revoke the key of Ada' }).click();
    await page.getByText('1 session that was opened by that name ends.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('table', { name: 'Keys' }).getByText('revoked').waitFor();
    assert.equal((await askAs(lab.gateway, key, '/keys')).status, 401);
    await theirs.reload();
    await theirs.locator('input[name=key]').waitFor();
  });

  test('what is wrong is said at its field', async (t) => {
    const page = await lab.open(t, '/settings/operators', { expected: [/^400 POST .*operators/] });
    await page.route('**/admin/v1/operators', async (route) => {
      const isMaking = route.request().method() === 'POST';
      await (isMaking
        ? route.continue({ postData: '{"name":"x","role":"editor","projects":["a"]}' })
        : route.continue());
    });
    await page.getByRole('button', { name: 'New operator' }).first().click();
    await page.getByLabel('Name').fill('x');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText(/Only viewers are held to projects/).waitFor();
    assert.equal(await page.getByLabel('Projects').getAttribute('aria-invalid'), 'true');
  });

  test('a session is ended by somebody else', async (t) => {
    const { key } = await makeOperator(lab.gateway, { name: 'Grace', role: 'viewer' });
    const theirs = await lab.open(t, '/settings/operators', { key, expected: [/^401 /] });
    const page = await lab.open(t, '/settings/operators');
    await page.getByRole('button', { name: 'End the session of Grace' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
    await page.getByText('The session has ended').first().waitFor();
    await theirs.reload();
    await theirs.locator('input[name=key]').waitFor();
  });
});

describe('the audit log in the console', { skip: noChromium }, () => {
  const lab = useConsole({
    prepare: async ({ admin }) => {
      await admin('/budgets/support', {
        method: 'PUT',
        body: { per: 'project', id: 'support', usd: 10, period: 'day' },
      });
      await admin('/budgets/support', {
        method: 'PUT',
        body: { per: 'project', id: 'support', usd: 25, period: 'day' },
      });
      await admin('/keys', { method: 'POST', body: { project: 'shop' } });
    },
  });

  test('a change is found by a filter, and shown field by field', async (t) => {
    const page = await lab.open(t, '/settings/audit');
    await page.getByRole('cell', { name: 'Made an API key POST /keys', exact: true }).waitFor();
    await page.getByLabel('Subject').fill('budgets');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/subject=budgets/);
    await page.getByRole('cell', { name: 'Made an API key POST /keys', exact: true }).waitFor({ state: 'detached' });
    const rows = page.getByRole('cell', { name: 'Changed a budget PUT /budgets/:id' });
    assert.equal(await rows.count(), 2);
    await rows.first().click();
    const detail = page.getByRole('dialog');
    const usd = detail.getByRole('row', { name: /^usd/ });
    assert.deepEqual(await usd.getByRole('cell').allInnerTexts(), ['10', '25']);
    assert.equal(await detail.getByRole('row', { name: /^period/ }).count(), 0);
    await detail.getByRole('button', { name: /unchanged/ }).click();
    await detail.getByRole('row', { name: /^period/ }).waitFor();
    await assertAccessible(page);
  });

  test('the key of what was made is not in it', async (t) => {
    const page = await lab.open(t, '/settings/audit?subject=keys');
    await page.getByRole('cell', { name: 'Made an API key POST /keys', exact: true }).click();
    await page
      .getByRole('dialog')
      .getByRole('row', { name: /^project/ })
      .waitFor();
    assert.doesNotMatch(await page.content(), /cw-[\w-]{20}/);
  });

  test('an editor is told that this is for admins', async (t) => {
    const { key } = await makeOperator(lab.gateway, { name: 'Ed', role: 'editor' });
    const page = await lab.open(t, '/settings/audit', { key });
    await page.getByText('This needs the role admin.').waitFor();
    await settled(page);
    assert.equal((await askAs(lab.gateway, key, '/audit')).status, 403);
  });
});
