import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RE2JS } from 're2js';

import * as fc from '../../../../test/support/fast-check.ts';
import { forbidScanner, patternProblem } from './forbid.ts';
import { PartialMatch } from './partial-match.ts';

function scanner(patterns: Record<string, string>, where: 'requests' | 'answers' = 'answers', output = true) {
  const entries = Object.entries(patterns).map(([name, pattern]) => [name, { pattern, output }] as const);
  return forbidScanner({ forbid: new Map(entries) }, where);
}

describe('forbidden patterns', () => {
  it('are found where they stand, by their names', () => {
    const forbid = scanner({ secret: '(?i)internal use only', ticket: String.raw`T-\d{4}` });
    assert.deepEqual(forbid.scan('see T-1234: Internal Use Only'), {
      score: 1,
      findings: [
        { start: 4, end: 10, category: 'ticket', score: 1 },
        { start: 12, end: 29, category: 'secret', score: 1 },
      ],
    });
    assert.deepEqual(forbid.scan('nothing'), { score: 0, findings: [] });
  });

  it('have places in UTF-16 units', () => {
    const [finding] = scanner({ a: '秘密' }).scan('😀😀秘密').findings;
    assert.deepEqual([finding?.start, finding?.end], [4, 6]);
  });

  it('are found in what a reader takes a text for, and held back there', () => {
    const forbid = scanner({ a: 'internal use only' });
    for (const text of [
      'internal\u200b use only',
      'internal  use \t only',
      'internal\u00a0use only',
      'internal\nuse only',
      'ｉｎｔｅｒｎａｌ　ｕｓｅ only',
      'in\u{e0100}ternal use on\u00adly',
    ]) {
      const [finding] = forbid.scan(`😀 ${text}!`).findings;
      assert.deepEqual([finding?.start, finding?.end], [3, 3 + text.length], text);
      for (let cut = 1; cut < text.length; cut++)
        assert.ok(forbid.held(`😀 ${text.slice(0, cut)}`) >= cut, `${text} cut at ${cut}`);
    }
    assert.equal(scanner({ a: 'a\nb' }).scan('a\nb').score, 1);
  });

  it('are looked for in answers only where they say so', () => {
    assert.equal(scanner({ a: 'x' }, 'answers', false).scan('x').score, 0);
    assert.equal(scanner({ a: 'x' }, 'requests', false).scan('x').score, 1);
  });

  it('are told what is wrong with them', () => {
    assert.equal(patternProblem(String.raw`(?i)\binternal\b`), undefined);
    assert.match(patternProblem('(?=a)b') ?? '', /no pattern of RE2/);
    assert.match(patternProblem('(a') ?? '', /no pattern of RE2/);
    assert.match(patternProblem('(a[ab]{0,300}){1,3}c') ?? '', /too large/);
    assert.match(patternProblem('a*') ?? '', /every text/);
  });
});

describe('what is held back of a text that grows', () => {
  const patterns = ['internal use', String.raw`T-\d{2,4}x`, '(ab|a)c[xy]{2}', '(?i)straße', 'a.c', '秘密😀x'];

  it('is never less than the beginning of what is found later', () => {
    const noise = fc.string({ unit: fc.constantFrom('a', 'b', 'T', '-', '1', 'x', ' ', '😀'), maxLength: 12 });
    const hit = fc.constantFrom(
      'internal use',
      'T-12x',
      'T-1234x',
      'abcxy',
      'acyy',
      'STRASSE',
      'Straße',
      'abc',
      '秘密😀x',
    );
    fc.assert(
      fc.property(noise, hit, noise, fc.constantFrom(...patterns), (before, planted, after, pattern) => {
        const text = before + planted + after;
        const [found] = scanner({ p: pattern }).scan(text).findings;
        if (!found) return;
        for (let cut = found.start + 1; cut < found.end; cut += 1) {
          const held = scanner({ p: pattern }).held(text.slice(0, cut));
          assert.ok(held >= cut - found.start, `${pattern}: ${held} of ${cut - found.start}`);
        }
      }),
    );
  });

  it('is nothing where no pattern has begun', () => {
    const forbid = scanner({ a: 'internal use', b: String.raw`T-\d{4}` });
    assert.equal(forbid.held('all is well'), 0);
    assert.equal(forbid.held('all is int'), 3);
    assert.equal(forbid.held('see T-12'), 4);
    assert.equal(forbid.held(''), 0);
  });

  it('is everything where the engine has an instruction that is not known', () => {
    const pattern = RE2JS.compile('abc');
    for (const step of pattern.re2().prog.inst as { op: number }[]) step.op = 99;
    assert.equal(new PartialMatch(pattern).held('hello'), 5);
  });

  it('is found in work that is bounded by the length and the size of the pattern', () => {
    const pattern = RE2JS.compile('(a|b|ab){1,30}c');
    let looked = 0;
    const steps = pattern.re2().prog.inst as { matchRune(rune: number): boolean }[];
    for (const step of steps) {
      const match = step.matchRune.bind(step);
      step.matchRune = (rune) => {
        looked += 1;
        return match(rune);
      };
    }
    const partial = new PartialMatch(pattern);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ab'), maxLength: 200 }), (end) => {
        looked = 0;
        partial.held(end);
        assert.ok(looked <= end.length * steps.length, `${looked} for ${end.length}`);
      }),
    );
  });
});
