import type { AttemptRecord } from '../journal/record.ts';
import type { StoredTrace } from './schema.ts';
import { storableText } from '../../storage/database/storable.ts';

/** What is summed, by the names of its columns. */
export const SUM_COLUMNS = [
  'requests',
  'inputTokens',
  'outputTokens',
  'cacheReadInputTokens',
  'cacheCreationInputTokens',
  'reasoningOutputTokens',
  'costNanoUsd',
  'costAssumedNanoUsd',
  'costUnknownRequests',
] as const;

/** One value for each of {@link SUM_COLUMNS}; null = nobody reported it. */
export type Sums = readonly (number | null)[];

/**
 * What one request adds to one series of the sums of usage. It is of the request as a whole, of its attempts at one
 * target, or of both at once, where these are the same.
 */
export interface Share {
  readonly scope: 'both' | 'request' | 'attempt';
  readonly target: string | null;
  readonly sums: Sums;
}

/** The columns that a share is made of. */
export type Summed = {
  readonly [
    Column in (typeof SUM_COLUMNS)[number] | 'target' | 'costKnown' as Column extends keyof StoredTrace ? Column : never
  ]: Column extends keyof StoredTrace ? StoredTrace[Column] : never;
};

/** Providers' counts are not to be trusted: some wild ones must not make a sum too large for a number. */
const MOST_OF_ATTEMPT = 1e15;

/**
 * The shares of a request, the one that is of the whole of it first. The function usage_shares of the database does the
 * same with what is stored; one without attempts, or whose attempts cannot be stored, counts as one of its own target.
 */
export function sharesOf(row: Summed, attempts: readonly AttemptRecord[]): Share[] {
  const request: Share = { scope: 'request', target: row.target, sums: sumsOfRequest(row) };
  const byTarget = new Map<string, (number | null)[]>();
  for (const attempt of attempts) {
    const target = storableText(attempt.target);
    const before = byTarget.get(target);
    const sums = sumsOfAttempt(attempt, row.costKnown);
    byTarget.set(target, before ? ofOneRequest(before, sums) : sums);
  }
  const parts = [...byTarget].map(([target, sums]): Share => ({ scope: 'attempt', target, sums }));
  const [only = request] = parts;
  return parts.length <= 1 && isSame(only, request) ? [{ ...request, scope: 'both' }] : [request, ...parts];
}

function sumsOfRequest(row: Summed): Sums {
  return [
    1,
    row.inputTokens,
    row.outputTokens,
    row.cacheReadInputTokens,
    row.cacheCreationInputTokens,
    row.reasoningOutputTokens,
    row.costNanoUsd,
    row.costAssumedNanoUsd,
    row.costKnown ? 0 : 1,
  ];
}

function sumsOfAttempt({ usage, usageSource, costNanoUsd }: AttemptRecord, costKnown: boolean): (number | null)[] {
  const cost = count(costNanoUsd);
  return [
    1,
    count(usage?.inputTokens),
    count(usage?.outputTokens),
    count(usage?.cacheReadInputTokens),
    count(usage?.cacheCreationInputTokens),
    count(usage?.reasoningOutputTokens),
    cost ?? 0,
    usageSource === 'assumed' ? (cost ?? 0) : 0,
    costKnown || cost !== null ? 0 : 1,
  ];
}

/** Several attempts of one request at one target are one request there. */
function ofOneRequest(a: Sums, b: Sums): (number | null)[] {
  const last = SUM_COLUMNS.length - 1;
  const sums = a.map((value, at) => plus(value, b[at] ?? null));
  sums[0] = 1;
  sums[last] = Math.max(a[last] ?? 0, b[last] ?? 0);
  return sums;
}

/** A count that nobody reported adds nothing, and is no 0 either. */
export function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}

/** JSON writes what is not finite as null. */
function count(value: number | null | undefined): number | null {
  if (value === undefined || value === null || !Number.isFinite(value)) return null;
  return Math.round(Math.min(Math.max(value, 0), MOST_OF_ATTEMPT));
}

function isSame(a: Share, b: Share): boolean {
  return a.target === b.target && a.sums.every((value, at) => value === b.sums[at]);
}
