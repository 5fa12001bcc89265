import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Page } from 'playwright-core';

import { texts as chinese } from '../../console/src/i18n/zh/all.ts';
import { texts as english } from '../../console/src/i18n/en/all.ts';
import { assertAccessible } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { type Language, type Theme, settled, useConsole } from './support/console-lab.ts';
import { type Things, addressOf, nameOf, pagePaths } from './support/pages.ts';
import { takeScreenshot } from './support/screenshots.ts';
import { SEED_CONFIG, SEED_ENV, seed } from './support/seed.ts';

interface Look {
  readonly theme: Theme;
  readonly language: Language;
  readonly width: number;
}

/** Each theme, language and width, and each of them with the others. */
const LOOKS: readonly Look[] = [
  { theme: 'light', language: 'en', width: 1440 },
  { theme: 'dark', language: 'zh', width: 1440 },
  { theme: 'light', language: 'zh', width: 390 },
  { theme: 'dark', language: 'en', width: 390 },
];
const NARROWEST_DESKTOP = 1280;

/** Texts whose keys are no words that a page could show by itself. */
const KEYS = new Set(
  [english, chinese]
    .flatMap((texts) => Object.values(texts).flatMap((part) => Object.keys(part)))
    .filter((key) => /[a-z][A-Z]/.test(key)),
);

async function assertFits(page: Page): Promise<void> {
  const over = await page.evaluate(() => {
    const elements = [document.documentElement, ...document.querySelectorAll('main, main > div')];
    return elements
      .filter((one) => one.scrollWidth > one.clientWidth + 1)
      .map((one) => `${one.tagName} ${one.scrollWidth}`);
  });
  assert.deepEqual(over, [], 'the page is wider than the window');
}

async function assertTranslated(page: Page): Promise<void> {
  const shown = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) {
      const isCode = walker.currentNode.parentElement?.closest('pre, code, .font-mono, .cm-content') !== null;
      if (!isCode) found.push(walker.currentNode.textContent?.trim() ?? '');
    }
    return found;
  });
  assert.deepEqual(
    shown.filter((text) => KEYS.has(text)),
    [],
    'texts that nobody wrote',
  );
}

describe('every page of the console', { skip: noChromium }, () => {
  let things: Things;
  const lab = useConsole({
    config: SEED_CONFIG,
    env: SEED_ENV,
    prepare: async (gateway) => {
      things = await seed(gateway);
    },
  });

  for (const look of LOOKS) {
    const { theme, language, width } = look;
    test(`in ${theme}, ${language}, ${width} px`, async (t) => {
      const page = await lab.open(t, '/settings/operators', look);
      for (const path of pagePaths()) {
        await t.test(path, async () => {
          await page.goto(`/console${addressOf(path, things)}`);
          await settled(page);
          await takeScreenshot(page, { name: nameOf(path), ...look });
          await assertFits(page);
          await assertTranslated(page);
          await assertAccessible(page);
          assert.equal(await page.locator('main h1').count(), 1, 'one title');
          page.faults.check();
        });
        page.faults.forget();
      }
    });
  }

  test(`fits ${NARROWEST_DESKTOP} px`, async (t) => {
    const page = await lab.open(t, '/settings/operators', { width: NARROWEST_DESKTOP });
    for (const path of pagePaths()) {
      await page.goto(`/console${addressOf(path, things)}`);
      await settled(page);
      await t.test(path, () => assertFits(page));
    }
  });
});

describe('pages of a fresh install', { skip: noChromium }, () => {
  const lab = useConsole();

  test('say what belongs there', async (t) => {
    const look = { theme: 'light', language: 'en', width: 1440 } as const;
    const page = await lab.open(t, '/settings/operators', look);
    for (const path of pagePaths().filter((one) => !one.includes('$') && !one.includes('compare'))) {
      await t.test(path, async () => {
        await page.goto(`/console${path}`);
        await settled(page);
        await takeScreenshot(page, { name: `${nameOf(path)}-fresh`, ...look });
        await assertFits(page);
        await assertAccessible(page);
        page.faults.check();
      });
      page.faults.forget();
    }
  });
});
