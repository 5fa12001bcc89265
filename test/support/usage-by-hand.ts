import type { AttemptRecord, CallRecord } from '../../src/records/journal/record.ts';
import type { SavingsGroup, SavingsQuestion } from '../../src/records/savings/savings-question.ts';
import type { UsageGroup, UsageQuestion } from '../../src/records/traces/usage-question.ts';

/** Requests, tokens (input, output, cached, written to the cache, reasoning), cost, assumed cost, unknown costs. */
export type HandSums = (number | null)[];

/** Sums of usage as somebody would make them who has all records before them. Keys are the groups as JSON. */
export function usageByHand(records: readonly CallRecord[], question: UsageQuestion): Map<string, HandSums> {
  const { by, filter = {}, period = {}, timeZone = 'UTC' } = question;
  const perAttempt = by.includes('target') || filter.target !== undefined;
  const groups = new Map<string, HandSums>();
  for (const record of records) {
    const { since, until } = period;
    if (since && record.startedAt < since.getTime()) continue;
    if (until && record.startedAt >= until.getTime()) continue;
    const parts = perAttempt ? ofTargets(record) : new Map([[record.target ?? null, ofRequest(record)]]);
    for (const [target, sums] of parts) {
      const valueOf = (group: UsageGroup) => (group === 'target' ? target : groupOf(record, group, timeZone));
      const asked = Object.entries(filter) as [UsageGroup, string | undefined][];
      if (asked.some(([group, value]) => value !== undefined && valueOf(group) !== value)) continue;
      const key = JSON.stringify(by.map(valueOf));
      groups.set(key, plusAll(groups.get(key), sums));
    }
  }
  return groups;
}

/** Requests, dollars, tokens (input, output), unknown prices of what was saved, in the same way. */
export function savingsByHand(records: readonly CallRecord[], question: SavingsQuestion): Map<string, number[]> {
  const { by, filter = {}, period = {}, timeZone = 'UTC' } = question;
  const groups = new Map<string, number[]>();
  for (const record of records) {
    const { since, until } = period;
    if (since && record.startedAt < since.getTime()) continue;
    if (until && record.startedAt >= until.getTime()) continue;
    for (const mechanism of new Set(record.savings?.map((one) => one.mechanism))) {
      const valueOf = (group: SavingsGroup) => {
        if (group === 'mechanism') return mechanism;
        return group === 'target' ? (record.target ?? null) : groupOf(record, group, timeZone);
      };
      const asked = Object.entries(filter) as [SavingsGroup, string | undefined][];
      if (asked.some(([group, value]) => value !== undefined && valueOf(group) !== value)) continue;
      const key = JSON.stringify(by.map(valueOf));
      const sums = savedBy(record, mechanism);
      groups.set(key, groups.get(key)?.map((value, at) => value + (sums[at] ?? 0)) ?? sums);
    }
  }
  return groups;
}

function savedBy({ savings = [] }: CallRecord, mechanism: string): number[] {
  const mine = savings.filter((one) => one.mechanism === mechanism);
  const dollars = sumOf(mine.map((one) => one.nanoUsd));
  const [input, output] = [sumOf(mine.map((one) => one.inputTokens)), sumOf(mine.map((one) => one.outputTokens))];
  const gains = mine.filter((one) => !one.onlyCost);
  const isUnknown = gains.some((one) => one.nanoUsd === undefined);
  return [gains.length > 0 ? 1 : 0, dollars, input, output, isUnknown ? 1 : 0];
}

function sumOf(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((whole, value = 0) => whole + value, 0);
}

function groupOf(record: CallRecord, group: UsageGroup, timeZone: string): string | null {
  const names: Partial<Record<UsageGroup, string | undefined>> = {
    organisation: record.organisation,
    project: record.project,
    key: record.keyId,
    user: record.userId,
    endpoint: record.endpoint,
    model: record.requestModel,
    virtual_model: record.virtualModel,
    status: record.status,
  };
  if (group in names) return names[group] ?? null;
  const local = clockAt(record.startedAt, timeZone);
  if (group === 'hour') return `${local.date}T${local.hour}:00${local.offset}`;
  if (group === 'day') return local.date;
  return group === 'month' ? local.date.slice(0, 7) : weekOf(local.date);
}

/** What a clock on the wall shows. */
function clockAt(ms: number, timeZone: string): { date: string; hour: string; offset: string } {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const [date = '', time = ''] = format.format(ms).split(' ');
  const zone = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(ms);
  const offset = zone.find(({ type }) => type === 'timeZoneName')?.value.slice('GMT'.length);
  return { date, hour: time.slice(0, 2), offset: !offset || offset === '+00:00' ? 'Z' : offset };
}

/** The week of the first Thursday of a year is its first. */
function weekOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  const thursday = new Date(day.getTime() + (4 - (day.getUTCDay() || 7)) * 86_400_000);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - first) / (7 * 86_400_000)) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}

const COUNTS = [
  'inputTokens',
  'outputTokens',
  'cacheReadInputTokens',
  'cacheCreationInputTokens',
  'reasoningOutputTokens',
] as const;

function ofRequest({ usage, attempts, costNanoUsd, costKnown }: CallRecord): HandSums {
  const assumed = attempts
    .filter(({ usageSource }) => usageSource === 'assumed')
    .reduce((sum, attempt) => sum + (attempt.costNanoUsd ?? 0), 0);
  return [1, ...COUNTS.map((name) => bounded(usage?.[name], 1e12)), costNanoUsd, assumed, costKnown ? 0 : 1];
}

function ofTargets(record: CallRecord): Map<string | null, HandSums> {
  const targets = new Map<string | null, HandSums>();
  if (record.attempts.length === 0) return targets.set(record.target ?? null, ofRequest(record));
  for (const target of new Set(record.attempts.map((attempt) => attempt.target))) {
    const attempts = record.attempts.filter((attempt) => attempt.target === target);
    const isUnknown = !record.costKnown && attempts.some(({ costNanoUsd }) => costNanoUsd === undefined);
    const sums = attempts.map(ofAttempt).reduce(plusAll);
    targets.set(target, [1, ...sums.slice(1, -1), isUnknown ? 1 : 0]);
  }
  return targets;
}

function ofAttempt({ usage, usageSource, costNanoUsd = 0 }: AttemptRecord): HandSums {
  const counts = COUNTS.map((name) => bounded(usage?.[name], 1e15));
  return [1, ...counts, costNanoUsd, usageSource === 'assumed' ? costNanoUsd : 0, 0];
}

function bounded(value: number | undefined, most: number): number | null {
  return value === undefined ? null : Math.round(Math.min(value, most));
}

function plusAll(a: HandSums | undefined, b: HandSums): HandSums {
  return a ? a.map((value, at) => plus(value, b[at] ?? null)) : b;
}

function plus(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : a + b;
}
