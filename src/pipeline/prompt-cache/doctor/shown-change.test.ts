import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { KEPT_WHOLE } from '../../../../test/support/make-record.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { comparePrompts } from './compare.ts';
import { rememberPrompt } from './seen-prompt.ts';
import { describeChange } from './shown-change.ts';

const REDACTING = { ...KEPT_WHOLE, bodies: 'redacted' } as const;
const REST = ' and so it goes on, for as long as it takes to say all of it. '.repeat(10);

const promptOf = (text: string) => rememberPrompt([{ name: 'system', part: 'system', text, isMedia: false }]);

function described(earlier: string, later: string, policy: typeof KEPT_WHOLE = REDACTING) {
  const { divergence } = comparePrompts(promptOf(earlier), promptOf(later));
  assert.ok(divergence);
  return describeChange(divergence, policy);
}

describe('what changed in a prompt', () => {
  const CASES: readonly (readonly [kind: string, earlier: string, later: string])[] = [
    ['timestamp', '2026-11-21T10:00:03', '2026-11-21T10:00:04'],
    ['timestamp', '2026-11-21 23:59:59.123Z', '2026-11-22 00:00:00.001Z'],
    ['timestamp', '10:04 PM', '10:05 PM'],
    ['timestamp', 'November 21, 2026 at 10:04', 'November 21, 2026 at 11:04'],
    ['timestamp', '1763719200', '1763719261'],
    ['timestamp', '1763719200123', '1763719200456'],
    ['date', '2026-11-21', '2026-11-22'],
    ['date', 'November 21, 2026', 'December 1, 2026'],
    ['date', '2026年11月21日', '2026年11月22日'],
    ['id', '0192f0c1-d2e3-7000-8000-00000000abcd', '0192f0c1-d2e3-7000-8000-00000000abce'],
    ['id', 'sess_8fK2mQ01', 'sess_8fK2mQ02'],
    ['id', 'a81f00c9d3', 'b2907fe411'],
    ['number', '41', '42'],
    ['number', '9', '10'],
    ['content', 'Berlin', 'Paris'],
  ];
  for (const [kind, earlier, later] of CASES) {
    test(`a ${kind}: ${earlier}, then ${later}`, () => {
      const found = described(`The value is ${earlier}${REST}`, `The value is ${later}${REST}`, KEPT_WHOLE);
      assert.equal(found.kind, kind);
      if (kind !== 'content') assert.deepEqual([found.shown?.earlier, found.shown?.later], [earlier, later]);
      assert.ok(found.shown?.earlier.startsWith(earlier) && found.shown.later.startsWith(later));
      assert.equal(found.shown?.lead, 'The value is ');
    });
  }

  test('white space, and the order of keys', () => {
    assert.equal(described(`One  two${REST}`, `One\ntwo${REST}`).kind, 'whitespace');
    const tool = { name: 'find', description: REST };
    assert.equal(
      described(JSON.stringify(tool), JSON.stringify({ description: REST, name: 'find' })).kind,
      'key-order',
    );
  });

  test('is shown as characters, also where only a byte of one differs', () => {
    const found = described(`今天是${REST}`, `今天昮${REST}`);
    assert.deepEqual([found.shown?.lead, found.shown?.earlier[0], found.shown?.later[0]], ['今天', '是', '昮']);
  });

  test('promise 12: nothing is shown of projects whose texts are not kept', () => {
    for (const bodies of ['none', 'hashed'] as const) {
      const found = described(`It is 10:01${REST}`, `It is 10:02${REST}`, { ...KEPT_WHOLE, bodies });
      assert.deepEqual(found, { kind: 'timestamp', shown: undefined });
    }
    assert.equal(described(`a${REST}`, `b${REST}`, { ...KEPT_WHOLE, sample: 0 }).shown, undefined);
  });

  test('promise 12: no secret is shown, wherever in it the texts part', () => {
    const secrets = [
      'sk-proj-0123456789abcdefghijABCDEFGHIJ',
      'password: hunter2hunter2',
      `eyJ${'a1B2'.repeat(300)}.${'c3D4'.repeat(300)}.e5F6`,
      'ada.lovelace@example.com',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...secrets), fc.nat(), fc.constantFrom('Q', '7', '!'), (secret, place, other) => {
        const at = Math.max(secret.indexOf(' ') + 1, place % secret.length);
        const changed = `${secret.slice(0, at)}${other}${secret.slice(at + 1)}`;
        fc.pre(changed !== secret);
        const { shown } = described(`The key is ${secret} and ${REST}`, `The key is ${changed} and ${REST}`);
        const parts = secret.split(/[ @.]|:/).filter((part) => part.length > 5);
        for (const part of parts) {
          // Six characters in a row are more than a hint.
          for (let from = 0; from + 6 <= part.length; from += 1)
            for (const text of [shown?.earlier, shown?.lead])
              assert.ok(!text?.includes(part.slice(from, from + 6)) || part === 'password', String(text));
        }
      }),
      { numRuns: 300 },
    );
  });
});
