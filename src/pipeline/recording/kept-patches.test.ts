import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { BodyPatch } from '../../core/body-patch.ts';
import type { Json } from '../../core/json.ts';
import { keptPatches } from './kept-patches.ts';

const setAt = (path: string, value: Json): BodyPatch => ({ op: 'set', path, value });
const set = (value: Json): BodyPatch => setAt('/x', value);

function nested(depth: number): Json {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}

/** Fails where it is read to its end. */
function watched(length: number): { readonly value: Json; readonly reads: () => number } {
  let reads = 0;
  const item = {
    get a() {
      reads += 1;
      return 'x';
    },
  };
  const members = Array.from({ length }, (_, at): [string, Json] => [String(at), item]);
  return { value: Object.fromEntries(members), reads: () => reads };
}

describe('keptPatches', () => {
  it('keeps small values, and that something was taken out', () => {
    const patches = [
      set('gpt-5'),
      set({ include_usage: true }),
      set(null),
      set(4096),
      set(Array.from({ length: 31 }, () => 1)),
      { op: 'remove', path: '/y' },
    ] as const;
    assert.equal(keptPatches(patches), patches);
  });

  it('promise 11: leaves out a conversation, and says so', () => {
    const large: Json[] = [
      [{ role: 'user', content: 'x'.repeat(257) }],
      'x'.repeat(257),
      Array.from({ length: 20 }, () => 'x'.repeat(20)),
      Array.from({ length: 32 }, () => 1),
      { ['k'.repeat(300)]: 1 },
      nested(40),
    ];
    for (const value of large) {
      const [kept, other] = keptPatches([set(value), set(1)]);
      assert.deepEqual([kept, other], [set('[large value not kept]'), set(1)]);
    }
  });

  it('promise 12: keeps nothing of what is set within a prompt, however short, but the marks that are its own', () => {
    const mark = { type: 'ephemeral' };
    const text = [{ type: 'text', text: 'My PIN is 4711', cache_control: mark }];
    for (const path of ['/system', '/messages/2/content', '/input', '/instructions', '/contents/0/parts', '/requests'])
      assert.deepEqual(keptPatches([setAt(path, text), set(1)]), [setAt(path, '[text not kept]'), set(1)]);
    const marks = [setAt('/tools/3/cache_control', mark), setAt('/messages/2/content/0/cache_control', mark)];
    assert.equal(keptPatches(marks), marks);
  });

  it('promise 11: does not look at all of what it leaves out', () => {
    const { value, reads } = watched(10_000);
    keptPatches([set(value)]);
    assert.ok(reads() < 100, String(reads()));
  });
});
