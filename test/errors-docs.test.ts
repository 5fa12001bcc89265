import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { ERRORS } from '../src/core/errors.ts';

const PAGE = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');

/** Code → the facts in its row of the page. */
function rowsOfPage(): Record<string, string[]> {
  const rows = PAGE.split('\n').filter((line) => /^\| `\w+` \| \d{3} \|/.test(line));
  return Object.fromEntries(
    rows.map((line) => {
      const [code = '', ...facts] = line
        .split('|')
        .slice(1, 7)
        .map((cell) => cell.trim().replaceAll('`', ''));
      return [code, facts];
    }),
  );
}

test('docs/errors.md lists the codes of the table, each with its facts, and no others', () => {
  const table = Object.fromEntries(
    Object.entries(ERRORS).map(([code, { status, openai, anthropic, retryable, origin }]) => [
      code,
      [String(status), openai, anthropic, retryable ? 'yes' : 'no', origin],
    ]),
  );
  assert.deepEqual(rowsOfPage(), table);
});

test('every code says what to do in words of its own', () => {
  const messages = Object.values(ERRORS).map(({ message }) => message);
  assert.equal(new Set(messages).size, messages.length);
  for (const message of messages) assert.match(message, /\.$/);
});
