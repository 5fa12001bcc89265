import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../../core/events.ts';
import { makeInference } from '../../../../test/support/make-inference.ts';
import { buildBody } from './build-body.ts';
import { ProofMemory } from './proof-memory.ts';

const CALL: readonly StreamEvent[] = [
  { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
  { type: 'reasoning-signature', choice: 0, index: 1, signature: 'gemini:abc', redacted: false },
  { type: 'tool-call-start', choice: 0, index: 2, id: 'call_1', name: 'f' },
];

function watched(events: readonly StreamEvent[], project = 'a'): ProofMemory {
  const memory = new ProofMemory();
  const watch = memory.watch(project);
  assert.deepEqual(
    events.flatMap((event) => watch(event)),
    events,
    'events pass as they are',
  );
  return memory;
}

function recallOne(id: string): string | undefined {
  return id === 'call_1' ? 'abc' : undefined;
}

describe('proofs of calls', () => {
  it('are remembered by the call that they stand before', () => {
    const memory = watched([{ type: 'message-start', id: 'r1' }, ...CALL]);
    assert.equal(memory.recall('a', 'call_1'), 'abc');
    assert.equal(memory.recall('a', 'call_2'), undefined);
  });

  it('promise 8: are no other project’s', () => {
    const memory = watched([{ type: 'message-start', id: 'r1' }, ...CALL], 'a');
    assert.equal(memory.recall('b', 'call_1'), undefined);
  });

  it('are not remembered where the ids of calls may come again', () => {
    assert.equal(watched(CALL).recall('a', 'call_1'), undefined);
    assert.equal(watched([{ type: 'message-start' }, ...CALL]).recall('a', 'call_1'), undefined);
  });

  it('are not another part’s', () => {
    const [, proof, call] = CALL as [StreamEvent, StreamEvent, StreamEvent];
    const text: StreamEvent = { type: 'text-delta', choice: 0, index: 2, text: 'so' };
    const memory = watched([{ type: 'message-start', id: 'r1' }, proof, text, call]);
    assert.equal(memory.recall('a', 'call_1'), undefined);
  });

  it('stand in for what a client did not send back', () => {
    const inference = makeInference({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Go' }] },
        { role: 'assistant', content: [{ type: 'tool-call', id: 'call_1', name: 'f', argumentsText: '{}' }] },
        { role: 'user', content: [{ type: 'tool-result', toolCallId: 'call_1', content: [] }] },
      ],
    });
    const flavour = { callIds: false, serviceTier: false, penaltiesBefore3: false };
    const { body, notes } = buildBody(inference, 'gemini-3-pro', undefined, flavour, recallOne);
    const { contents } = body as { contents: { parts: { thoughtSignature?: string }[] }[] };
    assert.equal(contents[1]?.parts[0]?.thoughtSignature, 'abc');
    assert.deepEqual(notes, []);
    const without = buildBody(inference, 'gemini-3-pro', undefined, flavour);
    assert.equal(without.notes.length, 1, 'the placeholder is told');
  });
});
