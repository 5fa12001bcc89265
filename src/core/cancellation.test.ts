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

const heldStep = fc.constantFrom('cancel', 'listen', 'hold', 'release' as const);

test('promise 11: a cancel that is held is told to who holds it, and happens once the last of them lets go', () => {
  fc.assert(
    fc.property(fc.array(heldStep, { maxLength: 20 }), (steps) => {
      const cancellation = new Cancellation();
      const held: (() => void)[] = [];
      const heard: AbortedBy[] = [];
      let [wanted, holds, listeners, isCancelled, isOver] = [0, 0, 0, false, false];
      for (const each of steps) {
        if (each === 'cancel') {
          cancellation.cancel('client');
          cancellation.cancel('shutdown');
          isCancelled = true;
        } else if (each === 'listen') {
          cancellation.onCancel((who) => void heard.push(who));
          listeners += 1;
        } else if (each === 'hold') {
          held.push(cancellation.hold(() => void (wanted += 1)));
          holds += 1;
        } else {
          const release = held.shift();
          release?.();
          release?.();
          if (release && !isCancelled) holds -= 1;
        }
        isOver ||= isCancelled && held.length === 0;
        assert.equal(cancellation.by, isOver ? 'client' : undefined);
        assert.deepEqual(heard, isOver ? Array<AbortedBy>(listeners).fill('client') : []);
        assert.equal(wanted, isCancelled ? holds : 0, 'each that held it, or holds it after that, is told once');
        if (isOver) held.length = 0;
      }
    }),
  );
});
