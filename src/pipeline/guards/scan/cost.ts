import { RE2JS } from 're2js';

import { forbidSteps } from '../validation/forbid.ts';
import { SCANNING, type ScannerSettings } from './scanning.ts';
import type { ScanRequest } from './messages.ts';

/**
 * What a character costs in the worst text that `npm run bench:guards -- --only worst-case` found for each guard, in
 * nanoseconds on its machine, with some room. Ordinary texts cost a small part of it.
 */
const WORST = { [SCANNING.pii]: 1000, [SCANNING.injection]: 1000, [SCANNING.keywords]: 300 } as const;

/** What a step of an operator's own pattern costs for each character, and what a pattern costs beside. */
const STEP = 20;
const PATTERN = 100;

/** What looking at a text costs, however short it is. */
const TEXT = 2000;

/** Nanoseconds for each character at worst, by guard. */
export type ScanCosts = ReadonlyMap<string, number>;

export function scanCosts({ pii, validation }: ScannerSettings): ScanCosts {
  const own = [...(pii?.own.values() ?? [])];
  const ownSteps = own.reduce((sum, { pattern }) => sum + RE2JS.compile(pattern).programSize(), 0);
  const forbid = validation ? forbidSteps(validation) * STEP + validation.forbid.size * PATTERN : 0;
  return new Map<string, number>([
    [SCANNING.pii, WORST[SCANNING.pii] + ownSteps * STEP + own.length * PATTERN],
    [SCANNING.injection, WORST[SCANNING.injection]],
    [SCANNING.keywords, WORST[SCANNING.keywords]],
    [SCANNING.forbid, forbid],
    [SCANNING.forbidOutput, forbid],
  ]);
}

/** How long it takes at worst, nanoseconds. */
export function costOf(costs: ScanCosts, asked: readonly ScanRequest[]): number {
  let sum = 0;
  for (const { guard, text } of asked) sum += TEXT + text.length * (costs.get(guard) ?? WORST[SCANNING.pii]);
  return sum;
}

/** What a character costs at worst where a text is only glanced at, nanoseconds, with some room; and what a text does. */
const [GLANCE, GLANCED_TEXT] = [15, 100_000];

/** How long a glance takes at worst, nanoseconds. */
export function glanceCostOf(asked: readonly ScanRequest[]): number {
  let sum = 0;
  for (const { text } of asked) sum += GLANCED_TEXT + text.length * GLANCE;
  return sum;
}

/** What is done for a request beside its guards, for each and for each character of it, nanoseconds. */
const [REQUEST, CHARACTER] = [100_000, GLANCE];

/** Scanning that takes no longer than that makes a turn of the loop no longer than its requests do anyway, nanoseconds. */
export function ordinaryCostOf(asked: readonly ScanRequest[]): number {
  let characters = 0;
  for (const { text } of asked) characters += text.length;
  return REQUEST + characters * CHARACTER;
}
