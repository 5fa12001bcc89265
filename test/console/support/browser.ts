import { existsSync } from 'node:fs';

import { type Browser, chromium } from 'playwright-core';

/** Debian's. */
const CHROMIUM = '/usr/bin/chromium';

/** Why tests of the console are skipped; false where they run. */
export const noChromium: string | false = existsSync(CHROMIUM)
  ? false
  : `there is no ${CHROMIUM}: scripts/install-test-services.sh installs it on Debian`;

let running: Promise<Browser> | undefined;

/** One browser for the whole file; pages have contexts of their own. */
export function browser(): Promise<Browser> {
  running ??= chromium.launch({
    executablePath: CHROMIUM,
    // The browser refuses to be confined where it is started by root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  return running;
}

export async function closeBrowser(): Promise<void> {
  const started = running;
  running = undefined;
  await (await started)?.close();
}
