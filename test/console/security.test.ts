import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import type { Page } from 'playwright-core';

import type { Gateway } from '../support/gateway.ts';
import { noChromium } from './support/browser.ts';
import { LAB, settled, useConsole } from './support/console-lab.ts';
import { makeOperator } from './support/operators.ts';
import { type Things, addressOf, pagePaths } from './support/pages.ts';
import { ask } from './support/seed.ts';

/** Each leaves an element or sets a mark where it is taken for anything but text. */
const ATTACKS = [
  '<script data-xss>window.__xss=1</script>',
  '<img data-xss src=x onerror=window.__xss=1>',
  '"><svg data-xss onload=window.__xss=1>',
  '<iframe data-xss srcdoc="<script>parent.__xss=1</script>"></iframe>',
  '<a data-xss href="javascript:window.__xss=1">click</a>',
  '[click](javascript:window.__xss=1) ![x](javascript:window.__xss=1)',
  "'-window.__xss=1-'",
  '{{constructor.constructor("window.__xss=1")()}}',
  '</title></textarea></style><b data-xss>bold</b>',
];
const MARKDOWN_ALL = ATTACKS.join('\n\n');
const SHORT = ATTACKS[1] ?? '';

const CONFIG = `${LAB}
models:
  echo: { target: lab/echo }
  careful: { target: lab/echo, guards: house }
records: { bodies: full }
guards:
  house: { keywords: { lists: { ours: { words: [purple elephant] } }, input: review, output: off } }
`;

/** The texts of the attacks wherever a client or an operator may write something. */
async function plant(gateway: Gateway): Promise<Things> {
  const { admin } = gateway;
  const key = await gateway.makeKey({ project: SHORT, user: ATTACKS[2] ?? '' });
  const headers = {
    'x-causeway-conversation': 'conversation-0',
    'x-causeway-metadata': JSON.stringify({ feature: SHORT, other: ATTACKS[4] ?? '' }),
  };
  const traces = [];
  for (const text of [MARKDOWN_ALL, ...ATTACKS]) {
    traces.push(await ask(gateway, { key, model: 'echo', text, headers, body: { user: SHORT } }));
  }
  traces.push(await ask(gateway, { key, model: SHORT, text: 'a model of that name' }));
  const { answer } = await ask(gateway, { key, model: 'careful', text: `purple elephant ${MARKDOWN_ALL}` });
  const [traceId = '', otherTraceId = ''] = traces.map(({ id }) => id);
  await gateway.trace(traces.at(-1)?.id);
  await makeOperator(gateway, { name: SHORT, role: 'viewer', projects: [SHORT] });
  const budget = { per: 'project', id: SHORT, usd: 1, period: 'day' };
  await admin(`/budgets/${encodeURIComponent('<b data-xss>budget')}`, { method: 'PUT', body: budget });
  await admin('/blocks', {
    method: 'POST',
    body: { kind: 'user', subject: SHORT, project: SHORT, reason: MARKDOWN_ALL },
  });
  await fetch(`${gateway.url}/v1/feedback`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ trace_id: traceId, thumb: 'down', comment: SHORT, tags: ['<b data-xss>'] }),
  });
  return { traceId, otherTraceId, reviewId: /rev_[\da-f]{24}/.exec(answer)?.[0] ?? '' };
}

async function assertOnlyText(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    ran: '__xss' in globalThis,
    elements: document.querySelectorAll('[data-xss], main iframe, main script').length,
    links: document.querySelectorAll('a[href^="javascript:" i]').length,
  }));
  assert.deepEqual(found, { ran: false, elements: 0, links: 0 });
}

describe('what clients write is text on every page', { skip: noChromium }, () => {
  let things: Things;
  const lab = useConsole({
    config: CONFIG,
    env: { CAUSEWAY_MASTER_KEY: 'a master key of the tests' },
    prepare: async (gateway) => {
      things = await plant(gateway);
    },
  });

  test('as it is opened', async (t) => {
    // A rollout of this name is not there.
    const page = await lab.open(t, '/settings/operators', { expected: [/^404 GET .*(?:canaries|budgets)/] });
    for (const path of pagePaths()) {
      await t.test(path, async () => {
        await page.goto(`/console${addressOf(path, things)}`);
        await settled(page);
        await assertOnlyText(page);
      });
    }
  });

  test('in the trace, where the attacks are to be read', async (t) => {
    const page = await lab.open(t, `/requests/${things.traceId}`);
    await page.locator('main').getByText('<script data-xss>window.__xss=1</script>').first().waitFor();
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await assertOnlyText(page);
    }
  });
});

interface Operations {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What the description of the API says is there, with something in place of each parameter. */
async function operations(gateway: Gateway): Promise<(readonly [method: string, path: string])[]> {
  const { paths } = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as Operations;
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/admin/v1/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x')] as const),
    );
}

function pageSources(): (readonly [file: string, text: string])[] {
  const folder = new URL('../../console/src/', import.meta.url);
  const files = globSync('**/*.{ts,tsx}', { cwd: folder });
  return files.map((file) => [file, readFileSync(new URL(file, folder), 'utf8')] as const);
}

describe('nobody who is not signed in sees anything', { skip: noChromium }, () => {
  const lab = useConsole();

  test('of the admin API', async () => {
    const { gateway } = lab;
    const asked = (await operations(gateway)).filter(([, path]) => !/\/session(?:\/|$)/.test(path));
    assert.ok(asked.length > 50, 'there are many of them');
    for (const [method, path] of asked) {
      const body = method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } };
      const { status } = await fetch(gateway.url + path, { method, ...body });
      assert.equal(status, 401, `${method} ${path}`);
    }
  });

  test('of any page: each is the one to sign in at', async (t) => {
    const page = await lab.open(t, '/', { key: null });
    const answered: string[] = [];
    page.on('response', (response) => {
      const isData = response.url().includes('/admin/') && !response.url().endsWith('/session/ways');
      if (isData && response.ok()) answered.push(response.url());
    });
    for (const path of ['/', '/requests', '/keys', '/settings/audit', '/safety/reviews']) {
      await page.goto(`/console${path}`);
      await page.locator('input[name=key]').waitFor();
    }
    assert.deepEqual(answered, []);
  });

  test('the session is in a cookie that no script reads, and the page allows scripts of its own files alone', async (t) => {
    const page = await lab.open(t, '/settings/operators');
    const [cookie, ...others] = await page.context().cookies();
    assert.deepEqual(others, []);
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.path], [true, 'Strict', '/']);
    assert.equal(await page.evaluate(() => document.cookie), '');

    const { headers } = await fetch(`${lab.gateway.url}/console/requests`);
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split(';').map((part) => {
        const [name = '', ...values] = part.trim().split(' ');
        return [name, values] as const;
      }),
    );
    assert.deepEqual(policy.get('default-src'), ["'none'"]);
    assert.deepEqual(policy.get('script-src'), ["'self'"]);
    assert.deepEqual(policy.get('frame-ancestors'), ["'none'"]);
    assert.ok(!policy.get('style-src')?.includes("'unsafe-inline'"));
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
  });

  test('nothing in the sources writes markup of a text', () => {
    const sources = pageSources();
    assert.ok(sources.length > 50);
    const found = sources.filter(([, text]) =>
      /dangerouslySetInnerHTML|\.innerHTML\s*=|insertAdjacentHTML|document\.write/.test(text),
    );
    assert.deepEqual(
      found.map(([file]) => file),
      [],
    );
  });
});
