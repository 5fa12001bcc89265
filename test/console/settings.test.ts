import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { beforeEach, describe, test } from 'node:test';

import type { Page } from 'playwright-core';

import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { LAB, useConsole } from './support/console-lab.ts';
import { makeOperator } from './support/operators.ts';
import { ask } from './support/seed.ts';

const SECRET = 'sk-of-the-file-0123456789abcdef';
const CONFIG = `${LAB.replace('} }\n', `}, own: { type: openai, apiKey: ${SECRET} } }\n`)}
models:
  chat: { target: lab/small }
`;

/** Types at the end of the file, as somebody would. */
async function append(page: Page, text: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'Text of the configuration file' });
  await editor.click();
  await page.keyboard.press('Control+End');
  // In one piece: an editor that helps with indents is not what is tested.
  await page.keyboard.insertText(text);
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review and save' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save and put in force' }).click();
}

describe('the configuration in the console', { skip: noChromium }, () => {
  const lab = useConsole({ config: CONFIG });
  beforeEach(() => {
    lab.gateway.writeConfig(CONFIG);
    lab.gateway.reload();
  });
  const file = (): string => readFileSync(lab.gateway.configPath, 'utf8');
  const config = async (): Promise<{ text: string; version: string }> => {
    const { text, version } = (await lab.gateway.admin('/config')).json;
    assert.ok(typeof text === 'string' && typeof version === 'string');
    return { text, version };
  };

  test('a mistake is shown at its place and cannot be saved; nothing changes', async (t) => {
    const page = await lab.open(t, '/settings');
    const before = file();
    await append(page, '  broken: { targt: lab/small }\n');
    const line = before.split('\n').length;
    await page
      .getByRole('button', { name: `Line ${line}, column` })
      .first()
      .waitFor();
    await page
      .getByText(/did you mean "target"\?/)
      .first()
      .waitFor();
    await page.locator('.cm-lint-marker-error').first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Review and save' }).isDisabled(), true);
    await assertAccessible(page);
    // The API refuses it as well.
    const now = await config();
    const text = `${now.text}  broken: { targt: lab/small }\n`;
    const refused = await lab.gateway.admin('/config', {
      method: 'PUT',
      body: { text, version: now.version },
    });
    assert.equal(refused.status, 400);
    assert.equal(file(), before);
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByText('As saved').waitFor();
  });

  test('a new model answers as soon as it is saved; secrets are not shown and stay', async (t) => {
    const page = await lab.open(t, '/settings');
    await page.locator('.cm-secret').waitFor();
    assert.ok(!(await page.content()).includes(SECRET), 'the secret is not shown');
    await append(page, '  fresh: { target: lab/echo }\n');
    await page.getByText('No mistakes').waitFor();
    await page.getByRole('button', { name: 'Review and save' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('models.fresh.target').waitFor();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Save and put in force' }).click();
    await dialog.waitFor({ state: 'detached' });
    const answered = await ask(lab.gateway, { key: lab.gateway.apiKey, model: 'fresh', text: 'Hello' });
    assert.equal(answered.status, 200, answered.answer);
    assert.match(file(), /fresh: \{ target: lab\/echo \}/);
    assert.ok(file().includes(SECRET), 'the secret stays in the file');
    await page.getByText('As saved').waitFor();
  });

  test('what waits for a restart is said before and after it is saved', async (t) => {
    const page = await lab.open(t, '/settings');
    await append(page, 'server: { host: 127.0.0.1, bodyLimit: 9MB }\n');
    await page.getByText('after a restart').first().waitFor();
    await save(page);
    await page.getByText(/next start of the gateway/).waitFor();
  });

  test('somebody else saves in between: nothing is overwritten unseen', async (t) => {
    const page = await lab.open(t, '/settings', { expected: [/^409 PUT .*config/] });
    await append(page, '  mine: { target: lab/echo }\n');
    await page.getByText('No mistakes').waitFor();
    await page.getByRole('button', { name: 'Review and save' }).click();
    const now = await config();
    const text = `${now.text}# theirs\n`;
    const theirs = await lab.gateway.admin('/config', {
      method: 'PUT',
      body: { text, version: now.version },
    });
    assert.equal(theirs.status, 200, theirs.text);
    const button = page.getByRole('dialog').getByRole('button', { name: 'Save and put in force' });
    // Live updates may have told of it before the button is pressed.
    if (await button.isEnabled()) await button.click();
    await page.keyboard.press('Escape');
    await page.getByText(/Somebody else saved the file/).waitFor();
    assert.match(file(), /# theirs\n$/);
    await page.getByRole('button', { name: 'Drop mine, show theirs' }).click();
    await page.getByText('As saved').waitFor();
    await page.getByText('# theirs').waitFor();
  });

  test('whoever leaves with something unsaved is asked', async (t) => {
    const page = await lab.open(t, '/settings');
    await append(page, '# not saved\n');
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('# not saved').waitFor();
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByText('All is well').waitFor();
  });

  test('what is in force is found, with its origin, and leads to its line', async (t) => {
    const page = await lab.open(t, '/settings?view=effective');
    await page.getByLabel('Search').fill('models.chat.target');
    const row = page.getByRole('row').filter({ hasText: 'models.chat.target' });
    await row.getByText('lab/small').waitFor();
    await assertAccessible(page);
    const at =
      file()
        .split('\n')
        .findIndex((line) => line.includes('chat: {')) + 1;
    await row.getByRole('button', { name: `line ${at}` }).click();
    await page.locator('.cm-activeLine', { hasText: 'chat: { target' }).waitFor();
  });

  test('a file that may not be written is shown, and why', { skip: process.getuid?.() === 0 }, async (t) => {
    chmodSync(lab.gateway.configPath, 0o444);
    t.after(() => chmodSync(lab.gateway.configPath, 0o644));
    const page = await lab.open(t, '/settings');
    await page.getByText('This file can only be read here.').waitFor();
  });

  test('an editor is told that this is for admins', async (t) => {
    const { key } = await makeOperator(lab.gateway, { name: 'Ed', role: 'editor' });
    const page = await lab.open(t, '/settings', { key });
    await page.getByText('This needs the role admin.').waitFor();
  });
});

describe('health in the console', { skip: noChromium }, () => {
  const lab = useConsole({ config: CONFIG });

  test('each part is there with its state, and what went wrong comes first, with what to do', async (t) => {
    const page = await lab.open(t, '/settings/health');
    await page.getByRole('region', { name: 'Database' }).getByText('embedded', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Redis' }).getByText('not configured').waitFor();
    await page.getByRole('table', { name: 'Providers' }).getByText('…cdef').waitFor();
    await assertAccessible(page);
    lab.gateway.writeConfig('models: { chat: { targt: lab/small } }\n');
    lab.gateway.reload();
    await page.getByText('Something is not well').waitFor();
    const config = page.getByRole('region', { name: 'Configuration' });
    await config.getByText('not well', { exact: true }).waitFor();
    await config.getByText(/models\.chat/).waitFor();
    await assertAccessible(page);
    lab.gateway.writeConfig(CONFIG);
    lab.gateway.reload();
  });

  test('a narrow screen is never wider than itself, in either language', async (t) => {
    for (const language of ['en', 'zh'] as const) {
      for (const path of ['/settings', '/settings?view=effective', '/settings/health']) {
        const page = await lab.open(t, path, { width: 390, language, theme: 'dark' });
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wider <= 0, `${path} is ${wider} px too wide`);
        await assertAccessible(page);
      }
    }
  });
});
