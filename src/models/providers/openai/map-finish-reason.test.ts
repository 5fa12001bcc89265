import assert from 'node:assert/strict';
import { it } from 'node:test';

import { mapFinishReason } from './map-finish-reason.ts';

it("puts OpenAI's reasons into our words", () => {
  const cases: [string, string][] = [
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool-calls'],
    ['function_call', 'tool-calls'],
    ['content_filter', 'content-filter'],
    ['something_new', 'other'],
    ['constructor', 'other'],
  ];
  for (const [raw, reason] of cases) assert.equal(mapFinishReason(raw), reason, raw);
});
