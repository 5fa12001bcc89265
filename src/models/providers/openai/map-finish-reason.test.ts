import assert from 'node:assert/strict';
import { it } from 'node:test';

import { failureOf, mapFinishReason } from './map-finish-reason.ts';

it("puts OpenAI's reasons into our words", () => {
  const cases: [string, string][] = [
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool-calls'],
    ['function_call', 'tool-calls'],
    ['content_filter', 'content-filter'],
    ['eos', 'stop'],
    ['model_length', 'length'],
    ['sensitive', 'content-filter'],
    ['something_new', 'other'],
    ['constructor', 'other'],
  ];
  for (const [raw, reason] of cases) assert.equal(mapFinishReason(raw), reason, raw);
});

it('tells failures from reasons', () => {
  assert.equal(failureOf('insufficient_system_resource'), 'provider_overloaded');
  for (const reason of ['stop', 'length', 'content_filter', 'constructor', ''])
    assert.equal(failureOf(reason), undefined);
});
