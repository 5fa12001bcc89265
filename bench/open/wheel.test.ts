import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Wheel } from './wheel.ts';

function turning(): { wheel: Wheel<string>; seen: string[] } {
  const seen: string[] = [];
  return { wheel: new Wheel<string>(20, 1000, (item, at) => seen.push(`${item}@${at}`)), seen };
}

test('an item is due once in each period, one period after it came', () => {
  const { wheel, seen } = turning();
  wheel.turn(1007.4);
  wheel.add('a', 1007);
  wheel.turn(1026.9);
  assert.deepEqual(seen, []);
  wheel.turn(1027);
  wheel.turn(1060);
  assert.deepEqual(seen, ['a@1027', 'a@1047']);
});

test('who comes late does all that was missed, each for its own time', () => {
  const { wheel, seen } = turning();
  wheel.add('a', 1000);
  wheel.add('b', 995);
  wheel.turn(1045);
  assert.deepEqual(seen, ['b@1015', 'a@1020', 'b@1035', 'a@1040']);
});

test('what came while the wheel was behind is due one period after it came all the same', () => {
  const { wheel, seen } = turning();
  wheel.add('a', 1007);
  wheel.turn(1030);
  assert.deepEqual(seen, ['a@1027']);
});

test('what is taken out is due no more', () => {
  const { wheel, seen } = turning();
  wheel.add('a', 1000);
  wheel.turn(1020);
  wheel.remove('a', 1000);
  wheel.turn(1080);
  assert.deepEqual(seen, ['a@1020']);
});
