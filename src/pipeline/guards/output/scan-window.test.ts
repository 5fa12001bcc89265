import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { phraseScanner, policyWith, scanning } from '../../../../test/support/screened-answers.ts';
import type { Action } from '../actions.ts';
import { keywordScanner } from '../moderation/keywords.ts';
import type { Scanner } from '../scan/scanner.ts';
import { type AnswerState, GuardRun, type ScanningRun } from './guard-run.ts';
import { ScanWindow } from './scan-window.ts';

const PHRASES = ['forbidden', 'bidder', '炸弹制作', 'a😀b', 'red wine red'];
const HOLD_BACK = 40;

/** Texts that are full of phrases and of what nearly is one. */
const pieces = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...PHRASES) },
    { weight: 3, arbitrary: fc.constantFrom('forbidde', 'forb', '炸弹', 'a😀', 'red wine ', 'bidde', ' ', '\ud83d') },
    { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  ),
  { maxLength: 12 },
);

/** Any text, and where it is cut. */
const chunked = fc.tuple(pieces, fc.infiniteStream(fc.integer({ min: 1, max: 12 }))).map(([parts, sizes]) => {
  const text = parts.join('');
  const chunks: string[] = [];
  for (let at = 0; at < text.length;) {
    const size = sizes.next().value;
    chunks.push(text.slice(at, at + size));
    at += size;
  }
  return { text, chunks };
});

function windowWith(scanner: Scanner, action: Exclude<Action, 'off'>, holdBack = HOLD_BACK) {
  const state: AnswerState = { stop: undefined };
  const policy = policyWith();
  const guard = scanning(scanner);
  const run: ScanningRun = new GuardRun({ guard, policy, place: 'output', action, named: false }, state);
  return { window: new ScanWindow({ runs: [run], state, holdBack }), state, run };
}

/** What comes out of a window, and how much of it waited at most. */
function passed(window: ScanWindow, chunks: readonly string[]) {
  let said = '';
  let held = 0;
  for (const chunk of chunks) {
    said += window.add(chunk);
    held = Math.max(held, window.held);
  }
  return { said: said + window.close(), held };
}

describe('a window on a text that grows', () => {
  it('replaces what is found as in the whole text, however it is cut', () => {
    fc.assert(
      fc.property(chunked, ({ text, chunks }) => {
        const scanner = phraseScanner(PHRASES);
        const { window, run } = windowWith(scanner, 'redact');
        const { said, held } = passed(window, chunks);
        const { findings } = scanner.scan(text);
        assert.equal(
          said,
          findings.reduceRight((all, { start, end }) => `${all.slice(0, start)}[REDACTED]${all.slice(end)}`, text),
        );
        assert.equal(run.verdict.found?.['PHRASE'], findings.length === 0 ? undefined : findings.length);
        // The half of a character waits for its other half.
        assert.ok(held <= HOLD_BACK + 1);
      }),
    );
  });

  it('never lets out all of what is blocked', () => {
    fc.assert(
      fc.property(chunked, fc.integer({ min: 0, max: 6 }), ({ text, chunks }, holdBack) => {
        const { window, state, run } = windowWith(phraseScanner(PHRASES), 'block', holdBack);
        const { said } = passed(window, chunks);
        const has = PHRASES.some((one) => text.includes(one));
        assert.ok(text.startsWith(said));
        assert.ok(!PHRASES.some((one) => said.includes(one)));
        assert.equal(state.stop?.kind, has ? 'blocked' : undefined);
        assert.equal(run.verdict.outcome, has ? 'blocked' : text === '' ? 'skipped' : 'passed');
        if (!has) assert.equal(said, text);
      }),
    );
  });

  it('finds what is longer than it holds back, and sends no more of it', () => {
    const long = `begin ${'x'.repeat(180)} end`;
    const { window, run } = windowWith(phraseScanner([long]), 'redact');
    const { said, held } = passed(window, `before ${long} after`.split(''));
    assert.equal(run.verdict.outcome, 'redacted');
    assert.equal(held, HOLD_BACK);
    assert.ok(!said.includes('end'));
    assert.ok(said.endsWith('[REDACTED] after'));
  });

  it('keeps back every spelling of a phrase that is found in the whole text', () => {
    const words = ['project aurora', 'amok', '极光项目'];
    const lists = new Map([['ours', { words, files: [], whole: true, score: 1 }]]);
    const scanner = keywordScanner({ shipped: [], lists, allow: [] }, new Map([['ours', words]]));
    const signs = fc.constantFrom('', ' ', '  ', '.', '-', '*', ' . ', '\u200b', '\u200b'.repeat(30));
    const spelled = fc
      .tuple(fc.constantFrom(...words), signs, fc.constantFrom(' ', '   ', '. '))
      .map(([word, sign, gap]) => Array.from(word, (letter) => (letter === ' ' ? gap : letter)).join(sign));
    const befores = fc.constantFrom('', 'It is ', 'a ', 'x', 'b c ', '(', '中');
    const afters = fc.constantFrom(
      '',
      ' a',
      ' is',
      ' a b',
      ' a bcd',
      ' b c de',
      ' a\u200bs',
      '. Yes',
      '!',
      'x',
      '中',
      ' and more',
    );
    const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(befores, spelled, afters, sizes, (before, phrase, after, size) => {
        const text = before + phrase + after;
        const [first] = scanner.scan(text).findings;
        if (!first) return;
        const { window, state } = windowWith(scanner, 'block');
        let said = '';
        for (let at = 0; at < text.length;) {
          const to = at + size.next().value;
          said += window.add(text.slice(at, to));
          at = to;
        }
        said += window.close();
        assert.ok(said.length < first.end, said);
        assert.equal(state.stop?.kind, 'blocked');
      }),
      { numRuns: 400 },
    );
  });

  it('takes out what is still growing when it cannot wait any longer', () => {
    const digits: Scanner = {
      scan(text) {
        const findings = [...text.matchAll(/(?<!\d)\d{11,}/g)].map(({ 0: [...found], index }) => {
          return { start: index, end: index + found.length, category: 'LONG', score: 1 };
        });
        return { score: findings.length > 0 ? 1 : 0, findings };
      },
      held: (end) => /\d*$/.exec(end)?.[0].length ?? 0,
    };
    fc.assert(
      fc.property(fc.integer({ min: 11, max: 400 }), fc.integer({ min: 1, max: 9 }), (length, size) => {
        const text = `no: ${'7'.repeat(length)}. Yes.`;
        const { window } = windowWith(digits, 'redact');
        const { said, held } = passed(window, text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []);
        assert.equal(said, 'no: [REDACTED]. Yes.');
        assert.ok(held <= HOLD_BACK);
      }),
    );
  });

  it('sees signs together that only together count', () => {
    const together: Scanner = {
      scan: (text) => ({ score: (text.split('sign').length - 1) / 4, findings: [] }),
      held: () => 0,
    };
    const { window, state, run } = windowWith(together, 'block');
    passed(
      window,
      Array.from({ length: 400 }, (_, at) => (at % 90 === 0 ? 'sign' : 'word')),
    );
    assert.equal(state.stop?.kind, 'blocked');
    assert.ok((run.verdict.score ?? 0) >= 0.5);
  });

  it('stops at a scanner that throws, or goes on without it', () => {
    const broken: Scanner = {
      scan() {
        throw new Error('broken');
      },
      held: () => 0,
    };
    const closed = windowWith(broken, 'flag');
    assert.equal(closed.window.add('text'), '');
    assert.deepEqual(closed.state.stop, { kind: 'failed' });
    assert.equal(closed.run.verdict.went, 'no-further');
    const state: AnswerState = { stop: undefined };
    const guard = scanning(broken, { onFailure: 'open' });
    const run: ScanningRun = new GuardRun(
      { guard, policy: policyWith(), place: 'output', action: 'block', named: false },
      state,
    );
    const { said } = passed(new ScanWindow({ runs: [run], state, holdBack: 0 }), ['some ', 'text']);
    assert.equal(said, 'some text');
    assert.equal(run.verdict.outcome, 'failed');
    assert.equal(run.verdict.went, 'on');
  });
});
