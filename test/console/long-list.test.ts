import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { RecordMaker } from '../../bench/record-maker.ts';
import { toTraceRow } from '../../src/records/traces/trace-row.ts';
import { KnownThere, insertTraces } from '../../src/records/traces/trace-store.ts';
import { openDatabase } from '../../src/storage/database/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { copyPreparedDatabase } from '../support/prepared-database.ts';
import { noChromium } from './support/browser.ts';
import { LAB, useConsole } from './support/console-lab.ts';

const TRACES = 100_000;
const BATCH = 1000;
const HOURS = 20;
/** Far more than fit on the screen, and far fewer than there are. */
const MOST_DRAWN = 150;
const DEEP = 10_000;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Evenly over the last hours, without texts. */
async function fill(dataDir: string): Promise<void> {
  copyPreparedDatabase(dataDir);
  const database = await openDatabase({ dataDir, url: undefined, log: SILENT });
  await migrate(database);
  const maker = new RecordMaker({
    lines: [
      { atMs: 0, inputTokens: 800, outputTokens: 120 },
      { atMs: 1, inputTokens: 90, outputTokens: 400 },
    ],
    seed: 1,
    policy: { bodies: 'none', sample: 1, retentionClass: '', search: false },
    bytesPerToken: 0,
    maxTextBytes: 0,
  });
  const until = Date.now() - 60_000;
  const stepMs = (HOURS * 3_600_000) / TRACES;
  const known = new KnownThere();
  for (let made = 0; made < TRACES; made += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, at) => {
      const { record } = maker.next(Math.floor(until - (TRACES - made - at) * stepMs));
      return toTraceRow({ record, input: undefined, output: undefined, textsDropped: false });
    });
    await insertTraces(database.pool, rows, known);
  }
  await database.close();
}

describe('a hundred thousand requests', { skip: noChromium }, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-long-list-'));
  before(() => fill(dataDir));
  const lab = useConsole({
    config: `${LAB}models: { chat: { target: lab/small } }\n`,
    env: { CAUSEWAY_DATA_DIR: dataDir },
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  test('are scrolled through with no more than a screenful drawn', async (t) => {
    const page = await lab.open(t, '/requests');
    const list = page.getByRole('table').last();
    await list.getByRole('row').nth(5).waitFor();
    const state = () =>
      list.evaluate((table) => {
        const rows = [...table.querySelectorAll('[role=row]:not([aria-busy])')];
        return {
          drawn: table.querySelectorAll('[role=row]').length,
          last: Number(rows.at(-1)?.getAttribute('aria-rowindex')),
        };
      });
    let most = 0;
    let reached = 0;
    const startedAt = performance.now();
    while (reached < DEEP) {
      const seen = reached;
      await list.evaluate((table) => table.scrollTo({ top: table.scrollHeight }));
      await page.waitForFunction(
        ([element, known]) => {
          const rows = element?.querySelectorAll('[role=row]:not([aria-busy])') ?? [];
          return Number(rows[rows.length - 1]?.getAttribute('aria-rowindex')) > known;
        },
        [await list.elementHandle(), seen] as const,
      );
      const { drawn, last } = await state();
      most = Math.max(most, drawn);
      reached = last;
    }
    t.diagnostic(`row ${reached} after ${Math.round(performance.now() - startedAt)} ms, at most ${most} rows drawn`);
    assert.ok(most > 10 && most < MOST_DRAWN, `${most} rows were drawn`);

    await list.evaluate((table) => table.scrollTo({ top: 0 }));
    await page.waitForFunction(
      (element) => element?.querySelector('[role=row][aria-rowindex="2"]:not([aria-busy])') !== null,
      await list.elementHandle(),
    );
    assert.ok((await state()).drawn < MOST_DRAWN);
  });
});
