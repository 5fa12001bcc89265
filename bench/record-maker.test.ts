import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseAzureTrace } from './azure-trace.ts';
import { RARE_WORDS, RecordMaker } from './record-maker.ts';

const LINES = parseAzureTrace(`TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:15:46.6805900,374,44
2023-11-16 18:15:50.9951690,5000,109
`);
const policy = { bodies: 'full', sample: 1, retentionClass: '', search: true } as const;
const plan = { lines: LINES, seed: 1, policy, bytesPerToken: 4, maxTextBytes: 8192 };

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

test('the recorded hour is read, with times from its first request on', () => {
  assert.deepEqual(LINES, [
    { atMs: 0, inputTokens: 374, outputTokens: 44 },
    { atMs: 4315, inputTokens: 5000, outputTokens: 109 },
  ]);
  assert.throws(() => parseAzureTrace('head\n2023-11-16 18:15:46.6805900,many,44'), /line 2/);
});

test('records are whole, of both languages, and as large as their tokens say', () => {
  const maker = new RecordMaker(plan);
  const made = Array.from({ length: 2000 }, (_, at) => maker.next(Date.UTC(2026, 0, 1) + at));
  const sizes = made.map(({ record, texts: { input, output }, language }) => {
    const { messages } = JSON.parse(textOf(input)) as { messages: [{ content: string }] };
    assert.equal(output === undefined, record.status !== 'completed');
    if (output) JSON.parse(textOf(output));
    const text = messages[0].content.replace(RARE_WORDS[language], '').trim();
    assert.match(text, language === 'zh' ? /^[\u4e00-\u9fff。]+$/ : /^[a-z. ]+$/);
    return { tokens: record.usage?.inputTokens, bytes: input?.length ?? 0 };
  });
  const short = sizes.filter(({ tokens }) => tokens === 374).map(({ bytes }) => bytes);
  assert.ok(Math.max(...short) < 1700, 'four bytes a token, and the words around it');
  assert.ok(Math.max(...sizes.map(({ bytes }) => bytes)) < 8400, 'the most of one text');
  const chinese = made.filter(({ language }) => language === 'zh').length;
  assert.ok(chinese > 600 && chinese < 1000, String(chinese));
  assert.equal(new Set(made.map(({ record }) => record.traceId)).size, made.length);
  assert.deepEqual(new Set(made.map(({ record }) => record.status)), new Set(['completed', 'failed', 'aborted']));
});
