import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { type AbortedBy, Cancellation } from './cancellation.ts';

const by = fc.constantFrom<AbortedBy>('client', 'deadline', 'shutdown');
const step = fc.oneof(
  by.map((who) => ({ do: 'cancel' as const, who })),
  fc.constant({ do: 'listen' as const }),
  fc.nat(5).map((which) => ({ do: 'take back' as const, which })),
);

test('the first cancel wins, and each listener that was not taken back hears of it exactly once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const cancellation = new Cancellation();
      let first: AbortedBy | undefined;
      const listeners: { heard: AbortedBy[]; expected: boolean; takeBack: () => void }[] = [];
      for (const each of steps) {
        if (each.do === 'cancel') {
          cancellation.cancel(each.who);
          first ??= each.who;
        } else if (each.do === 'listen') {
          const heard: AbortedBy[] = [];
          listeners.push({ heard, expected: true, takeBack: cancellation.onCancel((who) => void heard.push(who)) });
        } else {
          const listener = listeners[each.which];
          listener?.takeBack();
          if (listener && first === undefined) listener.expected = false;
        }
      }
      assert.equal(cancellation.by, first);
      for (const { heard, expected } of listeners) {
        assert.deepEqual(heard, expected && first !== undefined ? [first] : []);
      }
    }),
  );
});

test('a listener may cancel again or take others back while it is told', () => {
  const cancellation = new Cancellation();
  const heard: string[] = [];
  cancellation.onCancel((who) => {
    heard.push(`first ${who}`);
    cancellation.cancel('shutdown');
    takeBack();
  });
  const takeBack = cancellation.onCancel((who) => void heard.push(`second ${who}`));
  cancellation.cancel('client');
  assert.deepEqual(heard, ['first client', 'second client']);
});
