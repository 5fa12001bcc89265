import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { args, call, called, finish, signed, text, thought } from '../../../../test/support/answer-events.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { Usage } from '../../../core/usage.ts';
import { ContinuedEvents } from './continued-events.ts';
import { SaidSoFar } from './said-so-far.ts';
import { instructedSeam } from './seam.ts';

const BEFORE: Usage = { inputTokens: 10, outputTokens: 3 };

/** Goes on after some thinking and a text. */
function eventsAfter(before: Usage | undefined = BEFORE): ContinuedEvents {
  const said = new SaidSoFar();
  for (const event of [thought(0, 'hm'), text(1, 'The answer'), thought(2, 'so')]) said.note(event);
  return new ContinuedEvents(said, instructedSeam(said.text), before);
}

describe('the events of a second answer', () => {
  it('go on in the same text, and neither begin nor think aloud again', () => {
    const second: StreamEvent[] = [
      { type: 'message-start', id: 'x', model: 'other' },
      thought(0, 'where was I'),
      signed(0, 'proof'),
      text(1, ' is 42'),
      text(1, '.'),
      finish('stop'),
      { type: 'end' },
    ];
    assert.deepEqual(eventsAfter().apply(second), [text(1, ' is 42'), text(1, '.'), finish('stop'), { type: 'end' }]);
  });

  it('have indexes of their own where they are no text that goes on', () => {
    const second = [text(0, ' is:'), call(1, 'c1'), args(1, '{}'), called(1), text(2, 'More')];
    assert.deepEqual(eventsAfter().apply(second), [
      text(1, ' is:'),
      call(4, 'c1'),
      args(4, '{}'),
      called(4),
      text(5, 'More'),
    ]);
  });

  it('keep the proof of a tool call, and no other', () => {
    const second = [signed(0, 'of the text'), text(1, ' is'), signed(2, 'gemini:of the call'), call(3, 'c1')];
    assert.deepEqual(eventsAfter().apply(second), [text(1, ' is'), signed(5, 'gemini:of the call'), call(6, 'c1')]);
    assert.deepEqual(eventsAfter().apply([thought(0, 'so'), signed(0, 'of thoughts'), call(1, 'c1')]), [call(4, 'c1')]);
    assert.deepEqual(eventsAfter().apply([signed(0, 'sealed', true), call(1, 'c1')]), [call(4, 'c1')]);
  });

  it('say before they end what was held back as a repetition, and was none', () => {
    const long = new SaidSoFar();
    long.note(text(0, 'A sentence that is long enough'));
    const held = new ContinuedEvents(long, instructedSeam(long.text), undefined);
    assert.deepEqual(held.apply([text(0, 'A sentence that')]), []);
    assert.deepEqual(held.apply([finish('stop')]), [text(0, 'A sentence that'), finish('stop')]);
    assert.deepEqual(held.end(), []);
  });

  it('promise 6: show what both attempts used', () => {
    const events = eventsAfter();
    const used = events.apply([
      { type: 'usage', usage: { inputTokens: 14, outputTokens: 1 } },
      { type: 'usage', usage: { outputTokens: 5 } },
    ]);
    assert.deepEqual(used, [
      { type: 'usage', usage: { inputTokens: 24, outputTokens: 4 } },
      { type: 'usage', usage: { inputTokens: 24, outputTokens: 8 } },
    ]);
    assert.deepEqual(events.usage, { inputTokens: 24, outputTokens: 8 });
    assert.deepEqual(eventsAfter().usage, BEFORE);
  });
});

function isOpen(...events: StreamEvent[]): boolean {
  const said = new SaidSoFar();
  for (const event of events) said.note(event);
  return said.isOpenText;
}

describe('what was said so far', () => {
  it('is gone on with where it is text, with or without thoughts', () => {
    assert.equal(isOpen(text(0, 'Hello')), true);
    assert.equal(isOpen({ type: 'message-start' }, thought(0, 'hm'), signed(0, 'p'), text(1, 'Hello')), true);
  });

  it('is not where there is no text, where it has ended, or where there is anything else', () => {
    assert.equal(isOpen(), false);
    assert.equal(isOpen(thought(0, 'hm')), false);
    assert.equal(isOpen(text(0, ' \n')), false);
    const others: StreamEvent[] = [
      call(1, 'c1'),
      finish('stop'),
      { type: 'refusal-delta', choice: 0, text: 'No.' },
      { type: 'other-content', choice: 0 },
      { type: 'text-delta', choice: 1, index: 0, text: 'Hi' },
    ];
    for (const event of others) assert.equal(isOpen(text(0, 'Hello'), event, text(0, ' again')), false, event.type);
    assert.equal(isOpen(text(0, 'x'.repeat(2 ** 20 + 1))), false);
  });
});
