import assert from 'node:assert/strict';
import { it } from 'node:test';

import { mapFinishReason } from './map-finish-reason.ts';

it("puts Anthropic's reasons into our words", () => {
  const cases: [string, string][] = [
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool-calls'],
    ['pause_turn', 'pause'],
    ['refusal', 'refusal'],
    ['something_new', 'other'],
    ['constructor', 'other'],
  ];
  for (const [raw, reason] of cases) assert.equal(mapFinishReason(raw), reason, raw);
});
