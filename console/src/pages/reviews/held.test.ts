import { describe, expect, it } from 'vitest';

import { readHeld } from './held.ts';

describe('an answer that waits', () => {
  it('is read as what a model said, choice by choice', () => {
    const held = readHeld({
      texts: [
        { choice: 1, text: 'second' },
        { choice: 0, text: 'first' },
      ],
      tool_calls: [{ choice: 0, name: 'refund', arguments: '{"order":7}' }],
    });
    expect(held.messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { kind: 'text', text: 'first' },
          { kind: 'tool-call', id: undefined, name: 'refund', value: { order: 7 } },
        ],
      },
      { role: 'assistant', parts: [{ kind: 'text', text: 'second' }] },
    ]);
    expect(held.text).toBe('second\n\nfirst');
  });

  it('shows arguments that are no JSON as they stand', () => {
    const [message] = readHeld({ texts: [], tool_calls: [{ choice: 0, name: 'x', arguments: '{"cut' }] }).messages;
    expect(message?.parts).toEqual([{ kind: 'tool-call', id: undefined, name: 'x', value: '{"cut' }]);
  });

  it('is empty where there is none', () => {
    expect(readHeld(null)).toEqual({ text: '', messages: [] });
  });
});
