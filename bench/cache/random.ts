export function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  return values
    .map((value) => ({ value, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ value }) => value);
}

/** Draws values, of which the n-th most popular comes with a weight of 1 / n^exponent. Who is popular is left to chance. */
export function zipfDraws<Value>(
  values: readonly Value[],
  draws: number,
  exponent: number,
  random: () => number,
): Value[] {
  const ranked = shuffled(values, random);
  const sums: number[] = [];
  let sum = 0;
  for (const at of ranked.keys()) sums.push((sum += 1 / (at + 1) ** exponent));
  return Array.from({ length: draws }, () => {
    const value = ranked[firstAbove(sums, random() * sum)];
    if (value === undefined) throw new Error('nothing to draw from');
    return value;
  });
}

function firstAbove(sums: readonly number[], least: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) <= least) low = middle + 1;
    else high = middle;
  }
  return low;
}
