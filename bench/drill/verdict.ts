/** One promise of a drill beside what was seen of it. */
export interface Check {
  readonly what: string;
  readonly target: string;
  readonly seen: string;
  /** Absent where a figure is only shown. */
  readonly met?: boolean;
  /** No machine is too slow for it: to miss it is a fault of the program. */
  readonly isExact?: true;
}

export const exactly = (check: Check): Check => ({ ...check, isExact: true });

export const atLeast = (what: string, share: number, target: number): Check => ({
  what,
  target: `≥ ${percent(target)}`,
  seen: percent(share),
  met: share >= target,
});

export const atMost = (what: string, value: number, target: number, unit = ''): Check => ({
  what,
  target: `≤ ${target}${unit}`,
  seen: `${Number.isInteger(value) ? value : value.toFixed(2)}${unit}`,
  met: value <= target,
});

/** Rounded down, so that 100 % means all. */
export function percent(share: number): string {
  if (Number.isNaN(share)) return '–';
  return `${Math.floor(share * 10_000 + 1e-6) / 100} %`;
}

/** NaN of none, which meets no target. */
export function most(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : Math.max(...values);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The most frequent first: `998 completed, 2 failed`. */
export function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  return sorted.map(([word, count]) => `${count} ${word}`).join(', ') || '–';
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

const VERDICTS = { true: 'met', false: '**NOT met**', undefined: '' } as const;

export function checkTable(checks: readonly Check[]): string {
  return markdownTable(
    ['', 'target', 'seen', ''],
    checks.map(({ what, target, seen, met }) => [what, target, seen, VERDICTS[`${met}`]]),
  );
}
