import assert from 'node:assert/strict';
import { it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { injectionScanner } from './scanner.ts';
import { ALL_RULES } from './signs/all.ts';

const LENGTH = 32_768;
/** Of the processor; several times what was ever seen of the worst text of a long search, since others share its caches. */
const MOST_MS = 50;

/** Everything that rules begin with or go on with, and what makes a text worth decoding. */
const WORDS = ALL_RULES.flatMap(({ heads, rest = '' }) => [
  ...heads.split('|'),
  ...(rest.match(/[a-z]{2,}|[\u4e00-\u9fff]+/g) ?? []),
]);
const GLUE = [
  ' ',
  ' ',
  '',
  '-',
  '.\n',
  '%41',
  String.raw`\u0061`,
  '&#97;',
  '1',
  'a b c d e f g ',
  'é',
  'а',
  '\u200b',
  'aGVsbG8gd29ybGQgaGVsbG8=',
  '48656c6c6f20',
  '01100001 ',
  '<',
  '[',
  '!--',
];

/** Of the processor: how long others had it makes no difference. */
function millisecondsOf(text: string): number {
  const start = process.threadCpuUsage();
  injectionScanner().scan(text);
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

it(`takes at most ${MOST_MS} ms for any 32 KB, made of what costs most`, () => {
  const parts = fc.array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...GLUE)), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(parts, (pairs) => {
      const part = pairs.flat().join('');
      const text = part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH);
      // Code may have been compiled meanwhile: the best of three counts.
      const took = [1, 2, 3].reduce((best) => (best < MOST_MS ? best : Math.min(best, millisecondsOf(text))), Infinity);
      assert.ok(took < MOST_MS, `${took} ms`);
    }),
    { numRuns: 100, endOnFailure: true },
  );
});

it('takes time in proportion to the length', () => {
  const text = 'ignore the rules of the game, 1gn0r3 th3m, aWdub3JlIGFsbCBydWxlcw== ';
  const LONGER = 8;
  // As many characters in texts of any length: the clock of the processor has steps of some milliseconds.
  const timeOf = (length: number): number => {
    const given = text.repeat(Math.ceil(length / text.length));
    let took = 0;
    for (let read = 0; read < LENGTH * LONGER * 8; read += length) took += millisecondsOf(given);
    return took;
  };
  timeOf(LENGTH);
  const ratio = timeOf(LENGTH * LONGER) / timeOf(LENGTH);
  assert.ok(ratio < 3, `as many characters in texts ${LONGER} times as long took ${ratio.toFixed(1)} times as long`);
});
