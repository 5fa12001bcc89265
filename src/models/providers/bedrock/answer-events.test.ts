import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseExact } from '../../../core/inference/exact-json.ts';
import { isJsonObject } from '../../../core/json.ts';
import { answerEvents } from './answer-events.ts';
import { fromResponse } from './from-response.ts';

function body(content: string): string {
  return `{"output":{"message":{"role":"assistant","content":${content}}},"stopReason":"tool_use","usage":{"inputTokens":1}}`;
}

describe('whole answers of Converse', () => {
  it('promise 2: text, reasoning, citations and calls, whose long numbers stay', () => {
    const content = [
      '{"reasoningContent":{"reasoningText":{"text":"hm","signature":"s"}}}',
      '{"reasoningContent":{"redactedContent":"AAEC"}}',
      '{"citationsContent":{"content":[{"text":"cited"}],"citations":[{}]}}',
      '{"type":"text","text":"Hi"}',
      '{"toolUse":{"toolUseId":"a","name":"f","input":{"id":12345678901234567890}}}',
      '{"image":{}}',
    ].join(',');
    const answer = parseExact(body(`[${content}]`));
    assert.ok(isJsonObject(answer));
    assert.deepEqual(answerEvents(answer), [
      { type: 'message-start' },
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
      { type: 'reasoning-signature', choice: 0, index: 0, signature: 'converse:s', redacted: false },
      { type: 'reasoning-signature', choice: 0, index: 1, signature: 'converse:AAEC', redacted: true },
      { type: 'text-delta', choice: 0, index: 2, text: 'cited' },
      { type: 'other-content', choice: 0 },
      { type: 'text-delta', choice: 0, index: 3, text: 'Hi' },
      { type: 'tool-call-start', choice: 0, index: 4, id: 'a', name: 'f' },
      { type: 'tool-call-delta', choice: 0, index: 4, argumentsText: '{"id":12345678901234567890}' },
      { type: 'tool-call-end', choice: 0, index: 4 },
      { type: 'other-content', choice: 0 },
      { type: 'finish', choice: 0, reason: 'tool-calls', raw: 'tool_use' },
      { type: 'usage', usage: { inputTokens: 1 } },
      { type: 'end' },
    ]);
  });

  it('what has no content is none', () => {
    assert.equal(
      fromResponse('chat', { Output: { __type: 'X' }, Version: '1.0' }).error?.code,
      'provider_bad_response',
    );
    const answer = JSON.parse(body('[]')) as Record<string, never>;
    assert.deepEqual(fromResponse('chat', answer), {
      responseModel: undefined,
      usage: { inputTokens: 1 },
      finishReason: 'tool-calls',
      error: undefined,
    });
  });
});
