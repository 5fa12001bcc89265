import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Page } from 'playwright-core';

import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { LAB, settled, useConsole } from './support/console-lab.ts';
import { makeOperator } from './support/operators.ts';
import { ask } from './support/seed.ts';

const CONFIG = `${LAB}
models:
  chat: { target: lab/small, cache: { exact: {} } }
  echo: { target: lab/echo }
  slow: { target: slow/small }
prices: { lab/small: { input: 100, output: 200 } }
records: { bodies: full }
`.replace('providers: { lab', 'providers: { slow: { type: simulator, ttft: 5ms, tokensPerSecond: 5 }, lab');

/** A record may be asked for before it is in the database. */
const NOT_YET = /^404 GET .*\/traces\//;
const column = (page: Page, place: number) => page.getByRole('article', { name: `Column ${place}`, exact: true });
const say = (page: Page, text: string) => page.getByLabel('Text of message 1').fill(text);
const run = (page: Page) => page.getByRole('button', { name: /^Run/ }).click();

describe('the playground', { skip: noChromium }, () => {
  const lab = useConsole({ config: CONFIG });
  const keys = async () =>
    (await lab.gateway.admin('/keys?project=playground')).json['data'] as { revoked_at: unknown }[];

  test('an answer is streamed, with its cost and its trace; the key that was made for it ends with the session', async (t) => {
    const page = await lab.open(t, '/playground', { expected: [NOT_YET, /^401 /] });
    await assertAccessible(page);
    const first = column(page, 1);
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('article input')?.value === 'chat');
    await say(page, 'What is a causeway?');
    await run(page);
    await first.getByRole('link', { name: 'Open its trace' }).waitFor();
    const cost = await first.getByText('Cost', { exact: true }).locator('xpath=following-sibling::dd').innerText();
    assert.match(cost, /^\$0\.0\d+$/);
    assert.match(await first.getByText('Pace').locator('xpath=following-sibling::dd').innerText(), /tokens\/s$/);
    await first.getByText('lab/small').waitFor();
    const answer = await first.locator('[data-answer]').innerText();
    await assertAccessible(page);

    const made = await keys();
    assert.equal(made.length, 1, 'one key for all runs');
    assert.ok(!(await page.content()).includes('cw-'), 'the key is not shown');
    await first.getByRole('link', { name: 'Open its trace' }).click();
    await page.waitForURL(/\/requests\//);
    await settled(page);
    await page.getByText('What is a causeway?').first().waitFor();
    await page.goBack();
    assert.equal(await first.locator('[data-answer]').innerText(), answer, 'what was done is still there');

    await page.getByRole('button', { name: 'admin', exact: false }).last().click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('input[name=key]').waitFor();
    assert.deepEqual(
      (await keys()).map(({ revoked_at: at }) => at !== null),
      [true],
    );
  });

  test('columns side by side, in other APIs, and the cache of one', async (t) => {
    const page = await lab.open(t, '/playground', { expected: [NOT_YET] });
    await say(page, 'Hello there');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('button', { name: 'Compare' }).click();
    const models = ['chat', 'echo', 'lab/large'];
    const apis = ['chat', 'messages', 'responses'];
    for (const [at, model] of models.entries()) {
      await column(page, at + 1)
        .getByLabel('Model')
        .fill(model);
      await column(page, at + 1)
        .getByLabel('API')
        .selectOption(apis[at] ?? '');
    }
    await run(page);
    for (const at of [1, 2, 3]) await column(page, at).getByRole('link', { name: 'Open its trace' }).waitFor();
    assert.equal(await column(page, 2).locator('[data-answer]').innerText(), 'Hello there');
    await column(page, 1).getByText('cache: miss').waitFor();
    await run(page);
    await column(page, 1).getByText('cache: exact').waitFor();
    await assertAccessible(page);
    assert.equal(await page.getByRole('list', { name: 'This session' }).getByRole('listitem').count(), 2);
  });

  test('an answer is stopped, and a wrong setting is said at its field', async (t) => {
    const page = await lab.open(t, '/playground', { expected: [NOT_YET, /^404 POST .*chat\/completions/] });
    await say(page, 'Tell me all');
    await column(page, 1).getByLabel('Model').fill('slow');
    await run(page);
    await column(page, 1).locator('[data-answer]').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/^Stopped\./).waitFor();

    await page.getByText('Tools', { exact: true }).click();
    await page.getByLabel('Tools (JSON)').fill('[{"description": "no name"}]');
    await page.getByText('No tools can be read from this: [0].name').waitFor();
    assert.equal(await page.getByLabel('Tools (JSON)').getAttribute('aria-invalid'), 'true');
    await page.getByLabel('Tools (JSON)').fill('');
    await column(page, 1).getByLabel('Model').fill('nobody/nothing');
    await run(page);
    await column(page, 1).getByRole('alert').waitFor();
  });

  test('a tool is called, what it gives back is sent, and the model goes on', async (t) => {
    const page = await lab.open(t, '/playground', { expected: [NOT_YET] });
    await say(page, 'call get_weather');
    await column(page, 1).getByLabel('Model').fill('lab/small');
    await page.getByText('Tools', { exact: true }).click();
    await page.getByRole('button', { name: 'Put in an example' }).click();
    await run(page);
    await column(page, 1).getByLabel('What get_weather gives back').fill('{"celsius": 21}');
    await assertAccessible(page);
    await column(page, 1).getByRole('button', { name: 'Send the results' }).click();
    await column(page, 1).locator('[data-answer]').waitFor();
    assert.equal(await page.getByLabel('Text of message 3').inputValue(), '{"celsius": 21}');
  });

  test('a recorded request is filled in, and copied as code', async (t) => {
    const body = { temperature: 0.5, user: 'x', logit_bias: {} };
    const sent = await ask(lab.gateway, { key: lab.gateway.apiKey, model: 'echo', text: 'As it was', body });
    await lab.gateway.trace(sent.id);
    const page = await lab.open(t, `/playground?trace=${sent.id}`);
    await page.getByText('Filled in from the request').waitFor();
    await page.getByText('Fields that are not offered here: user, logit_bias.').waitFor();
    assert.equal(await page.getByLabel('Text of message 1').inputValue(), 'As it was');
    assert.equal(await column(page, 1).getByLabel('Model').inputValue(), 'echo');
    await column(page, 1).getByRole('button', { name: 'Copy as code' }).click();
    await page.getByRole('menuitem', { name: 'Copy as Python' }).click();
    await page.getByText('Copied').first().waitFor();
    const code = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(code, /model="echo"/);
    assert.match(code, /temperature=0\.5/);
  });

  test('from its trace a request is filled in too, though it is known already', async (t) => {
    const sent = await ask(lab.gateway, { key: lab.gateway.apiKey, model: 'echo', text: 'From its trace' });
    await lab.gateway.trace(sent.id);
    const page = await lab.open(t, `/requests/${sent.id}`);
    await page.getByRole('link', { name: 'Open in the playground' }).click();
    await page.getByText('Filled in from the request').waitFor();
    assert.equal(await page.getByLabel('Text of message 1').inputValue(), 'From its trace');
    assert.equal(await column(page, 1).getByLabel('Model').inputValue(), 'echo');
  });

  test('a long prompt stays quick to type in, and columns are not cut', async (t) => {
    const page = await lab.open(t, '/playground', { width: 1280, expected: [NOT_YET] });
    const box = page.getByLabel('Text of message 1');
    const long = 'All that was said so far, and more. '.repeat(5500);
    await box.fill(long);
    const before = Date.now();
    await box.press('End');
    for (const letter of 'quick') await box.press(letter);
    assert.ok(Date.now() - before < 2500, `${Date.now() - before} ms for five keys`);
    assert.ok(((await box.boundingBox())?.height ?? 0) < 600, 'it scrolls');
    await page.getByRole('button', { name: 'Compare' }).click();
    const [prompt, second] = [await box.boundingBox(), await column(page, 2).boundingBox()];
    assert.ok(prompt && second && second.x > prompt.x + prompt.width, 'it stands beside the prompt');
    assert.ok(second.x + second.width <= 1280, `cut at ${second.x + second.width} px`);
    for (const at of [1, 2]) await column(page, at).getByLabel('Model').fill('lab/small');
    await run(page);
    const session = page.getByRole('list', { name: 'This session' });
    await session.waitFor();
    assert.ok((await session.innerText()).length < 1000, 'no whole prompt is drawn there');
  });

  test('a viewer is told why there is nothing to press', async (t) => {
    const { key } = await makeOperator(lab.gateway, { name: 'Vera', role: 'viewer' });
    const page = await lab.open(t, '/playground', { key });
    await page.getByText('This needs the role editor.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Run' }).count(), 0);
  });

  test('a narrow screen is never wider than itself, in either language', async (t) => {
    for (const language of ['en', 'zh'] as const) {
      const page = await lab.open(t, '/playground', { width: 390, language, theme: 'dark' });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wider <= 0, `${wider} px too wide`);
      await assertAccessible(page);
    }
  });
});
