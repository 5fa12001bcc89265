import { resolve } from 'node:path';

import { amount, countsOf } from '../../src/pipeline/guards/injection/scanner.ts';
import { signsOf } from '../../src/pipeline/guards/injection/signs-of.ts';
import { SIGNS } from '../../src/pipeline/guards/injection/weights.ts';
import { type Example, fit, probability } from './injection/fit.ts';
import { PRIOR, PRIOR_BIAS } from './injection/prior.ts';
import { type TextSet, readSets } from './injection/sets.ts';

/**
 * Fits the weights of the signs of an injection: `node bench/guards/fit-injection.ts [data folder]`. It reads the
 * development half of the data and prints the table for src/pipeline/guards/injection/weights.ts.
 */
const sets = readSets(resolve(process.argv[2] ?? '../shared/data'), 'development');

/** Each set counts this much as a whole, whatever its size, so that test questions do not outvote everything else. */
const shares: readonly (readonly [TextSet, number])[] = [
  [sets.jailbreaks, 300],
  [sets.falseRefusal, 150],
  [sets.xstest, 100],
  ...sets.everyday.map((set): [TextSet, number] => [set, 100]),
  ...sets.own.map((set): [TextSet, number] => [set, 100]),
];

const examples = shares.flatMap(([set, share]) =>
  set.texts.slice(0, 1500).map((text) => exampleOf(text, set.isAttack, share / Math.min(1500, set.texts.length))),
);
const model = fit(examples, { bias: PRIOR_BIAS, weights: SIGNS.map((sign) => PRIOR[sign]) });

console.log(`BIAS ${model.bias.toFixed(2)}`);
for (const [at, sign] of SIGNS.entries()) {
  const seen = (isAttack: boolean): number =>
    examples.filter((one) => one.isAttack === isAttack && one.amounts.has(at)).length;
  console.log(
    `${sign} ${(model.weights[at] ?? 0).toFixed(2)} (prior ${PRIOR[sign]}, in ${seen(true)} attacks and ${seen(false)} benign texts)`,
  );
}
console.log('\nshare flagged by threshold');
for (const threshold of [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
  const parts = shares.map(([set]) => {
    const flagged = set.texts.filter(
      (text) => probability(model, exampleOf(text, set.isAttack, 1)) >= threshold,
    ).length;
    return `${set.name} ${(flagged / set.texts.length).toFixed(3)}`;
  });
  console.log(`${threshold}: ${parts.join(', ')}`);
}

function exampleOf(text: string, isAttack: boolean, weight: number): Example {
  const counts = countsOf(signsOf(text));
  return {
    amounts: new Map([...counts].map(([sign, count]) => [SIGNS.indexOf(sign), amount(count)])),
    isAttack,
    weight,
  };
}
