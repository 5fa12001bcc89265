import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import type { Language, Theme } from './console-lab.ts';

/** Not committed; for people to look at. */
const FOLDER = join(import.meta.dirname, '../screenshots');

export interface Shot {
  readonly name: string;
  readonly theme: Theme;
  readonly language: Language;
  readonly width: number;
}

/** `name-theme-language-width.png`, of what is seen without scrolling. */
export async function takeScreenshot(page: Page, { name, theme, language, width }: Shot): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}-${theme}-${language}-${width}.png`) });
}
