import { resolve } from 'node:path';

import type { Hit } from '../../src/pipeline/guards/injection/look.ts';
import { signsOf } from '../../src/pipeline/guards/injection/signs-of.ts';
import { SIGNS } from '../../src/pipeline/guards/injection/weights.ts';
import { amount, densest } from '../../src/pipeline/guards/injection/window.ts';
import { type Example, type Model, fit, probability } from './injection/fit.ts';
import { shareFlagged } from './injection/figures.ts';
import { PRIOR, PRIOR_BIAS } from './injection/prior.ts';
import { type TextSet, readSets } from './injection/sets.ts';

/**
 * Fits the weights of the signs of an injection: `node bench/guards/fit-injection.ts [data folder]`. It reads the
 * development half of the data and prints the table for src/pipeline/guards/injection/weights.ts.
 */
const sets = readSets(resolve(process.argv[2] ?? '../shared/data'), 'development');

/** Texts of one set. */
const MOST = 1500;
const PRIOR_MODEL: Model = { bias: PRIOR_BIAS, weights: SIGNS.map((sign) => PRIOR[sign]) };

/** Each set counts this much as a whole, whatever its size, so that test questions do not outvote everything else. */
const shares: readonly (readonly [TextSet, number])[] = [
  [sets.jailbreaks, 300],
  [sets.falseRefusal, 150],
  [sets.xstest, 100],
  ...sets.everyday.map((set): [TextSet, number] => [set, 100]),
  ...sets.own.map((set): [TextSet, number] => [set, 100]),
];

interface Read {
  readonly hits: readonly Hit[];
  readonly isAttack: boolean;
  readonly weight: number;
}

const read = shares.flatMap(([{ texts, isAttack }, share]) => {
  const used = texts.slice(0, MOST);
  return used.map((text): Read => ({ hits: signsOf(text), isAttack, weight: share / used.length }));
});
// Which part of a text is the densest depends on the weights, so that they are fitted twice.
const first = fit(
  read.map((one) => exampleOf(one, PRIOR_MODEL)),
  PRIOR_MODEL,
);
const examples = read.map((one) => exampleOf(one, first));
const model = fit(examples, PRIOR_MODEL);

console.log(`BIAS ${model.bias.toFixed(2)}`);
for (const [at, sign] of SIGNS.entries()) {
  const seen = (isAttack: boolean): number =>
    examples.filter((one) => one.isAttack === isAttack && one.amounts.has(at)).length;
  console.log(
    `${sign} ${(model.weights[at] ?? 0).toFixed(2)} (prior ${PRIOR[sign]}, in ${seen(true)} attacks and ${seen(false)} benign texts)`,
  );
}
const scored = shares.map(([{ name, isAttack, texts }]): [string, number[]] => [
  name,
  texts
    .slice(0, MOST)
    .map((text) => probability(model, exampleOf({ hits: signsOf(text), isAttack, weight: 1 }, model))),
]);
console.log('\nshare flagged by threshold');
for (const threshold of [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
  const parts = scored.map(([name, scores]) => `${name} ${shareFlagged(scores, threshold).toFixed(3)}`);
  console.log(`${threshold}: ${parts.join(', ')}`);
}

function exampleOf({ hits, isAttack, weight }: Read, { weights }: Model): Example {
  const counts = densest(hits, (sign) => weights[SIGNS.indexOf(sign)] ?? 0);
  return {
    amounts: new Map([...counts].map(([sign, count]) => [SIGNS.indexOf(sign), amount(count)])),
    isAttack,
    weight,
  };
}
