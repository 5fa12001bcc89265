import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import OpenAI from 'openai';

import type { CallRecord } from '../../src/records/journal/record.ts';
import { seededRandom } from '../../src/models/simulator/random.ts';
import { toTraceRow } from '../../src/records/traces/trace-row.ts';
import { insertTraces } from '../../src/records/traces/trace-store.ts';
import { openDatabase } from '../../src/storage/database/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { makeAttemptRecord, makeRecord } from '../support/make-record.ts';
import { copyPreparedDatabase } from '../support/prepared-database.ts';
import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { LAB, settled, useConsole } from './support/console-lab.ts';
import { takeScreenshot } from './support/screenshots.ts';

describe('the overview', { skip: noChromium }, () => {
  const lab = useConsole();

  test('leads a fresh gateway to its first request, and fills without a reload', async (t) => {
    const page = await lab.open(t, '/');
    await page.getByRole('heading', { name: 'Send the first request' }).waitFor();
    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = await page.getByText(/^cw-/).first().textContent();
    assert.ok(key);
    assert.match((await page.locator('pre').last().textContent()) ?? '', /"model":"chat"/);

    const client = new OpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: key });
    await client.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: 'Hello' }] });

    await page.getByRole('heading', { name: 'What changed' }).waitFor();
    await page.locator('section', { hasText: 'Those that are asked most' }).getByText('chat').waitFor();
    await settled(page);
    await takeScreenshot(page, { name: 'overview-first', theme: 'light', language: 'en', width: 1440 });
  });

  test('shows what happened, in Chinese too, and leads from an error to its requests', async (t) => {
    const client = new OpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: lab.gateway.apiKey, maxRetries: 0 });
    for (let sent = 0; sent < 5; sent += 1) {
      await client.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: `Hello ${sent}` }] });
    }
    await assert.rejects(
      client.chat.completions.create({ model: 'nobody-has-this', messages: [{ role: 'user', content: 'Hello' }] }),
    );
    const page = await lab.open(t, '/?range=1h', { language: 'zh' });
    await page.getByRole('heading', { name: '概览' }).waitFor();
    await page.getByRole('link', { name: 'model_not_found' }).first().click();
    await page.waitForURL(/\/console\/requests\?error_code=model_not_found/);
  });
});

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Of this week thrice as much as of the one before, and a little that is nearly too old. */
function history(now: number): CallRecord[] {
  const direct = {
    virtualModel: undefined,
    requestModel: 'lab/large-preview-2026-01',
    target: 'lab/large-preview-2026-01',
  };
  const failure = {
    status: 'failed',
    error: { code: 'provider_overloaded', message: 'm', origin: 'provider' },
    attempts: [makeAttemptRecord({ target: 'lab/small', outcome: 'failed', errorCode: 'provider_overloaded' })],
  } as const;
  const kinds: readonly Partial<CallRecord>[] = [
    { project: 'support', cache: 'miss', latencyMs: 900, ttftMs: 180 },
    { project: 'support', cache: 'exact', attempts: [], costNanoUsd: 0, latencyMs: 3 },
    { project: 'shop', virtualModel: 'echo', latencyMs: 2400, ttftMs: 400 },
    { project: 'shop', ...direct, costNanoUsd: 41_000_000 },
    { project: 'a-project-with-quite-a-long-name', ...failure },
  ];
  const random = seededRandom(3);
  const ofWeek = (days: number, count: number) =>
    Array.from({ length: count }, (_, at) => {
      const kind = kinds[at % kinds.length];
      const [slow, ttftMs] = [0.5 + random() ** 2 * 2, kind?.ttftMs];
      return makeRecord({
        startedAt: now - days * DAY_MS - Math.floor(((at + random()) / count) * 6.8 * DAY_MS),
        ...kind,
        latencyMs: (kind?.latencyMs ?? 700) * slow,
        ttftMs: ttftMs === undefined ? undefined : ttftMs * slow,
      });
    });
  return [...ofWeek(0.05, 3000), ...ofWeek(7.05, 1000), makeRecord({ startedAt: now - 99 * DAY_MS })];
}

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

async function remember(dataDir: string): Promise<void> {
  copyPreparedDatabase(dataDir);
  const database = await openDatabase({ dataDir, url: undefined, log: SILENT });
  await migrate(database);
  const rows = history(Date.now()).map((record) =>
    toTraceRow({ record, input: undefined, output: undefined, textsDropped: false }),
  );
  await insertTraces(database.pool, rows);
  await database.close();
}

describe('the overview of a gateway with a past', { skip: noChromium }, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-overview-'));
  before(() => remember(dataDir));
  const lab = useConsole({
    config: `${LAB}models: { chat: { target: lab/small }, echo: { target: lab/echo } }\n`,
    env: { CAUSEWAY_DATA_DIR: dataDir },
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  test('compares a week with the week before and a day with a day before, in words', async (t) => {
    const page = await lab.open(t, '/?range=7d');
    await page.getByText('+200% against the 7 days before').first().waitFor();
    await page.getByText('Against the 7 days before, by more than chance').waitFor();
    await page.getByText('requests 200 → 600').first().waitFor();
    await page.goto('/console/?range=24h');
    await page.getByText('Against the same hours a day before').waitFor();
    assert.equal(await page.getByText('7 days before').count(), 0);
    const chinese = await lab.open(t, '/?range=7d', { language: 'zh' });
    await chinese.getByText('较前 7 天 +200%').first().waitFor();
    await chinese.getByText('与前 7 天相比').waitFor();
  });

  test('says what is no longer kept', async (t) => {
    const page = await lab.open(t, `/?since=${daysAgo(110)}&until=${daysAgo(90)}`);
    await page.getByText(/^Figures are kept for 100 days: these begin at /).waitFor();
    await page.getByText('the time before is no longer kept').first().waitFor();
    await page.getByText('there is nothing to compare with').waitFor();
    const old = await lab.open(t, `/?since=${daysAgo(130)}&until=${daysAgo(120)}`, { expected: [/^400 /] });
    await old.getByText(/kept for 100 days.*Ask for a later time/).waitFor();
  });

  test('shows models at a glance, each leading to its requests of the same time', async (t) => {
    const client = new OpenAI({ baseURL: `${lab.gateway.url}/v1`, apiKey: lab.gateway.apiKey });
    await client.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: 'Hello' }] });
    const page = await lab.open(t, '/?range=7d');
    const models = page.getByRole('table', { name: 'Models at a glance' });
    await models.getByRole('row', { name: /^chat 1,80\d 33.* healthy$/ }).waitFor();
    await models.getByRole('row', { name: /^echo 600 0% .* not asked$/ }).waitFor();
    await models.getByRole('link', { name: 'lab/large-preview-2026-01' }).click();
    await page.waitForURL(/requests\?model=lab.*&range=7d/);
    await page
      .getByRole('row', { name: /lab\/large/ })
      .first()
      .waitFor();
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const language of ['en', 'zh'] as const) {
      for (const width of [390, 1280]) {
        test(`fits and can be read in ${theme}, ${language}, ${width} px`, async (t) => {
          const page = await lab.open(t, '/?range=7d', { theme, language, width });
          await page.getByRole('table').first().waitFor();
          await settled(page);
          const { scrolled, seen } = await page.evaluate(() => {
            const main = document.querySelector('main');
            return { scrolled: main?.scrollWidth ?? 0, seen: main?.clientWidth ?? 0 };
          });
          assert.ok(scrolled <= seen + 1, `${scrolled} px in ${seen}`);
          const height = await page.evaluate(() => document.querySelector('main')?.scrollHeight ?? 0);
          await page.setViewportSize({ width, height: height + 80 });
          await settled(page);
          await takeScreenshot(page, { name: 'overview-past', theme, language, width });
          await assertAccessible(page);
        });
      }
    }
  }
});
