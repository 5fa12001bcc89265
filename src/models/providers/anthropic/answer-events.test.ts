import assert from 'node:assert/strict';
import { it } from 'node:test';

import { parseExact } from '../../../core/inference/exact-json.ts';
import type { JsonObject } from '../../../core/json.ts';
import { answerEvents } from './answer-events.ts';

it('a whole message says what a stream of it says', () => {
  const text = `{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[
    {"type":"thinking","thinking":"hm","signature":"sig"},
    {"type":"redacted_thinking","data":"sealed"},
    {"type":"text","text":""},
    {"type":"text","text":"Hello","citations":[{"type":"char_location"}]},
    {"type":"tool_use","id":"a","name":"f","input":{"id":12345678901234567890}},
    {"type":"tool_use","id":"b","name":"g","input":{}},
    {"type":"server_tool_use","id":"c","name":"web_search","input":{"query":"q"}},
    {"type":"web_search_tool_result","tool_use_id":"c","content":[]}
  ],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":4}}`;
  assert.deepEqual(answerEvents(parseExact(text) as JsonObject), [
    { type: 'message-start', id: 'msg_1', model: 'claude-x' },
    { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
    { type: 'reasoning-signature', choice: 0, index: 0, signature: 'sig', redacted: false },
    { type: 'reasoning-signature', choice: 0, index: 1, signature: 'sealed', redacted: true },
    { type: 'text-delta', choice: 0, index: 3, text: 'Hello' },
    { type: 'other-content', choice: 0 },
    { type: 'tool-call-start', choice: 0, index: 4, id: 'a', name: 'f' },
    { type: 'tool-call-delta', choice: 0, index: 4, argumentsText: '{"id":12345678901234567890}' },
    { type: 'tool-call-end', choice: 0, index: 4 },
    { type: 'tool-call-start', choice: 0, index: 5, id: 'b', name: 'g' },
    { type: 'tool-call-delta', choice: 0, index: 5, argumentsText: '{}' },
    { type: 'tool-call-end', choice: 0, index: 5 },
    { type: 'tool-call-start', choice: 0, index: 6, id: 'c', name: 'web_search', served: true },
    { type: 'tool-call-delta', choice: 0, index: 6, argumentsText: '{"query":"q"}' },
    { type: 'tool-call-end', choice: 0, index: 6 },
    { type: 'other-content', choice: 0 },
    { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
    { type: 'finish', choice: 0, reason: 'tool-calls', raw: 'tool_use' },
    { type: 'end' },
  ]);
});
