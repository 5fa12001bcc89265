import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Gateway } from '../support/gateway.ts';
import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { useConsole } from './support/console-lab.ts';

const CONFIG = `providers: { lab: { type: simulator, ttft: 5ms, tokensPerSecond: 5000 } }
models:
  chat: { target: lab/small, cache: { exact: { ttl: 1h } }, guards: default }
  claude: { target: lab/large }
guards: { default: { pii: { input: redact }, keywords: { input: block, lists: { ours: { words: [project aurora] } } } } }
prices: { lab/small: { input: 0.25, output: 2 }, lab/large: { input: 3, output: 15 } }
records: { bodies: full }
`;

type Headers = Readonly<Record<string, string>>;

/** @returns its trace id */
async function send({ url, apiKey }: Gateway, path: string, body: unknown, headers: Headers = {}): Promise<string> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  await answer.text();
  return answer.headers.get('x-causeway-request-id') ?? '';
}

const chat = (content: string, more: object = {}) => ({
  model: 'chat',
  messages: [{ role: 'user', content }],
  ...more,
});

describe('requests in the console', { skip: noChromium }, () => {
  const lab = useConsole({ config: CONFIG });
  const rows = '[role=table] [role=row]:has([role=cell])';

  test('a fresh install says how to send the first request, and shows it when it comes', async (t) => {
    const page = await lab.open(t, '/requests');
    await page.getByText('Waiting for the first request').waitFor();
    const snippet = await page.locator('pre').textContent();
    assert.match(snippet ?? '', new RegExp(`curl ${lab.gateway.url}/v1/chat/completions`));
    await assertAccessible(page);
    await send(lab.gateway, '/v1/chat/completions', chat('Hello from the snippet'));
    await page.locator(rows).waitFor();
    assert.equal(await page.locator(rows).count(), 1);
  });

  test('what is new comes in by itself; while one reads, it waits above', async (t) => {
    const page = await lab.open(t, '/requests', { height: 500 });
    await page.locator(rows).first().waitFor();
    for (let at = 0; at < 30; at += 1)
      await send(lab.gateway, '/v1/chat/completions', chat(`Request ${at}`, { user: 'ada' }));
    await page.getByText('31 requests').waitFor();
    const table = page.getByRole('table');
    await table.evaluate((element) => element.scrollTo({ top: 500 }));
    await page.waitForFunction(() => (document.querySelector('[role=table]')?.scrollTop ?? 0) > 400);
    await send(lab.gateway, '/v1/chat/completions', chat('While one reads'));
    await page.getByRole('button', { name: '1 new request' }).click();
    await page.getByText('32 requests').waitFor();
    assert.equal(await table.evaluate((element) => element.scrollTop), 0);
  });

  test('filters are in the address, can be taken out, and be kept as a view', async (t) => {
    await send(lab.gateway, '/v1/chat/completions', chat('tell me of project aurora', { user: 'eve' }), {
      'x-causeway-metadata': '{"team": "search"}',
    });
    const page = await lab.open(t, '/requests');
    await page.getByLabel('Status', { exact: true }).selectOption('failed');
    await page.getByText('guard_blocked').waitFor();
    assert.equal(await page.locator(rows).count(), 1);
    assert.match(page.url(), /status=failed/);

    await page.getByRole('button', { name: 'Add filter' }).click();
    await page.getByLabel('Filter by').selectOption('metadata');
    await page.getByLabel('Name of the member').fill('team');
    await page.getByLabel('Value').fill('search');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/metadata\.team=search/);
    await page.getByText('1 request', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByText('Save this view').click();
    await page.getByLabel('Name of the view').fill('Blocked of search');
    await page.getByRole('button', { name: 'Save' }).click();

    await page.getByRole('button', { name: /Remove the filter Metadata.team/ }).click();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.waitForURL((url) => !url.search.includes('status'));
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Blocked of search', exact: true }).click();
    await page.waitForURL(/metadata\.team=search/);
    await page.getByText('1 request', { exact: true }).waitFor();
    await page.goto(`${lab.gateway.url}/console/requests?q=zzzunheard`);
    await page.getByText('No request is like this').waitFor();
  });

  test('one trace tells what was asked, changed, judged and paid; feedback on it is kept', async (t) => {
    const id = await send(
      lab.gateway,
      '/v1/chat/completions',
      chat('Mail ann@example.com <img src=x onerror="window.seen=1"> about call_me', {
        user: 'ada',
        stream: true,
        tools: [{ type: 'function', function: { name: 'call_me', parameters: { type: 'object', properties: {} } } }],
      }),
      { 'x-causeway-conversation': 'thread-1' },
    );
    const page = await lab.open(t, `/requests/${id}`);
    await page.getByRole('heading', { level: 1, name: /chat/ }).waitFor();
    await page.getByRole('option', { name: /lab\/small/ }).click();
    await page.getByText('Attempt 1 of 1').waitFor();
    await page.getByText('/stream_options').waitFor();
    await page.getByRole('article').getByText('<img src=x onerror=').waitFor();
    await page.getByText('calls call_me').waitFor();
    await page.getByText('EMAIL × 1').waitFor();
    await assertAccessible(page);

    await page.getByRole('button', { name: 'Bad answer' }).click();
    await page.getByLabel('Comment').fill('Not what was meant');
    await page.getByRole('button', { name: 'Send feedback' }).click();
    // In the list of what was said: the field that it was written in has the same text.
    await page.getByRole('listitem').filter({ hasText: 'Not what was meant' }).waitFor();
    const { feedback } = await lab.gateway.trace(id);
    assert.deepEqual(
      feedback.map(({ thumb, comment }) => [thumb, comment]),
      [['down', 'Not what was meant']],
    );
  });

  test('every API is read as a conversation', async (t) => {
    const sent: readonly (readonly [string, object, RegExp])[] = [
      [
        '/v1/messages',
        { model: 'claude', max_tokens: 50, system: 'Be brief.', messages: [{ role: 'user', content: 'Tides?' }] },
        /Tides\?/,
      ],
      ['/v1/responses', { model: 'claude', instructions: 'Be kind.', input: 'Moons?' }, /Moons\?/],
      ['/v1beta/models/claude:generateContent', { contents: [{ role: 'user', parts: [{ text: 'Suns?' }] }] }, /Suns\?/],
    ];
    for (const [path, body, said] of sent) {
      const id = await send(lab.gateway, path, body);
      const page = await lab.open(t, `/requests/${id}`);
      await page.getByRole('article').filter({ hasText: said }).filter({ hasText: 'User' }).waitFor();
      await page.getByRole('article').filter({ hasText: 'Assistant' }).waitFor();
    }
  });

  test('two traces are compared; a conversation is one thread', async (t) => {
    const conversation = { 'x-causeway-conversation': 'thread-2' };
    const first = await send(lab.gateway, '/v1/chat/completions', chat('How long are returns?'), conversation);
    const second = await send(lab.gateway, '/v1/chat/completions', chat('How long are refunds?'), conversation);
    const page = await lab.open(t, `/requests/${first}`);
    await page.getByRole('button', { name: 'Compare with' }).click();
    await page.getByLabel('Trace id of the other request').fill(second);
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.locator('mark', { hasText: 'refunds' }).first().waitFor();
    await assertAccessible(page);

    await page.goto(`${lab.gateway.url}/console/conversations`);
    await page.getByText('thread-2').click();
    await page.getByRole('heading', { name: 'thread-2' }).waitFor();
    await page.getByText('How long are returns?').first().waitFor();
    await page.getByText('How long are refunds?').first().waitFor();
    await assertAccessible(page);
  });

  test('of a conversation that several projects have, one is chosen', async (t) => {
    for (const project of ['north', 'south']) {
      const authorization = `Bearer ${await lab.gateway.makeKey({ project })}`;
      const headers = { authorization, 'x-causeway-conversation': 'thread-3' };
      const id = await send(lab.gateway, '/v1/chat/completions', chat(`Asked by ${project}`), headers);
      await lab.gateway.trace(id);
    }
    const page = await lab.open(t, '/conversations/thread-3', { expected: [/^400 GET .*conversations/] });
    await page.getByRole('heading', { level: 1, name: 'thread-3' }).waitFor();
    await page.getByLabel('Project').selectOption('south');
    await page.getByText('Asked by south').first().waitFor();
    assert.equal(await page.getByText('Asked by north').count(), 0);
  });

  test('what is not there is said', async (t) => {
    const page = await lab.open(t, `/requests/${'0'.repeat(32)}`, { expected: [/^404 GET .*traces/] });
    await page.getByText('There is no such request').waitFor();
  });
});
