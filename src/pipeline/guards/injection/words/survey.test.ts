import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { fold } from '../disguise/fold.ts';
import { RULE_INDEX } from '../signs/all.ts';
import { isWordCode, symbolKey, wordKey } from '../signs/rule.ts';
import { type Step, stepsOf } from './pattern.ts';
import { Survey } from './survey.ts';
import { beginText } from './word-walk.ts';

const RULES = [...new Set([...RULE_INDEX.values()].flat())];
const KEYS = [...RULE_INDEX.keys()];

/** Where rules match a folded text, found by trying all of them everywhere. */
function placesIn(folded: string): number[] {
  const places: number[] = [];
  for (let at = 0; at < folded.length; at += 1) {
    const code = folded.charCodeAt(at);
    if (isWordCode(code) && isWordCode(folded.charCodeAt(at - 1))) continue;
    const rules = RULE_INDEX.get(isWordCode(code) ? wordKey(folded, at) : symbolKey(code)) ?? [];
    const isThere = rules.some(({ pattern }) => {
      pattern.lastIndex = at;
      return pattern.test(folded);
    });
    if (isThere) places.push(at);
  }
  return places;
}

/** A text that a rule matches, or nearly. */
function sampleOf(start: Step, choices: readonly number[]): string {
  let text = '';
  let step = start;
  for (let at = 0; step.kind !== 'match' && text.length < 200; at += 1) {
    const choice = choices[at % choices.length] ?? 0;
    const { units } = step;
    if (units) {
      const named = [...units.ascii.keys()].filter((code) => units.ascii[code] === 1 && code > 9);
      const all = [...named, ...units.named];
      text += String.fromCharCode(all[choice % all.length] ?? 32);
    }
    const next = step.nexts[choice % step.nexts.length];
    if (!next) break;
    step = next;
  }
  return text;
}

const choices = fc.array(fc.nat(1000), { minLength: 3, maxLength: 30 });
const sample = fc
  .tuple(fc.constantFrom(...RULES), choices)
  .map(([{ pattern }, chosen]) => sampleOf(stepsOf(pattern.source), chosen));
const head = fc.constantFrom(...KEYS).map((key) => {
  let letters = '';
  for (let left = Math.abs(key); left > 0; left = key < 0 ? 0 : Math.floor(left / 128))
    letters = String.fromCharCode(key < 0 ? left : left % 128) + letters;
  return letters;
});
const SPELLINGS = `the of to your you all any previous system prompt instructions rules ignore never always not no say 3rd 2nd
  café ’s Über DAN іgnore ｉｇｎｏｒｅ 忽略 以上 指令 🔓 a ab 01000001 incomprehensibilities ½ ß`;
const word = fc.constantFrom(...SPELLINGS.split(/\s+/));
const GAPS =
  " | | |, |. |\n|\n\n|  |\r|\r  |\r\n| - |-|'|’|—||(| [| <|# |---|************|<<<|%|%41|\\u0041|&#65;|\u200b|\u0301|\u00a0|\u2028";
const gap = fc.constantFrom(...GAPS.split('|'));
const text = fc
  .array(fc.tuple(fc.oneof(sample, sample, head, word, fc.string({ maxLength: 4 })), gap), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.flat().join(''));

describe('a survey', () => {
  it('leaves out no place at which a rule matches', () => {
    fc.assert(
      fc.property(text, (given) => {
        beginText();
        const folded = fold(given).text;
        const chances = new Set(Survey.ofFolded(folded).chances.map(({ at }) => at));
        for (const at of placesIn(folded)) assert.ok(chances.has(at), `${JSON.stringify(folded.slice(at))} at ${at}`);
      }),
      { numRuns: 400 },
    );
  });

  it('of a text that has not been folded says what one of the folded text does', () => {
    fc.assert(
      fc.property(text, (given) => {
        beginText();
        const survey = Survey.of(given);
        if (!survey) return;
        const folded = fold(given);
        const { hiddenLetters, lookalikes, smuggled } = folded;
        assert.deepEqual({ hiddenLetters, lookalikes, smuggled }, { hiddenLetters: 0, lookalikes: 0, smuggled: '' });
        if (survey.isExact) assert.equal(folded.text, given.toLowerCase());
        const places = placesIn(folded.text);
        if (survey.isExact) assert.ok(places.every((at) => survey.chances.some((chance) => chance.at === at)));
        if (survey.chances.length === 0) assert.deepEqual(places, []);
        const later = Survey.ofFolded(folded.text);
        for (const name of [
          'leetWords',
          'brokenWords',
          'rot13Words',
          'reversedWords',
          'hasPairs',
          'hasBinary',
        ] as const)
          assert.equal(survey[name], later[name], name);
        for (const name of ['hasSpacedLetters', 'hasLongWords', 'spacedSigns'] as const)
          assert.equal(survey[name], later[name], name);
      }),
      { numRuns: 400 },
    );
  });
});
