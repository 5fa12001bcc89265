import assert from 'node:assert/strict';
import { type TestContext, after, before } from 'node:test';

import type { BrowserContextOptions, Page } from 'playwright-core';

import { type Gateway, startGateway } from '../../support/gateway.ts';
import { browser, closeBrowser } from './browser.ts';
import { builtConsole } from './built-console.ts';
import { Faults } from './faults.ts';
import { signedIn } from './sign-in.ts';

/** Answers of some tokens, fast enough for tests and slow enough to have times. */
export const LAB = 'providers: { lab: { type: simulator, ttft: 5ms, tokensPerSecond: 2000 } }\n';

export interface LabOptions {
  /** Text of causeway.yaml; the provider `lab` and the model `chat` on it where absent. */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Before the first test, e.g. to send requests. */
  readonly prepare?: (gateway: Gateway) => Promise<unknown>;
}

export type Theme = 'light' | 'dark';
export type Language = 'en' | 'zh';

export interface OpenOptions {
  /** Who looks: a key of an operator; the admin key where absent, null for somebody who is not signed in. */
  readonly key?: string | null;
  readonly theme?: Theme;
  readonly language?: Language;
  readonly width?: number;
  readonly height?: number;
  /** Faults that are meant: `/^404 GET .*traces/`. */
  readonly expected?: readonly RegExp[];
  /** More of the browser's context. */
  readonly context?: BrowserContextOptions;
}

/** A page of the console, with what went wrong in it. */
export interface OpenPage extends Page {
  readonly faults: Faults;
}

export interface ConsoleLab {
  readonly gateway: Gateway;
  /** A page in a context of its own, which ends with the test; a fault in it fails the test. */
  open(t: TestContext, path: string, options?: OpenOptions): Promise<OpenPage>;
}

const DEFAULT_CONFIG = `${LAB}models: { chat: { target: lab/small } }\n`;
const ACTION_LIMIT_MS = 10_000;

/**
 * A gateway with the built console, and a browser, for all tests of a suite:
 *
 *     describe('keys in the console', { skip: noChromium }, () => {
 *       const lab = useConsole({ config });
 *       test('…', async (t) => {
 *         const page = await lab.open(t, '/keys');
 *
 * The console is console/dist/, built anew where it is older than its sources, or the folder that CAUSEWAY_CONSOLE_DIST names.
 */
export function useConsole({ config = DEFAULT_CONFIG, env = {}, prepare }: LabOptions = {}): ConsoleLab {
  let gateway: Gateway | undefined;
  before(async () => {
    gateway = await startGateway({ config, env, consoleFolder: builtConsole() });
    await prepare?.(gateway);
  });
  after(async () => {
    await closeBrowser();
    await gateway?.close();
  });
  const running = (): Gateway => {
    assert.ok(gateway, 'the gateway did not start');
    return gateway;
  };
  return {
    get gateway() {
      return running();
    },
    open: (t, path, options = {}) => openPage(t, running(), path, options),
  };
}

async function openPage(t: TestContext, gateway: Gateway, path: string, options: OpenOptions): Promise<OpenPage> {
  const { theme = 'light', language = 'en', width = 1440, height = 900, key = gateway.adminKey } = options;
  const context = await (
    await browser()
  ).newContext({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    colorScheme: theme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    baseURL: gateway.url,
    ...options.context,
  });
  context.setDefaultTimeout(ACTION_LIMIT_MS);
  const page = await context.newPage();
  const faults = new Faults(page, options.expected ?? []);
  t.after(async () => {
    await context.close();
    faults.check();
  });
  await page.addInitScript(
    ([chosenTheme, chosenLanguage]) => {
      localStorage.setItem('causeway.theme', chosenTheme);
      localStorage.setItem('causeway.language', chosenLanguage);
    },
    [theme, language] as const,
  );
  if (key !== null) await signedIn(context, gateway, key);
  await page.goto(`/console${path}`);
  const opened = Object.assign(page, { faults });
  if (key !== null) await settled(opened);
  return opened;
}

/** All that was on its way is drawn. Live updates never end, so that the network is never idle. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.animate-pulse') === null);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
}
