import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import type { Finding } from '../scan/scanner.ts';
import { AhoCorasick } from './aho-corasick.ts';
import { keywordScanner } from './keywords.ts';
import { SHIPPED } from './shipped-lists.ts';
import { readWordLists } from './word-lists.ts';

interface Lists {
  readonly words?: readonly string[];
  readonly whole?: boolean;
  readonly allow?: readonly string[];
}

const scannerOf = ({ words = [], whole = true, allow = [] }: Lists) =>
  keywordScanner(
    { shipped: [], lists: new Map([['own', { words: [...words], whole, score: 1 }]]), allow: [...allow] },
    new Map([['own', words]]),
  );

const texts = (text: string, findings: readonly Finding[]): string[] =>
  findings.map(({ start, end }) => text.slice(start, end));

const found = (text: string, lists: Lists): string[] => texts(text, scannerOf(lists).scan(text).findings);

const units = (text: string): Uint16Array => Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));

test('the automaton finds what a search for each word finds', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '傻', '逼'), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.uniqueArray(piece, { maxLength: 12 }), fc.array(piece, { maxLength: 12 }), (words, pieces) => {
      const text = pieces.join('');
      const seen: string[] = [];
      new AhoCorasick(words.map(units)).scan(units(text), text.length, (word, end) =>
        seen.push(`${words[word]} ${end}`),
      );
      const expected = words.flatMap((word) =>
        Array.from(text).flatMap((_, at) => (text.startsWith(word, at) ? [`${word} ${at + word.length}`] : [])),
      );
      assert.deepEqual(seen.toSorted(), expected.toSorted());
    }),
  );
});

/** What people put into words so that they are not found. */
const DISGUISES: Readonly<Record<string, (word: string) => string>> = {
  capital: (word) => word.toUpperCase(),
  wide: (word) => word.replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
  bold: (word) => word.replace(/[a-z]/g, (letter) => String.fromCodePoint(0x1d400 + 26 + letter.charCodeAt(0) - 97)),
  unseen: (word) => Array.from(word).join('\u200B'),
  accents: (word) => Array.from(word).join('\u0308'),
  points: (word) => Array.from(word).join('.'),
  commas: (word) => Array.from(word).join(','),
  dashes: (word) => Array.from(word).join('—'),
  stars: (word) => Array.from(word).join('☆'),
  pictures: (word) => Array.from(word).join('😀'),
  'three spaces': (word) => Array.from(word).join('   '),
  lines: (word) => Array.from(word).join('\n'),
  rings: (word) => Array.from(word).join('\u20DD'),
  spaces: (word) => Array.from(word).join(' '),
};

test('a word is found in each disguise, where it stands', () => {
  const word = fc.constantFrom('moron', 'scum', '傻逼', '王八蛋');
  const around = fc.constantFrom('', 'so, ', '看！', '😀 ', '"', '㎏ ', 'u ', 'ok\n');
  const disguise = fc.constantFrom(...Object.keys(DISGUISES));
  fc.assert(
    fc.property(word, disguise, around, around, (plain, name, before, after) => {
      const shown = DISGUISES[name]?.(plain) ?? '';
      const text = `${before}${shown}${after === '' ? '' : `, ${after}`}`;
      assert.deepEqual(found(text, { words: ['moron', 'scum', '傻逼', '王八蛋'] }), [shown]);
    }),
  );
});

test('what will have been found is held back at every place where the text may be cut', () => {
  const words = ['moron', 'piece of scum', '傻逼', '傻逼东西', 'of'];
  const scanner = scannerOf({ words, allow: ['oxymoron ish'] });
  const part = fc.constantFrom(...words, ...words.flatMap((word) => Object.values(DISGUISES).map((put) => put(word))));
  const text = fc.array(fc.oneof(part, fc.constantFrom(' ', '  ', 'a', '，', '*', 'x', '\n', '人')), { maxLength: 6 });
  fc.assert(
    fc.property(text, (parts) => {
      const whole = parts.join('');
      for (const { start, end } of scanner.scan(whole).findings) {
        for (let cut = start + 1; cut < end; cut += 1) {
          const held = scanner.held(whole.slice(0, cut));
          assert.ok(held >= cut - start, `${JSON.stringify(whole)} cut at ${cut}: ${held} held`);
        }
      }
    }),
  );
});

test('findings are in order, do not overlap and lie in the text', () => {
  const scanner = scannerOf({ words: ['ab', 'bc', 'b', 'cabc', '傻', '傻逼'], whole: false });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '傻', '逼', '㎏', '.', ' ', '𝐚'), maxLength: 40 });
  fc.assert(
    fc.property(text, (given) => {
      let last = 0;
      for (const { start, end } of scanner.scan(given).findings) {
        assert.ok(start >= last && end > start && end <= given.length);
        last = end;
      }
    }),
  );
});

test('words of letters count where they stand alone, unless they need not; Chinese anywhere', () => {
  assert.deepEqual(found('class ass assess', { words: ['ass'] }), ['ass']);
  assert.deepEqual(found('class', { words: ['ass'], whole: false }), ['ass']);
  assert.deepEqual(found('你是ass吗，真是个大傻逼啊', { words: ['ass', '傻逼'] }), ['ass', '傻逼']);
  assert.deepEqual(found('kill \n yourself', { words: ['kill yourself'] }), ['kill \n yourself']);
  // Parts of sentences, and paragraphs, are no word.
  assert.deepEqual(found('他很傻，逼我走。贱。人，傻\n\n逼', { words: ['贱人', '傻逼'] }), []);
  assert.deepEqual(found('賤 人', { words: ['贱人'] }), ['賤 人']);
});

test('a phrase is found with any signs between its words, and with none', () => {
  const lists = { words: ['project aurora', '极光项目', 'moron', 'c++', '🖕'] };
  for (const text of [
    'project-aurora',
    'project_aurora',
    'project.aurora',
    'project** aurora',
    'project "aurora',
    'p r o j e c t  a u r o r a',
    'project, aurora',
    'PROJECT\n- aurora',
    'project😀aurora',
    'projectaurora',
    'mo-ron',
    '极，光，项，目',
    '极、光、项、目',
    '极—光—项—目',
    '极😀光😀项😀目',
    '极\n光\n项\n目',
    '极(光)项(目',
    '极光——项目'.replace('——', '—'),
    'c++',
    '🖕',
  ]) {
    assert.deepEqual(found(`the ${text} now`, lists), [text]);
    for (let cut = 5; cut < 4 + text.length; cut += 1)
      assert.ok(scannerOf(lists).held(`the ${text}`.slice(0, cut)) >= cut - 4, `${text} cut at ${cut}`);
  }
  for (const text of ['the c in project, and aurora', 'grammar oner', 'more on', '光', 'm,o,r'])
    assert.deepEqual(found(text, lists), []);
});

test('within a phrase that is allowed nothing is found', () => {
  const lists = { words: ['hell', '杂种'], whole: false, allow: ['Hello', '杂种优势'] };
  assert.deepEqual(found('hello, go to hell. 杂种优势，杂种', lists), ['hell', '杂种']);
});

const list = (words: string[], score: number) => ({ words, whole: true, score });

test('the heaviest list counts, and says its category', () => {
  const lists = new Map([
    ['mild', list(['damn', 'fool'], 0.3)],
    ['harsh', list(['damn fool'], 0.9)],
  ]);
  const scanner = keywordScanner({ shipped: [], lists, allow: [] }, readWordLists({ lists }));
  const { score, findings } = scanner.scan('a damn fool, damn');
  assert.equal(score, 0.9);
  assert.deepEqual(
    findings.map(({ category }) => category),
    ['harsh', 'mild'],
  );
});

test('every word of the shipped lists is found, by its category or a word within it', () => {
  const scanner = keywordScanner({ shipped: ['en', 'zh'], lists: new Map(), allow: [] }, new Map());
  for (const [category, words] of Object.values(SHIPPED).flatMap((lists) => Object.entries(lists))) {
    for (const word of words) {
      const { score, findings } = scanner.scan(`… ${word} …`);
      assert.ok(score === 1 && findings.length === 1, `${category}: ${word}`);
    }
  }
  for (const harmless of ['How do I assess a class in Scunthorpe?', '水稻的杂种优势是什么？', '他过去死记硬背']) {
    assert.equal(scanner.scan(harmless).score, 0, harmless);
  }
});

test('a list of words is read from a file; what is wrong with it is said with its key', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'words-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'words.txt'), '\uFEFF# ours\r\nfoo bar\t# theirs\r\n c# dur\n\r\n  傻逼 \n');
  writeFileSync(join(folder, 'empty.txt'), '# nothing yet\n');
  const read = (file: string) =>
    readWordLists(
      {
        lists: new Map([['ours', { words: ['baz'].slice(file === 'empty.txt' ? 1 : 0), file, whole: true, score: 1 }]]),
      },
      folder,
    );
  assert.deepEqual(read('words.txt').get('ours'), ['baz', 'foo bar', 'c# dur', '傻逼']);
  assert.throws(() => read('gone.txt'), {
    name: 'RangeError',
    message: 'keywords.lists.ours.file: "gone.txt": there is no such file',
  });
  assert.throws(() => read('empty.txt'), /keywords\.lists\.ours: has no words/);
  assert.throws(() => scannerOf({ words: ['\u200B'] }), /keywords\.lists\.own: a word has no letters/);
  assert.throws(() => scannerOf({ words: ['x'.repeat(201)] }), /more than 200 characters/);
});

test('a megabyte of the worst takes time that grows with its length alone', () => {
  const words = Array.from({ length: 100 }, (_, at) => 'a'.repeat(at + 1));
  const scanner = scannerOf({ words, whole: true });
  const hostile = ['a', 'a ', 'a.', '傻*', '\u{1D400}', 'ﷺ', '. ', '傻逼'];
  for (const piece of hostile) {
    const text = piece.repeat(Math.ceil(200_000 / piece.length));
    const began = process.cpuUsage();
    scanner.scan(text);
    const { user } = process.cpuUsage(began);
    assert.ok(user < 1_000_000, `${piece}: ${user} µs`);
  }
});
