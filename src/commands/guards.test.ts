import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { configOf } from '../../test/support/config-of.ts';
import * as fc from '../../test/support/fast-check.ts';
import { guards } from './guards.ts';
import { calibrate } from './guards-calibration.ts';
import { csvRows } from './guards-csv.ts';
import { type Sample, USUAL_FIELDS, readSamples } from './guards-samples.ts';
import { openScorer } from './guards-scorers.ts';
import { readyScores, scoreAll } from './guards-scoring.ts';
import { calibrationText } from './guards-text.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'calibrate-'));
after(() => rmSync(FOLDER, { recursive: true }));

const WANTED = { falseBlock: 0.01, falsePass: 0.05, confidence: 0.95 };
const CONFIG = configOf(`
guards:
  default:
    keywords: { shipped: [en] }
    judges:
      label: { target: sim/echo, as: prompt-guard }
      both: { target: sim/echo, as: prompt-guard, cascade: { strong: { target: sim/echo, as: llama-guard } } }
      silent: { target: sim/echo, as: moderation }
`);

function fileOf(name: string, text: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

const read = (name: string, text: string): Sample[] => readSamples(fileOf(name, text), USUAL_FIELDS);

const textsOf = (safe: string, harmful: string, count = 300): Sample[] =>
  [...Array.from({ length: count }, () => safe), ...Array.from({ length: 20 }, () => harmful)].map((text, at) => ({
    isHarmful: at >= count,
    text,
    score: undefined,
    strongScore: undefined,
  }));

const quiet = { onProgress: () => undefined, save: undefined };

test('what is written as CSV is read as it was', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', '傻', ' '), maxLength: 6 });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { maxLength: 5 });
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (cells, end) => {
      const csv = cells.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join(end);
      assert.deepEqual(
        csvRows(csv).map((row) => row.cells),
        cells,
      );
    }),
  );
});

test('labelled data is read from lines of JSON and from CSV, and what is wrong is said with its line', () => {
  const lines = '{"prompt":"a","label":"harmful"}\n\n{"text":"b","label":false,"score":0.25}\n';
  const [a, b] = read('a.jsonl', lines);
  assert.deepEqual([a?.isHarmful, a?.text, b?.isHarmful, b?.text, b?.score], [true, 'a', false, 'b', 0.25]);
  const csv = read('b.csv', '\uFEFF,topic,Label,TEXT\r\n1,x,1,"a\nb, c"\r\n2,y,0,d\r\n');
  assert.deepEqual(
    csv.map(({ isHarmful, text }) => [isHarmful, text]),
    [
      [true, 'a\nb, c'],
      [false, 'd'],
    ],
  );
  const wrong: Readonly<Record<string, RegExp>> = {
    '{"text":"my secret","label":1}\nmy secret': /x\.jsonl:2: is no JSON object$/,
    '{"text":"my secret","label":"my secret"}': /x\.jsonl:1: its "label" is no label; use true or false/,
    '{"text":"my secret"}': /x\.jsonl:1: has no "label"; say with --label/,
    '{"label":1,"score":"my secret"}': /x\.jsonl:1: its "score" is no number from 0 to 1$/,
    '{"label":1,"score":1.5}': /x\.jsonl:1: its "score" is no number/,
    '\n': /x\.jsonl has no samples/,
  };
  for (const [text, message] of Object.entries(wrong)) {
    assert.throws(
      () => read('x.jsonl', text),
      (error) => error instanceof RangeError && message.test(error.message) && !error.message.includes('my secret'),
    );
  }
  assert.throws(
    () => read('x.csv', 'text,label\na,1\n"b\nc",0,1\n'),
    /x\.csv:3: has 3 columns, and the first line has 2/,
  );
  assert.throws(() => readSamples(join(FOLDER, 'gone.csv'), USUAL_FIELDS), /gone\.csv: there is no such file/);
});

test('a guard that works by itself is calibrated, and the lines to paste name it', async () => {
  const scorer = openScorer(CONFIG, 'default', 'keywords');
  const { samples } = await scoreAll('f', textsOf('How are you?', 'You moron'), scorer, quiet);
  const calibration = calibrate(samples, WANTED, scorer.now);
  assert.deepEqual(calibration.chosen, { threshold: 0.5 });
  const text = calibrationText(calibration, WANTED, scorer);
  assert.match(text, /chosen: at most 1 % +0\.5 +100\.00 % +0\.00 % +0\.99 % +100\.00 %/);
  assert.match(text, /at most 0\.1 %: to be 95 % sure .* needs at least 2995 safe samples, and there are 300\./);
  assert.ok(text.endsWith('\nguards:\n  default:\n    keywords:\n      threshold: 0.5'), text);
});

function version(keywords: string): string {
  return openScorer(configOf(`guards: { p: { keywords: ${keywords} } }`), 'p', 'keywords').version;
}

test('scores that were saved count only for the same words, settings and program', () => {
  const versions = ['{ shipped: [en] }', '{ shipped: [zh] }', '{ lists: { a: { words: [x] } } }'].map(version);
  assert.equal(new Set(versions).size, 3);
  assert.equal(version('{ shipped: [en] }'), versions[0]);
});

test('what is in force stays where what was chosen does no better', () => {
  const samples = textsOf('', '').map(({ isHarmful }) => ({ isHarmful, score: isHarmful ? 1 : 0 }));
  assert.deepEqual(calibrate(samples, WANTED, { threshold: 0.6 }).chosen, { threshold: 0.6 });
  assert.deepEqual(calibrate(samples, WANTED, { threshold: 0 }).chosen, { threshold: 0.5 });
});

test('nobody is asked about samples that are too few', async () => {
  const config = fileOf('c.yaml', 'guards: { default: { judges: { j: { target: sim/echo } } } }');
  const few = fileOf('few.jsonl', '{"text":"a","label":1}\n{"text":"b","label":0}\n');
  const save = join(FOLDER, 'none.jsonl');
  const argv = ['calibrate', few, '--guard', 'j', '--config', config, '--save', save];
  await assert.rejects(guards.run(argv, {}), /needs at least 299 safe samples, and there are 1$/);
  assert.equal(existsSync(save), false);
});

test('a judge is asked through its provider; what it said is saved without texts, and not asked again', async () => {
  const save = join(FOLDER, 'scores.jsonl');
  const samples = textsOf('BENIGN', 'JAILBREAK');
  const scorer = openScorer(CONFIG, 'default', 'label');
  const first = await scoreAll('f', samples, scorer, { ...quiet, save });
  await scorer.close();
  assert.deepEqual([first.samples[0]?.score, first.samples.at(-1)?.score], [0, 1]);
  const saved = readFileSync(save, 'utf8');
  assert.ok(!saved.includes('BENIGN') && saved.split('\n').length === 321);
  // Where it was stopped there is half a line.
  writeFileSync(save, saved.slice(0, -10));
  let asked = 0;
  const counting = { ...scorer, score: async () => ({ score: (asked += 1) && 1, strongScore: undefined }) };
  const again = await scoreAll('f', samples, counting, { ...quiet, save });
  assert.deepEqual([again.samples, asked], [first.samples, 0]);
  const other = await scoreAll('f', samples, { ...counting, version: 'another' }, { ...quiet, save });
  assert.deepEqual([other.samples.length, asked], [320, 320]);
  // What was saved can be calibrated with by itself.
  assert.equal(readyScores(save, readSamples(save, USUAL_FIELDS)).samples[0]?.score, 0);
});

test('of a cascade both judges are asked', async () => {
  const scorer = openScorer(CONFIG, 'default', 'both');
  // One of both does not understand what it is answered.
  await assert.rejects(scorer.score('unsafe\nS1'), /JudgeFailed: sim\/echo/);
  await scorer.close();
  assert.deepEqual([scorer.now, scorer.asks], [{ pass: 0.9, block: 0.95, threshold: 0.5 }, ['sim/echo', 'sim/echo']]);
  const samples = textsOf('a', 'b', 500).map(({ isHarmful }, at) => {
    const score = isHarmful ? 0.6 : 0.3 + at / 1e4;
    return { isHarmful, score, strongScore: isHarmful ? 0.9 : 0.2 };
  });
  const text = calibrationText(calibrate(samples, WANTED, scorer.now), WANTED, scorer);
  assert.match(text, /\n {8}threshold: 0\.\d+\n {8}cascade:\n {10}pass: 0\.\d+\n {10}block: 0\.\d+$/);
  assert.match(text, /the strong one alone/);
  assert.match(text, /needs 59 harmful samples/);
});

test('a judge that does not say is given up soon, and what is not there is said', async () => {
  const scorer = openScorer(CONFIG, 'default', 'silent');
  await assert.rejects(
    scoreAll('f', textsOf('a', 'b'), scorer, quiet),
    /texts in a row could not be scored: sim\/echo/,
  );
  await scorer.close();
  assert.throws(() => openScorer(CONFIG, 'other', 'label'), /no policy "other" under guards; there are: default/);
  assert.throws(() => openScorer(CONFIG, 'default', 'pii'), /there are: keywords, label, both, silent/);
  assert.throws(() => readyScores('f', textsOf('a', 'b')), /sample 1 of f has no "score"; name a guard/);
  await assert.rejects(
    scoreAll('f', [{ ...textsOf('a', 'b')[0], text: undefined } as Sample], scorer, quiet),
    /--text/,
  );
});

test('wrong words on the command line are said', async () => {
  const wrong: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [['check'], /there is no "guards check"/],
    [['calibrate'], /name the file/],
    [['calibrate', 'a', 'b'], /one word too many/],
    [['calibrate', 'a', '--policy', 'p'], /go with --guard/],
    [['calibrate', 'a', '--false-block', '1'], /--false-block is a share between 0 and 1/],
  ];
  for (const [argv, message] of wrong) {
    await assert.rejects(
      guards.run(argv, {}),
      (error) => error instanceof Error && error.name === 'UsageError' && message.test(error.message),
    );
  }
});
