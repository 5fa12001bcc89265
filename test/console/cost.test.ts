import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import type { Gateway } from '../support/gateway.ts';
import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { useConsole } from './support/console-lab.ts';
import { makeOperator } from './support/operators.ts';

/** A token of `chat` costs a thousandth of a cent; nobody knows what one of `odd` costs. */
const CONFIG = `
providers: { lab: { type: simulator, ttft: 5ms, tokensPerSecond: 2000 } }
prices: { lab/small: { input: 10, output: 10 } }
models:
  chat: { target: lab/small, cache: { exact: { ttl: 1h } } }
  odd: { target: lab/odd }
budgets: [{ per: organisation, id: acme, usd: 2000, period: month }]
`;

interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly requestId: string | null;
}

async function ask({ url }: Gateway, key: string, text: string, model = 'chat'): Promise<Answer> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: text }], max_tokens: 500, temperature: 0 }),
  });
  const { error } = (await response.json()) as { error?: { code?: string } };
  return { status: response.status, code: error?.code, requestId: response.headers.get('x-causeway-request-id') };
}

describe('cost in the console', { skip: noChromium }, () => {
  let supportKey = '';
  const lab = useConsole({
    config: CONFIG,
    prepare: async (gateway) => {
      supportKey = await gateway.makeKey({ project: 'support', user: 'ada' });
      const searchKey = await gateway.makeKey({ project: 'search' });
      await ask(gateway, supportKey, 'the same twice');
      const cached = await ask(gateway, supportKey, 'the same twice');
      assert.equal((await gateway.trace(cached.requestId)).cache, 'exact');
      await ask(gateway, searchKey, 'something else');
      await ask(gateway, searchKey, 'of unknown cost', 'odd');
    },
  });

  test('a budget that is made, raised and deleted takes effect on the next request', async (t) => {
    const page = await lab.open(t, '/cost/budgets');
    await page.getByRole('button', { name: 'New budget' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('support-tiny');
    await form.getByLabel('Only this one').fill('support');
    await form.getByLabel('Dollars').fill('0.0001');
    await form.getByLabel('Hard: can never be exceeded').click();
    await assertAccessible(page);
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'support-tiny' }).waitFor();
    const refused = await ask(lab.gateway, supportKey, 'one');
    assert.deepEqual({ ...refused, requestId: null }, { status: 429, code: 'budget_exhausted', requestId: null });
    assert.equal((await lab.gateway.trace(refused.requestId)).status, 'failed');

    await page.reload();
    await page.getByText(/Refuses now, though .* is left/).waitFor();
    await page.getByText(/counts from when it was made/).waitFor();

    await page.getByRole('button', { name: 'Edit' }).click();
    await form.getByLabel('Dollars').fill('none');
    await form.getByText('This is no number.').waitFor();
    await form.getByLabel('Dollars').fill('1');
    await form.getByText(/of \$1\.00 is used and reserved/).waitFor();
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    assert.equal((await ask(lab.gateway, supportKey, 'two')).status, 200);
    const { json } = await lab.gateway.admin('/budgets/support-tiny');
    assert.equal(json['usd'], 1);
    assert.equal(json['hard'], true, 'the rest of the budget is as it was');

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText(/are no longer bounded by this budget/).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'support-tiny' }).waitFor({ state: 'detached' });
    assert.equal((await lab.gateway.admin('/budgets/support-tiny')).status, 404);
  });

  test('what the gateway refuses of a budget is said at its field', async (t) => {
    const page = await lab.open(t, '/cost/budgets', { expected: [/^400 PUT .*budgets/] });
    await page.getByRole('button', { name: 'New budget' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('wrong');
    await form.getByLabel('Dollars').fill('5');
    await form.getByLabel('Cheaper model near the end').fill('nothing');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByText(/there is no virtual model "nothing"/).waitFor();
    assert.equal(await form.getByLabel('Cheaper model near the end').getAttribute('aria-invalid'), 'true');
  });

  test('a budget of the file is changed in the file, and viewers change none', async (t) => {
    const page = await lab.open(t, '/cost/budgets');
    await page.getByRole('row', { name: /Organisation acme/ }).click();
    await page.getByText(/stands in causeway\.yaml\. Change it there/).waitFor();
    assert.ok(await page.getByRole('button', { name: 'Edit' }).isDisabled());

    const { key } = await makeOperator(lab.gateway, { name: 'Looker', role: 'viewer' });
    const theirs = await lab.open(t, '/cost/budgets', { key });
    assert.ok(await theirs.getByRole('button', { name: 'New budget' }).isDisabled());
    await theirs.goto('/console/cost/prices');
    assert.ok(await theirs.getByRole('button', { name: 'Add a price', exact: true }).first().isDisabled());
  });

  test('usage is narrowed by a click, and downloaded as it is shown', async (t) => {
    const page = await lab.open(t, '/cost?by=project');
    const table = page.getByRole('table', { name: 'By project' });
    await table.getByText('search', { exact: true }).click();
    await page.getByRole('table', { name: 'By model' }).getByText('odd').waitFor();
    assert.match(page.url(), /project=search/);
    await page.getByText('unknown', { exact: true }).waitFor();
    const arriving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV' }).click();
    const file = readFileSync(await (await arriving).path(), 'utf8');
    assert.match(file, /^model,requests,/);
    assert.match(file, /^odd,1,/m);
    assert.doesNotMatch(file, /support/);
    await page.getByRole('button', { name: 'Remove the filter: Project' }).click();
    await page.getByRole('list', { name: 'Filters' }).waitFor({ state: 'detached' });
    await assertAccessible(page);
  });

  test('the ledger of savings says what a cache saved', async (t) => {
    const page = await lab.open(t, '/cost/savings');
    const row = page.getByRole('table', { name: 'By mechanism' }).getByRole('row', { name: /Exact/ });
    assert.match(await row.innerText(), /\n1\n\$0\.000\d/);
    assert.equal(await row.getByRole('link').getAttribute('href'), '/console/cache');
    await assertAccessible(page);
  });

  test('a missing price is looked at before it is stored, and holds from the next request on', async (t) => {
    const page = await lab.open(t, '/cost/prices', { expected: [/^400 POST .*prices/] });
    await page.getByRole('button', { name: 'Add a price of lab/odd' }).click();
    const form = page.getByRole('dialog');
    assert.equal(await form.getByLabel('Family').inputValue(), 'simulator');
    await form.getByLabel('Source').fill('https://example.com/prices');
    await form.getByLabel('Input').fill('100');
    await form.getByRole('button', { name: 'See what it does' }).click();
    await form
      .getByText(/output/)
      .first()
      .waitFor();
    assert.ok(await form.getByRole('button', { name: 'Store' }).isDisabled(), 'what is refused is not stored');
    await form.getByLabel('Output').fill('100');
    await form.getByRole('button', { name: 'See what it does' }).click();
    await form.getByText(/^Adds simulator\/odd@/).waitFor();
    await form.getByText('1 call of unknown cost gets a price.').waitFor();
    await assertAccessible(page);
    await form.getByRole('button', { name: 'Store' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByText('has a price now').waitFor();
    await page.getByRole('searchbox', { name: 'Search family or model' }).fill('simulator odd');
    await page
      .getByRole('status')
      .getByText(/^1 of /)
      .waitFor();
    const { requestId } = await ask(lab.gateway, supportKey, 'of known cost', 'odd');
    const { cost_known: isKnown, cost_usd: cost } = await lab.gateway.trace(requestId);
    assert.ok(isKnown && cost !== null && cost > 0.001);
  });
});
