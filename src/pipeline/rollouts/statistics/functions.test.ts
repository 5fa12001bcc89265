import assert from 'node:assert/strict';
import { test } from 'node:test';

import { crossing, logBeta, logGamma, logNormalBelow } from './functions.ts';

const close = (seen: number, expected: number, part = 1e-7): void =>
  assert.ok(Math.abs(seen - expected) <= part * Math.max(1, Math.abs(expected)), `${seen}, not ${expected}`);

test('the gamma function is that of the tables', () => {
  let factorial = 1;
  for (let n = 1; n < 20; n += 1) {
    close(logGamma(n), Math.log(factorial), 1e-12);
    factorial *= n;
  }
  close(logGamma(0.5), Math.log(Math.PI) / 2, 1e-12);
  close(logGamma(0.1), 2.252_712_651_734_206, 1e-10);
  close(logGamma(1e6), 12_815_504.569_147_77, 1e-12);
  close(logBeta(2, 3), Math.log(1 / 12), 1e-12);
});

test('the normal distribution is that of the tables, far out too', () => {
  close(logNormalBelow(0), Math.log(0.5));
  close(logNormalBelow(-1.959_963_985), Math.log(0.025));
  close(logNormalBelow(1.959_963_985), Math.log(0.975));
  close(logNormalBelow(-10), -53.231_285_150_512_47);
  assert.ok(Number.isFinite(logNormalBelow(-1000)));
});

test('a crossing is found, and the nearer end where there is none', () => {
  close(
    crossing((x) => x ** 3, 8, 0, 10),
    2,
  );
  close(
    crossing((x) => x, 50, 0, 10),
    10,
  );
});
