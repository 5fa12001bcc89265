import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MOST_TEXT } from './config-desk.ts';
import { parseConfig } from './load.ts';
import { ConfigError, type Problem } from './problems.ts';
import { maskText } from './secrets/mask-text.ts';
import { TextRestorer } from './secrets/restore-text.ts';

/** Of the processor, so that a busy machine makes no difference. Usual are tenths of it. */
const MOST_MS = 8000;
const PATH = 'causeway.yaml';

function filled(line: (at: number) => string, head = ''): string {
  let text = head;
  for (let at = 0; text.length < MOST_TEXT - 100; at += 1) text += line(at);
  return text;
}

const half = (text: string): string => text.slice(0, text.lastIndexOf('\n', MOST_TEXT / 2) + 1);
const providers = filled((at) => `  p${at}: { type: openai }\n`, 'providers:\n');
const models = filled((at) => `  m${at}: { target: sim/echo }\n`, 'models:\n');
const many = 'sim/echo,'.repeat(5000);

const TEXTS: Readonly<Record<string, string>> = {
  models: models,
  aliases: filled((at) => `  m${at}: *a\n`, 'models:\n  a: &a { target: sim/echo }\n'),
  'aliases of much': filled((at) => `  m${at}: *a\n`, `models:\n  a: &a { target: sim/echo, fallback: [${many}] }\n`),
  'comments with secrets': filled((at) => `# password: abcdef${at} key="x\n`),
  keys: filled((at) => `      - plain-key-${at}\n`, 'providers:\n  a:\n    type: openai\n    apiKeys:\n'),
  placeholders: filled(() => '# ‹secret:1:abcd›\n').slice(0, MOST_TEXT / 2),
  'unknown providers': half(providers) + half(filled((at) => `  m${at}: { target: q${at}/x }\n`, 'models:\n')),
  'unknown models':
    half(models) + half(filled((at) => `  f${at}: { model: n${at}, users: [u], set: { } }\n`, 'flags:\n')),
  'unknown channels':
    half(filled((at) => `    c${at}: { type: slack, url: "https://a/b" }\n`, 'alerts:\n  channels:\n')) +
    half(filled((at) => `    - { name: r${at}, type: error-rate, above: 10%, to: [a,b,c,d,e,f] }\n`, '  rules:\n')),
  'unknown keys': filled((at) => `tokens-of-${at}: abcdefgh\n`),
  'keys that stand twice': filled(() => 'a: b\n'),
  'one long key': `models: { ${'k'.repeat(MOST_TEXT / 2)}: { target: sim/echo, tags: [${'a,'.repeat(20_000)}] } }\n`,
  brackets: '['.repeat(MOST_TEXT),
  'brackets in a line with a mistake': `a: "${'['.repeat(MOST_TEXT)}`,
  backslashes: `a: "${'\\'.repeat(MOST_TEXT - 20)}" # password`,
};

function problemsOf(read: () => unknown): readonly Problem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

/** Of the texts above, which are read once. */
const found = new Map<string, readonly Problem[]>();

function problemsOfText(what: string): readonly Problem[] {
  const problems = found.get(what) ?? problemsOf(() => parseConfig(TEXTS[what] ?? '', { path: PATH, env: {} }));
  found.set(what, problems);
  return problems;
}

for (const [what, text] of Object.entries(TEXTS)) {
  test(`a text of 256 KB costs no more than its length: ${what}`, () => {
    const before = process.cpuUsage();
    const problems = problemsOfText(what);
    const masked = maskText(text, {});
    // Where nothing was masked it is the same text again.
    if (masked.text !== text) {
      const restorer = new TextRestorer(masked.text, masked, {});
      const later = problemsOf(() => parseConfig(masked.text, { path: PATH, env: {}, restore: restorer.restore }));
      if (later.length === 0) assert.equal(restorer.text(), text);
      assert.equal(later.length > 0, problems.length > 0);
    }
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1000 < MOST_MS, `${(user + system) / 1000} ms`);
    assert.ok(JSON.stringify(problems).length < 4 * MOST_TEXT, 'nor is more said than can be read');
  });
}

test('what is too much is said, with its place', () => {
  const [deep] = problemsOfText('brackets');
  assert.match(deep?.message ?? '', /nested too deep/);
  const much = problemsOfText('aliases of much');
  assert.match(much[0]?.message ?? '', /more than 300000 values; write fewer aliases/);
  assert.ok((much[0]?.line ?? 0) > 1);
  const keys = problemsOfText('one long key');
  assert.deepEqual(
    keys.map(({ key, message }) => [key, message]),
    [['models', 'a key of more than 500 characters']],
  );
  const unknown = problemsOfText('unknown providers');
  assert.equal(unknown.length, 500);
  assert.match(unknown[0]?.message ?? '', /the providers are: .* and \d+ more$|did you mean/);
});

test('a long secret is not copied as often as its placeholder', () => {
  const text = `providers:\n  a:\n    type: openai\n    apiKeys:\n      - ${'k'.repeat(50_000)}\n`;
  const masked = maskText(text, {});
  const line = masked.text.split('\n').find((one) => one.includes('‹')) ?? assert.fail();
  const edited = masked.text + `${line}\n`.repeat(100);
  const restorer = new TextRestorer(edited, masked, {});
  const problems = problemsOf(() => parseConfig(edited, { path: PATH, env: {}, restore: restorer.restore }));
  assert.match(problems[0]?.message ?? '', /so often that the text would be too long/);
});
