import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../core/events.ts';
import { textIn } from './text-in.ts';

const TEXT: StreamEvent = { type: 'text-delta', choice: 0, index: 0, text: 'In Paris, which' };

describe('textIn', () => {
  it('takes an answer that was cut at its length only where that is asked for', () => {
    const cut: StreamEvent[] = [TEXT, { type: 'finish', choice: 0, reason: 'length' }];
    assert.equal(textIn(cut), undefined);
    assert.equal(textIn(cut, true), 'In Paris, which');
    const filtered: StreamEvent[] = [TEXT, { type: 'finish', choice: 0, reason: 'content-filter' }];
    assert.equal(textIn(filtered, true), undefined);
  });
});
