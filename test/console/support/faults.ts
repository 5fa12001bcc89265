import assert from 'node:assert/strict';

import type { Page } from 'playwright-core';

/** Said of every answer that is a refusal; which of those are faults is decided by the answers themselves. */
const REFUSED = 'Failed to load resource';
/** Whoever is not signed in is told so. */
const SIGNED_OUT = /\/admin\/v1\/session$/;

/** What went wrong in a page: errors of scripts, what the policy of contents forbade, answers that nobody expected. */
export class Faults {
  readonly #seen: string[] = [];
  readonly #expected: RegExp[];

  constructor(page: Page, expected: readonly RegExp[]) {
    this.#expected = [...expected];
    page.on('pageerror', (error) => this.#seen.push(`page error: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      const isBad = message.type() === 'error' || message.type() === 'warning';
      if (isBad && !message.text().startsWith(REFUSED)) this.#seen.push(`${message.type()}: ${message.text()}`);
    });
    page.on('response', (response) => {
      const status = response.status();
      const url = response.url();
      const isSignedOut = status === 401 && SIGNED_OUT.test(url);
      if (status >= 400 && !isSignedOut) this.#seen.push(`${status} ${response.request().method()} ${url}`);
    });
  }

  /** What matches is meant, from now on and before: a refusal, e.g. `/^400 PUT .*budgets/`. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  get all(): readonly string[] {
    return this.#seen;
  }

  get unexpected(): string[] {
    return this.#seen.filter((fault) => !this.#expected.some((pattern) => pattern.test(fault)));
  }

  /** What was seen until now has been told. */
  forget(): void {
    this.#seen.length = 0;
  }

  check(): void {
    assert.deepEqual(this.unexpected, [], 'the page had faults');
  }
}
