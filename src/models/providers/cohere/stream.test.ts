import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../../core/events.ts';
import type { Json } from '../../../core/json.ts';
import { answerEvents } from './answer-events.ts';
import { fromResponse } from './from-response.ts';
import { CohereStreamReader } from './stream.ts';

function read(...events: readonly Json[]): { readonly events: readonly StreamEvent[]; readonly complete: boolean } {
  const reader = new CohereStreamReader();
  const said = events.flatMap((event) => reader.step({ event: undefined, data: JSON.stringify(event) }).events);
  return { events: said, complete: reader.complete };
}

const message = (said: Json, index = 0, type = 'content-delta'): Json => ({ type, index, delta: { message: said } });
const call = (said: Json, type: string, index = 0): Json => message({ tool_calls: said }, index, type);
const text = (index: number, said: string): StreamEvent => ({ type: 'text-delta', choice: 0, index, text: said });
const thought = (index: number, said: string): StreamEvent => ({
  type: 'reasoning-delta',
  choice: 0,
  index,
  text: said,
});

/** What a call's arguments become that come in these pieces. */
function argumentsOf(...pieces: readonly string[]): string[] {
  const { events } = read(
    call({ id: 'c', function: { name: 'f', arguments: '' } }, 'tool-call-start'),
    ...pieces.map((piece) => call({ function: { arguments: piece } }, 'tool-call-delta')),
    { type: 'tool-call-end', index: 0 },
  );
  assert.equal(events.at(-1)?.type, 'tool-call-end');
  return events.flatMap((event) => (event.type === 'tool-call-delta' ? [event.argumentsText] : []));
}

describe('the stream reader of Cohere', () => {
  it('counts parts as they come, whatever they are', () => {
    const { events } = read(
      message({ content: { type: 'thinking', thinking: '' } }, 0, 'content-start'),
      message({ content: { thinking: 'hm' } }),
      message({ content: { type: 'text', text: 'He' } }, 1, 'content-start'),
      message({ content: { text: 'llo' } }, 1),
      { type: 'content-end', index: 1 },
      message({ content: { type: 'text', text: 'again' } }, 2, 'content-start'),
      message({ tool_plan: 'I plan' }, 0, 'tool-plan-delta'),
    );
    assert.deepEqual(events, [thought(0, 'hm'), text(1, 'He'), text(1, 'llo'), text(2, 'again'), thought(3, 'I plan')]);
  });

  it('takes null for no arguments, however it is cut, and nothing else', () => {
    assert.deepEqual(argumentsOf('nu', 'll'), []);
    assert.deepEqual(argumentsOf('null'), []);
    assert.deepEqual(argumentsOf('nu'), ['nu']);
    assert.deepEqual(argumentsOf('n', 'ope', 'null'), ['nope', 'null']);
    assert.deepEqual(argumentsOf('{"a":', 'null', '}'), ['{"a":', 'null', '}']);
  });

  it('ends calls that nobody ended', () => {
    const { events } = read(
      call({ id: 'a', function: { name: 'f' } }, 'tool-call-start'),
      call({ id: 'b', function: { name: 'f' } }, 'tool-call-start', 1),
      { type: 'message-end', delta: { finish_reason: 'TOOL_CALL' } },
    );
    assert.deepEqual(
      events.map((event) => ('index' in event ? `${event.type} ${event.index}` : event.type)),
      ['tool-call-start 0', 'tool-call-start 1', 'tool-call-end 0', 'tool-call-end 1', 'finish', 'end'],
    );
  });

  it('promise 1: an answer that broke off is an error, with what it used before it', () => {
    const usage = { billed_units: { input_tokens: 3, output_tokens: 1 } };
    for (const [reason, code] of [
      ['ERROR', 'provider_error'],
      ['TIMEOUT', 'provider_timeout'],
    ] as const) {
      const delta = { finish_reason: reason, error: 'it broke', usage };
      const { events } = read({ type: 'message-end', delta });
      assert.deepEqual(
        events.map(({ type }) => type),
        ['usage', 'error'],
      );
      const [, failure] = events;
      assert.ok(failure?.type === 'error' && failure.error.code === code && failure.error.message === 'it broke');
      assert.equal(fromResponse('chat', { finish_reason: reason, message: {} }).error?.code, code);
    }
  });

  it('promise 1: an error in place of an event is one', () => {
    for (const event of [{ message: 'internal' }, { type: 'error', message: 'internal' }, { error: 'internal' }]) {
      const [failure] = read(event).events;
      assert.ok(failure?.type === 'error', JSON.stringify(event));
      assert.equal(failure.error.message, 'internal');
    }
    const [broken] = new CohereStreamReader().step({ event: undefined, data: '{' }).events;
    assert.ok(broken?.type === 'error' && broken.error.code === 'provider_bad_response');
  });

  it('passes over what says nothing to a reader', () => {
    const { events, complete } = read(
      { type: 'citation-end', index: 0 },
      { type: 'debug', prompt: 'p' },
      { type: 'new' },
    );
    assert.deepEqual([events, complete], [[], false]);
    const reader = new CohereStreamReader();
    assert.deepEqual(reader.step({ event: undefined, data: '[DONE]' }).events, []);
    assert.equal(reader.complete, false);
  });

  it('promise 2: citations are told of, and not carried', () => {
    const other: StreamEvent = { type: 'other-content', choice: 0 };
    assert.deepEqual(read(message({ citations: { start: 0 } }, 0, 'citation-start')).events, [other]);
    const whole = answerEvents({ message: { content: 'Hi', citations: [{ start: 0 }] }, finish_reason: 'COMPLETE' });
    assert.deepEqual(whole.slice(1, 3), [text(0, 'Hi'), other]);
  });

  it('knows a body that is no answer', () => {
    assert.equal(fromResponse('chat', { message: 'no such thing' }).error?.code, 'provider_error');
    assert.equal(fromResponse('chat', {}).error?.code, 'provider_bad_response');
  });
});
