import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { seriousViolations } from './support/axe.ts';
import { noChromium } from './support/browser.ts';
import { useConsole } from './support/console-lab.ts';

describe('what looks at the console notices faults', { skip: noChromium }, () => {
  const lab = useConsole();

  test('a script that the policy forbids, an error, an answer that nobody expected', async (t) => {
    const page = await lab.open(t, '/', { key: null, expected: [/./] });
    await page.locator('input[name=key]').waitFor();
    const before = page.faults.all.length;
    await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      document.body.append(script);
      console.error('a planted error');
      await fetch('/admin/v1/keys');
    });
    const seen = page.faults.all.slice(before).join('\n');
    assert.equal(await page.evaluate(() => 'ran' in globalThis), false);
    assert.match(seen, /script-src/);
    assert.match(seen, /a planted error/);
    assert.match(seen, /401 GET .*\/admin\/v1\/keys/);
  });

  test('what keeps people from using a page', async (t) => {
    const page = await lab.open(t, '/', { key: null });
    await page.locator('input[name=key]').waitFor();
    assert.deepEqual(await seriousViolations(page), []);
    await page.evaluate(() => document.querySelector('label')?.remove());
    assert.match((await seriousViolations(page)).join('\n'), /label/);
  });
});
