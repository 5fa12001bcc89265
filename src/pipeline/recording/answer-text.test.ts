import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../core/events.ts';
import { heapInUse } from '../../../test/support/heap.ts';
import { AnswerCollector } from './answer-text.ts';

function collect(...events: readonly StreamEvent[]): unknown {
  const collector = new AnswerCollector();
  for (const event of events) collector.take({ events: [event] });
  const bytes = collector.toJson();
  return bytes && (JSON.parse(bytes.toString()) as unknown);
}

function text(said: string, choice = 0): StreamEvent {
  return { type: 'text-delta', choice, index: 0, text: said };
}

describe('AnswerCollector', () => {
  it('puts together what was said', () => {
    assert.deepEqual(
      collect(
        { type: 'message-start', model: 'm' },
        { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
        text('Hel'),
        text('lo'),
        { type: 'refusal-delta', choice: 0, text: 'no' },
        { type: 'finish', choice: 0, reason: 'stop' },
        { type: 'end' },
      ),
      [{ content: 'Hello', reasoning: 'hm', refusal: 'no' }],
    );
  });

  it('keeps several answers and parallel tool calls apart', () => {
    assert.deepEqual(
      collect(
        text('a'),
        text('b', 1),
        { type: 'tool-call-start', choice: 1, index: 1, id: 'c1', name: 'f' },
        { type: 'tool-call-start', choice: 1, index: 2, id: 'c2', name: 'g' },
        { type: 'tool-call-delta', choice: 1, index: 2, argumentsText: '{}' },
        { type: 'tool-call-delta', choice: 1, index: 1, argumentsText: '{"x":' },
        { type: 'tool-call-delta', choice: 1, index: 1, argumentsText: '1}' },
      ),
      [
        { content: 'a' },
        {
          content: 'b',
          tool_calls: [
            { id: 'c1', name: 'f', arguments: '{"x":1}' },
            { id: 'c2', name: 'g', arguments: '{}' },
          ],
        },
      ],
    );
  });

  it('has nothing where nothing was said', () => {
    assert.equal(collect(), undefined);
    assert.equal(collect({ type: 'usage', usage: {} }, { type: 'other-content', choice: 0 }), undefined);
    assert.equal(collect({ type: 'tool-call-delta', choice: 0, index: 3, argumentsText: '{}' }), undefined);
  });

  it('promise 11: keeps 1 MB of text and lets the rest go', () => {
    const collector = new AnswerCollector();
    for (let sent = 0; sent < 300; sent += 1) collector.take({ events: [text('x'.repeat(10_000))] });
    const length = collector.toJson()?.length ?? 0;
    assert.ok(length > 1_000_000 && length < 1_100_000, String(length));
  });

  it('promise 11: does not grow with answers, tool calls and names that a provider makes up', () => {
    const collector = new AnswerCollector();
    const before = heapInUse();
    for (let index = 0; index < 200_000; index += 1) {
      collector.take({
        events: [
          text('', index),
          { type: 'tool-call-start', choice: 0, index, id: 'i'.repeat(100), name: `${index}${'n'.repeat(100)}` },
        ],
      });
    }
    const grown = heapInUse() - before;
    assert.ok(grown < 10_000_000, `${grown} bytes more`);
    assert.ok((collector.toJson()?.length ?? 0) < 2_000_000);
  });
});
