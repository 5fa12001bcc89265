import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { loadRecordings, recordingsMissing } from '../../../../test/support/recordings.ts';
import { readStream, wireOf } from '../../../../test/support/read-recording.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import { answerEvents } from './answer-events.ts';
import { OpenAiStreamReader } from './stream.ts';

function answer(message: JsonObject, finish = 'stop'): JsonObject {
  return { id: 'c1', model: 'm', choices: [{ index: 0, message, finish_reason: finish }] };
}

/** What an answer says, without how it was cut. */
function gist(events: readonly StreamEvent[]): unknown {
  const parts: Record<string, string> = {};
  const others: unknown[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'text-delta':
      case 'reasoning-delta':
        parts[`${event.type} ${event.choice} ${event.index}`] =
          (parts[`${event.type} ${event.choice} ${event.index}`] ?? '') + event.text;
        break;
      case 'tool-call-delta':
        parts[`call ${event.choice} ${event.index}`] =
          (parts[`call ${event.choice} ${event.index}`] ?? '') + event.argumentsText;
        break;
      case 'usage':
        others.push(Object.keys(event.usage).toSorted());
        break;
      case 'message-start':
        break;
      default:
        others.push(event);
    }
  }
  return { parts, others };
}

function kinds(events: readonly StreamEvent[]): string[] {
  return [...new Set(events.map(({ type }) => type))].filter((type) => type !== 'tool-call-delta').toSorted();
}

/** A stream of one chunk that says what the message does. */
function asStream(body: JsonObject): StreamEvent[] {
  const reader = new OpenAiStreamReader({ hideUsageFrame: false, doneRequired: false });
  const choices = (body['choices'] as JsonObject[]).map(({ message, ...rest }) => ({ ...rest, delta: message }));
  const { events } = reader.step({ event: undefined, data: JSON.stringify({ ...body, choices }) });
  return [...events, ...reader.step({ event: undefined, data: '[DONE]' }).events];
}

describe('a whole chat completion', () => {
  it('says what a stream of it says', () => {
    const text = `{"id":"c1","model":"m","choices":[
      {"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","reasoning_content":"hm","content":"Hello",
        "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\\"id\\":12345678901234567890}"}},
          {"id":"b","function":{"name":"g","arguments":""}}]}},
      {"index":1,"finish_reason":"content_filter","message":{"content":null,"refusal":"No."}}
    ],"usage":{"prompt_tokens":3,"completion_tokens":4}}`;
    const body = parseExact(text) as JsonObject;
    assert.deepEqual(answerEvents(body), [
      { type: 'message-start', id: 'c1', model: 'm' },
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
      { type: 'text-delta', choice: 0, index: 1, text: 'Hello' },
      { type: 'tool-call-start', choice: 0, index: 2, id: 'a', name: 'f' },
      { type: 'tool-call-delta', choice: 0, index: 2, argumentsText: '{"id":12345678901234567890}' },
      { type: 'tool-call-start', choice: 0, index: 3, id: 'b', name: 'g' },
      { type: 'tool-call-end', choice: 0, index: 2 },
      { type: 'tool-call-end', choice: 0, index: 3 },
      { type: 'finish', choice: 0, reason: 'tool-calls', raw: 'tool_calls' },
      { type: 'refusal-delta', choice: 1, text: 'No.' },
      { type: 'finish', choice: 1, reason: 'content-filter', raw: 'content_filter' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
      { type: 'end' },
    ]);
  });

  it('is read where servers put things in places of their own', () => {
    const reasoning = { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' };
    const said = { type: 'text-delta', choice: 0, index: 1, text: 'Hello' };
    const messages: JsonObject[] = [
      { reasoning: 'hm', content: 'Hello' },
      { reasoning_content: '', reasoning: 'hm', content: 'Hello' },
      { reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's' }], content: 'Hello' },
      { reasoning_details: [{ type: 'reasoning.summary', summary: 'hm' }], content: 'Hello' },
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: 'Hello' },
        ],
      },
    ];
    for (const message of messages) {
      assert.deepEqual(answerEvents(answer(message)).slice(1, 3), [reasoning, said], JSON.stringify(message));
    }
    assert.deepEqual(answerEvents(answer({ content: '<think>hm</think>\n\nHello' }), true).slice(1, 3), [
      reasoning,
      said,
    ]);
  });

  it('says that there is content which it does not interpret', () => {
    const cited = { ...answer({ content: 'a' }), citations: ['https://example.com'] };
    const others = [
      answer({ content: 'a', annotations: [{ type: 'url_citation' }] }),
      answer({ content: 'a', audio: { data: 'x' } }),
      answer({
        content: [
          { type: 'text', text: 'a' },
          { type: 'reference', reference_ids: [1] },
        ],
      }),
      answer({ content: 'a', reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] }),
      cited,
    ];
    for (const body of others) {
      const found = answerEvents(body).filter(({ type }) => type === 'other-content');
      assert.deepEqual(found, [{ type: 'other-content', choice: 0 }], JSON.stringify(body));
    }
    assert.ok(answerEvents(answer({ content: 'a', annotations: [] })).every(({ type }) => type !== 'other-content'));
  });

  it('calls tools in the older form, and with arguments that are no text', () => {
    const older = answerEvents(
      answer({ content: null, function_call: { name: 'f', arguments: '{}' } }, 'function_call'),
    );
    assert.deepEqual(older[1], { type: 'tool-call-start', choice: 0, index: 0, id: '', name: 'f' });
    const object = answerEvents(answer({ tool_calls: [{ id: 'a', function: { name: 'f', arguments: { a: 1 } } }] }));
    assert.deepEqual(object[2], { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: '{"a":1}' });
  });
});

describe('recorded answers of servers of the protocol', { skip: recordingsMissing() }, () => {
  const recordings = loadRecordings().filter(({ dialect, operation }) => dialect === 'openai' && operation === 'chat');

  for (const recording of recordings.filter(({ kind }) => kind === 'whole')) {
    it(`${recording.name}: says the same whole and streamed`, () => {
      const body = parseExact(recording.bytes.toString());
      assert.ok(isJsonObject(body));
      assert.deepEqual(gist(asStream(body)), gist(answerEvents(body)));
    });

    const stream = recordings.find(({ name }) => name === recording.name.replace(/\.json$/, '.chunks.txt'));
    if (!stream) continue;
    it(`${recording.name}: has parts of the same kinds as its stream`, () => {
      const body = parseExact(recording.bytes.toString()) as JsonObject;
      assert.deepEqual(kinds(answerEvents(body)), kinds(readStream(wireOf(stream), [stream.bytes]).events));
    });
  }
});
