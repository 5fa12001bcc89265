import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ruleOf } from '../../src/operators/roles/rules.ts';
import type { Gateway } from '../support/gateway.ts';
import { noChromium } from './support/browser.ts';
import { LAB, settled, useConsole } from './support/console-lab.ts';
import { askAs, makeOperator } from './support/operators.ts';
import { type Things, addressOf, pagePaths } from './support/pages.ts';
import { SEED_CONFIG, SEED_ENV, ask, seed } from './support/seed.ts';

/** Words on buttons that change something in the gateway. */
const CHANGES =
  /^(?:new|create|add|delete|remove|revoke|purge|approve|reject|edit|save|promote|roll ?back|advance|pause|resume|restart|reset|block|lift|end|rotate|apply the)\b/i;
/** Of the reader's own browser. */
const OWN = /filter|view|column|comparison/i;

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

describe('a viewer changes nothing', { skip: noChromium }, () => {
  let things: Things;
  const lab = useConsole({
    config: SEED_CONFIG,
    env: SEED_ENV,
    prepare: async (gateway) => {
      things = await seed(gateway);
    },
  });

  test('on any page', async (t) => {
    const { key } = await makeOperator(lab.gateway, { name: 'Vera', role: 'viewer' });
    const page = await lab.open(t, '/settings/operators', { key, expected: [/^403 GET /] });
    const sent: string[] = [];
    page.on('request', (request) => {
      const isChange = !['GET', 'HEAD'].includes(request.method());
      if (isChange && /\/(?:admin|v1)\//.test(request.url())) sent.push(`${request.method()} ${request.url()}`);
    });
    for (const path of pagePaths()) {
      await t.test(path, async () => {
        await page.goto(`/console${addressOf(path, things)}`);
        await settled(page);
        const buttons = await page.locator('main button:enabled').all();
        const names = await Promise.all(
          buttons.map(async (button) => (await button.getAttribute('aria-label')) ?? (await button.innerText())),
        );
        assert.deepEqual(
          names.filter((name) => CHANGES.test(name.trim()) && !OWN.test(name)),
          [],
        );
      });
    }
    assert.deepEqual(
      sent.filter((line) => !/prices\/compare|estimate|explain|preview|validate|guards\/try/.test(line)),
      [],
    );
  });

  test('by the API', async () => {
    const { key } = await makeOperator(lab.gateway, { name: 'Victor', role: 'viewer' });
    const { paths } = (await (await fetch(`${lab.gateway.url}/openapi.json`)).json()) as Described;
    let refused = 0;
    for (const [path, methods] of Object.entries(paths).filter(([one]) => one.startsWith('/admin/v1/'))) {
      for (const method of Object.keys(methods).map((name) => name.toUpperCase())) {
        const rule = ruleOf(method, path.replaceAll(/\{(\w+)\}/g, ':$1'));
        if (method === 'GET' || rule.asks || /\/session(?:\/|$)/.test(path)) continue;
        const { status, text } = await askAs(
          lab.gateway,
          key,
          path.slice('/admin/v1'.length).replaceAll(/\{\w+\}/g, 'x'),
          {
            method,
            body: {},
          },
        );
        assert.equal(status, 403, `${method} ${path}: ${text}`);
        refused += 1;
      }
    }
    assert.ok(refused > 30, `${refused} were refused`);
  });
});

const THEIRS = 'hidden-harbour';
const OWN_PROJECT = 'open-orchard';

/** A page may ask for what is not of one project. */
const REFUSED = [/^40[034] GET /, /^403 POST .*\/(?:prices\/compare|estimate|explain|preview|try)$/];

/** The same of two projects, each with its name in all its texts. */
async function twoProjects(gateway: Gateway): Promise<Things> {
  const ids: Record<string, string> = {};
  for (const project of [THEIRS, OWN_PROJECT]) {
    const key = await gateway.makeKey({ project, user: `user-of-${project}` });
    const headers = {
      'x-causeway-conversation': `conversation-of-${project}`,
      'x-causeway-metadata': JSON.stringify({ team: `team-of-${project}` }),
    };
    const { id } = await ask(gateway, { key, model: 'echo', text: `A question of ${project}`, headers });
    await gateway.trace(id);
    ids[project] = id;
    await gateway.admin(`/budgets/${project}`, {
      method: 'PUT',
      body: { per: 'project', id: project, usd: 5, period: 'day' },
    });
  }
  return { traceId: ids[OWN_PROJECT] ?? '', otherTraceId: ids[THEIRS] ?? '', reviewId: 'rev_000000000000000000000000' };
}

describe('a viewer of one project', { skip: noChromium }, () => {
  let things: Things;
  const lab = useConsole({
    config: `${LAB}models: { echo: { target: lab/echo } }\n`,
    prepare: async (gateway) => {
      things = await twoProjects(gateway);
    },
  });

  test('sees nothing of the others on any page', async (t) => {
    const operator = { name: 'Olive', role: 'viewer', projects: [OWN_PROJECT] } as const;
    const { key } = await makeOperator(lab.gateway, operator);
    const page = await lab.open(t, '/requests', { key, expected: REFUSED });
    await page.getByText(`user-of-${OWN_PROJECT}`).first().waitFor();
    const addresses = pagePaths()
      .filter((path) => path !== '/requests/compare')
      .map((path) => addressOf(path, things));
    for (const address of [
      ...addresses,
      `/requests/${things.otherTraceId}`,
      `/conversations/conversation-of-${THEIRS}`,
    ]) {
      await t.test(address, async () => {
        await page.goto(`/console${address}`);
        await settled(page);
        const text = (await page.locator('main').innerText()).replaceAll(`conversation-of-${THEIRS}`, '');
        assert.ok(!text.includes(THEIRS), text);
      });
    }
  });

  test('is told what is of the whole gateway, and nothing is asked for it', async (t) => {
    const operator = { name: 'Otto', role: 'viewer', projects: [OWN_PROJECT] } as const;
    const { key } = await makeOperator(lab.gateway, operator);
    const page = await lab.open(t, '/requests', { key, expected: REFUSED });
    const menu = page.getByRole('navigation', { name: 'Menu' });
    await menu.getByRole('link', { name: 'Requests' }).waitFor();
    assert.equal(await menu.getByRole('link', { name: /^(?:Models|Rollouts|Cache|Alerts)$/ }).count(), 0);
    const refused: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 403) refused.push(response.url());
    });
    for (const address of ['/models', '/models/echo', '/rollouts', '/cache', '/cache/prompts', '/keys/limits']) {
      await page.goto(`/console${address}`);
      await page.getByText('This is about the whole gateway').waitFor();
    }
    assert.deepEqual(refused, []);
  });
});
