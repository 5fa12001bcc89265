import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { LAB, settled, useConsole } from './support/console-lab.ts';
import { askAs, makeOperator } from './support/operators.ts';
import { takeScreenshot } from './support/screenshots.ts';
import { SEED_ENV, ask } from './support/seed.ts';

const CONFIG = `${LAB}
models: { careful: { target: lab/echo, guards: house } }
guards:
  house: { keywords: { lists: { ours: { words: [purple elephant] } }, input: review, output: off } }
`;
const ID = /rev_[\da-f]{24}/;

describe('reviews in the console', { skip: noChromium }, () => {
  const lab = useConsole({ config: CONFIG, env: SEED_ENV });

  /** Has a request wait, of a client that asks later where `isAsync`. @returns the id of the review */
  async function wait(text: string, isAsync: boolean): Promise<string> {
    const headers = isAsync ? { prefer: 'respond-async' } : {};
    const { answer, status } = await ask(lab.gateway, { key: lab.gateway.apiKey, model: 'careful', text, headers });
    assert.equal(status, isAsync ? 202 : 403, answer);
    const [id] = ID.exec(answer) ?? [];
    assert.ok(id, answer);
    return id;
  }

  /** What the client finds where it asks. */
  async function found(id: string) {
    const response = await fetch(`${lab.gateway.url}/v1/reviews/${id}`, {
      headers: { authorization: `Bearer ${lab.gateway.apiKey}` },
    });
    return (await response.json()) as { status: string; message: string | null; answer: { body: unknown } | null };
  }

  test('what waits comes into the queue without a reload; approved, its client gets the answer', async (t) => {
    const page = await lab.open(t, '/safety/reviews');
    await page.getByText('Nothing waits for you').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const id = await wait('Where does the purple elephant live?', true);
    await page.getByRole('row').filter({ hasText: 'keywords, input' }).click();
    await page.waitForURL(new RegExp(id));
    await page.getByText('Where does the purple elephant live?').first().waitFor();
    assert.equal(await page.locator('mark').innerText(), 'purple elephant');
    await settled(page);
    await assertAccessible(page);
    await takeScreenshot(page, { name: 'review-waiting', theme: 'light', language: 'en', width: 1440 });

    await page.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The gateway sends it to careful at once').waitFor();
    await dialog.getByLabel('Your name').fill('Ann');
    await dialog.getByLabel('Note').fill('a known customer');
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('HTTP 200').waitFor();
    await page.getByRole('region', { name: 'Decided' }).getByText('a known customer').waitFor();
    const { status, answer } = await found(id);
    assert.equal(status, 'done');
    assert.match(JSON.stringify(answer?.body), /purple elephant/);
    const { json } = await lab.gateway.admin(`/reviews/${id}`);
    assert.equal(json['decided_by'], 'Ann');
  });

  test('refused with a message, the client reads it', async (t) => {
    const id = await wait('The purple elephant sings.', false);
    const page = await lab.open(t, `/safety/reviews/${id}`);
    await page.getByRole('button', { name: 'Reject' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Message').fill('We do not speak of elephants.');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Decided' }).getByText('We do not speak of elephants.').waitFor();
    const { status, message } = await found(id);
    assert.equal(status, 'rejected');
    assert.match(message ?? '', /We do not speak of elephants/);
  });

  test('a request is changed, with what changes shown, and goes on as changed', async (t) => {
    const id = await wait('The purple elephant eats.', true);
    const page = await lab.open(t, `/safety/reviews/${id}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    const body = dialog.getByLabel('Request (JSON)');
    const send = dialog.getByRole('button', { name: 'Approve as changed' });
    assert.equal(await send.isDisabled(), true, 'nothing is changed yet');
    await body.fill((await body.inputValue()).replace('purple elephant', 'grey mouse'));
    await dialog.locator('mark', { hasText: 'mouse' }).waitFor();
    await takeScreenshot(page, { name: 'review-edit', theme: 'light', language: 'en', width: 1440 });
    await send.click();
    await page.getByText('HTTP 200').waitFor();
    await page.getByRole('region', { name: 'Sent in its place' }).waitFor();
    const { answer } = await found(id);
    assert.match(JSON.stringify(answer?.body), /grey mouse/);
  });

  test('viewers read and do not decide', async (t) => {
    const id = await wait('The purple elephant sleeps.', false);
    const { key } = await makeOperator(lab.gateway, { name: 'vic', role: 'viewer' });
    const page = await lab.open(t, `/safety/reviews/${id}`, { key });
    assert.equal(await page.getByRole('button', { name: 'Approve' }).isDisabled(), true);
    await page.getByText('This needs the role editor.').waitFor();
    const { status } = await askAs(lab.gateway, key, `/reviews/${id}/approve`, { method: 'POST', body: {} });
    assert.equal(status, 403);
  });

  test('a narrow screen is never wider than itself, in either language', async (t) => {
    const id = await wait('The purple elephant walks.', false);
    for (const language of ['en', 'zh'] as const) {
      const page = await lab.open(t, '/safety/reviews', { width: 390, language, theme: 'dark' });
      for (const path of ['/safety/reviews?state=all', `/safety/reviews/${id}`]) {
        await page.goto(`/console${path}`);
        await settled(page);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wider <= 0, `${path} is ${wider} px too wide`);
        const name = path.includes(id) ? 'review' : 'reviews';
        await takeScreenshot(page, { name, theme: 'dark', language, width: 390 });
      }
    }
  });
});

describe('reviews without a master key', { skip: noChromium }, () => {
  const lab = useConsole({ config: CONFIG });

  test('it is said that nothing can wait, and how it can', async (t) => {
    const page = await lab.open(t, '/safety/reviews');
    await page.getByText(/Whatever house would have wait is refused/).waitFor();
    await page.getByText(/export CAUSEWAY_MASTER_KEY/).waitFor();
    await assertAccessible(page);
  });
});

describe('reviews of a fresh gateway', { skip: noChromium }, () => {
  const lab = useConsole();

  test('it is said how somebody can be asked', async (t) => {
    const page = await lab.open(t, '/safety/reviews');
    await page.getByText('No guard asks for a review yet').waitFor();
    assert.match(await page.locator('pre').innerText(), /refund_\*/);
  });
});
