import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SERIOUS = new Set(['serious', 'critical']);
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

interface Violation {
  readonly id: string;
  readonly impact?: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

interface AxeGlobal {
  readonly axe?: { run(context: Document, options: object): Promise<{ readonly violations: readonly Violation[] }> };
}

/** What keeps people from using a page, by the rules of WCAG 2.1 AA, in words. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // What is evaluated from outside is not held to the page's policy of contents.
  const isThere = await page.evaluate(() => (globalThis as AxeGlobal).axe !== undefined);
  if (!isThere) await page.evaluate(SOURCE);
  const violations = await page.evaluate(async (rules) => {
    const { axe } = globalThis as AxeGlobal;
    return (await axe?.run(document, { runOnly: rules, preload: false, resultTypes: ['violations'] }))?.violations;
  }, RULES);
  assert.ok(violations, 'axe did not run');
  return violations.filter(({ impact }) => SERIOUS.has(impact ?? '')).map(inWords);
}

/** @throws where a page has violations that are serious or critical */
export async function assertAccessible(page: Page): Promise<void> {
  assert.deepEqual(await seriousViolations(page), []);
}

function inWords({ id, help, nodes }: Violation): string {
  const places = nodes
    .slice(0, 4)
    .map(({ html, failureSummary }) => `${html.slice(0, 160)}\n    ${failureSummary ?? ''}`);
  return `${id}: ${help} (${nodes.length})\n  ${places.join('\n  ')}`;
}
