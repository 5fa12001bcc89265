import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { buildBody } from './build-body.ts';

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
const OPEN = { type: 'object', additionalProperties: { type: 'string' } };
const TOOLS = [{ name: 'f' }];

function json(
  schema: JsonObject,
  parts: Partial<InferenceRequest> = {},
  capabilities?: Capabilities,
): ReturnType<typeof buildBody> {
  const responseFormat = { type: 'json-schema', schema } as const;
  return buildBody(makeInference({ responseFormat, ...parts }), 'claude-x', capabilities);
}

const at = (index: number): { choice: number; index: number } => ({ choice: 0, index });

function called(name: string, index: number, ...pieces: string[]): StreamEvent[] {
  return [
    { type: 'tool-call-start', ...at(index), id: `t${index}`, name },
    ...pieces.map((argumentsText): StreamEvent => ({ type: 'tool-call-delta', ...at(index), argumentsText })),
    { type: 'tool-call-end', ...at(index) },
  ];
}

const FINISH: StreamEvent = { type: 'finish', choice: 0, reason: 'tool-calls', raw: 'tool_use' };
const SAID: StreamEvent = { type: 'finish', choice: 0, reason: 'stop' };

const reshaped = (...events: StreamEvent[]): StreamEvent[] => {
  const each = json(OPEN, { tools: TOOLS }).reshape();
  return events.flatMap((event) => [...each(event)]);
};

const text = (words: string): StreamEvent => ({ type: 'text-delta', ...at(0), text: words });

describe('answers in JSON', () => {
  it('are held to the schema by the provider, where the schema and the model allow it', () => {
    const { body, notes } = json(SCHEMA);
    const schema = { ...SCHEMA, additionalProperties: false };
    assert.deepEqual(body['output_config'], { format: { type: 'json_schema', schema } });
    assert.deepEqual([body['tools'], notes.length], [undefined, 0]);
  });

  it('are the arguments of a tool, where one of them does not', () => {
    for (const { body, notes } of [json(SCHEMA, {}, { jsonSchema: false }), json(OPEN)]) {
      const [tool] = body['tools'] as JsonObject[];
      assert.equal(tool?.['name'], 'json_answer');
      assert.deepEqual(body['tool_choice'], { type: 'tool', name: 'json_answer', disable_parallel_tool_use: true });
      assert.deepEqual([body['output_config'], notes.length], [undefined, 1]);
    }
    const beside = json(OPEN, { tools: [{ name: 'json_answer' }] }).body;
    assert.deepEqual(beside['tool_choice'], { type: 'any' });
    assert.deepEqual(
      (beside['tools'] as JsonObject[]).map(({ name }) => name),
      ['json_answer', 'json_answer_2'],
    );
  });

  it('are asked for in words, where a call is demanded or cannot be', () => {
    const cases: [Partial<InferenceRequest>, Capabilities, unknown][] = [
      [{ tools: TOOLS, toolChoice: { type: 'required' } }, {}, { type: 'any' }],
      [{ tools: TOOLS, toolChoice: { type: 'tool', name: 'f' } }, {}, { type: 'tool', name: 'f' }],
      [{}, { forcedTools: false }, undefined],
    ];
    for (const [parts, capabilities, choice] of cases) {
      const { body, notes } = json(OPEN, parts, capabilities);
      assert.ok((body['system'] as string).endsWith(JSON.stringify(OPEN)));
      assert.deepEqual([body['tool_choice'], notes.length], [choice, 1]);
    }
  });

  it('become text again', () => {
    assert.deepEqual(reshaped(...called('json_answer', 0, '', '{"a":', '"b"}'), FINISH), [
      text('{"a":'),
      text('"b"}'),
      SAID,
    ]);
    assert.deepEqual(reshaped(...called('json_answer', 0), FINISH), [text('{}'), SAID]);
    assert.deepEqual(reshaped(...called('f', 0, '{}'), FINISH), [...called('f', 0, '{}'), FINISH]);
    const both = reshaped(...called('json_answer', 0, '{}'), ...called('f', 1), FINISH);
    assert.deepEqual(both, [text('{}'), ...called('f', 1), FINISH]);
    const cut: StreamEvent = { type: 'finish', choice: 0, reason: 'length', raw: 'max_tokens' };
    assert.deepEqual(reshaped(...called('json_answer', 0, '{"a"'), cut), [text('{"a"'), cut]);
  });
});

it('calls that the provider ran itself are not for the client to run', () => {
  const reshape = buildBody(makeInference(), 'claude-x', undefined).reshape();
  const [start, ...rest] = called('web_search', 0, '{}');
  const served = { ...start, served: true } as StreamEvent;
  const events = [served, ...rest, ...called('f', 1, '{}'), FINISH].flatMap((event) => [...reshape(event)]);
  const other: StreamEvent = { type: 'other-content', choice: 0 };
  assert.deepEqual(events, [other, other, other, ...called('f', 1, '{}'), FINISH]);
});
