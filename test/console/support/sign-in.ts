import assert from 'node:assert/strict';

import type { BrowserContext, Page } from 'playwright-core';

import type { Gateway } from '../../support/gateway.ts';

/** As the page would do it, without the page: the session's cookie is in the context. */
export async function signedIn(context: BrowserContext, { url }: Gateway, key: string): Promise<void> {
  const headers = { 'x-causeway-console': '1', origin: url };
  const answer = await context.request.post('/admin/v1/session', { data: { key }, headers });
  assert.equal(answer.status(), 200, await answer.text());
}

/** Types the key into the form. */
export async function signInByForm(page: Page, key: string): Promise<void> {
  await page.locator('input[name=key]').fill(key);
  await page.locator('button[type=submit]').click();
  await page.locator('nav').first().waitFor({ state: 'attached' });
}
