import type { CacheState } from '../../core/caching.ts';
import type { ErrorOrigin } from '../../core/errors.ts';
import { SLOT_MS } from '../traces/rollup-batch.ts';
import type { TraceRow } from '../traces/trace-row.ts';
import { addBins, binOf } from './latency-bins.ts';
import { ModelNames, OTHER } from './model-names.ts';
import { COUNTED, type Counted, type Level } from './overview-columns.ts';

export const MINUTE_MS = 60_000;

type Counts = { readonly [Name in Counted]?: number };

/** What a row of the sums is of. */
interface OverviewKey {
  readonly level: Level;
  readonly project: string;
  readonly model: string;
  readonly subject: string;
}

/** Sums of a batch for one of these and one stretch of time. */
export interface OverviewSums extends OverviewKey {
  /** Epoch milliseconds. */
  readonly slot: number;
  /** One for each of {@link COUNTED}. */
  readonly counts: readonly number[];
  readonly latency: ReadonlyMap<number, number>;
  readonly ttft: ReadonlyMap<number, number>;
}

/** What a batch of traces adds to the sums of the overview, in one order everywhere. */
export interface BatchOverview {
  readonly minutes: readonly OverviewSums[];
  readonly slots: readonly OverviewSums[];
}

interface Growing extends OverviewSums {
  readonly counts: number[];
  readonly latency: Map<number, number>;
  readonly ttft: Map<number, number>;
}

/** Some dozens a batch: names come from the configuration, or are few, and errors come from a table. */
class Sums {
  readonly #sums = new Map<string, Growing>();

  of(slot: number, { level, project, model, subject }: OverviewKey): Growing {
    // No name has a NUL in it: the database could not hold it.
    const key = `${slot}\0${level}\0${project}\0${model}\0${subject}`;
    let found = this.#sums.get(key);
    if (!found) {
      const counts = COUNTED.map(() => 0);
      found = { slot, level, project, model, subject, counts, latency: new Map(), ttft: new Map() };
      this.#sums.set(key, found);
    }
    return found;
  }

  /** The same order everywhere, so that two replicas never wait for each other crosswise. */
  inOrder(): OverviewSums[] {
    return [...this.#sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sums]) => sums);
  }
}

/** @param names those that had sums of their own in the batches before */
export function overviewOfBatch(rows: readonly TraceRow[], names = new ModelNames()): BatchOverview {
  const minutes = new Sums();
  for (const row of rows) addRow(minutes, withKnownName(row, names));
  const slots = new Sums();
  const inMinutes = minutes.inOrder();
  for (const one of inMinutes) {
    const slot = slots.of(one.slot - (one.slot % SLOT_MS), one);
    for (const [at, count] of one.counts.entries()) slot.counts[at] = (slot.counts[at] ?? 0) + count;
    addBins(slot.latency, one.latency);
    addBins(slot.ttft, one.ttft);
  }
  return { minutes: inMinutes, slots: slots.inOrder() };
}

/** The row itself, or where there is no room for its model's name, one of all others. */
function withKnownName(row: TraceRow, names: ModelNames): TraceRow {
  const { model, isFreeName, targets } = row.overview;
  if (!isFreeName || names.has(Date.parse(row.startedAt), row.project ?? '', model)) return row;
  const others = targets.map((one) => ({ ...one, shownAs: OTHER }));
  return { ...row, overview: { ...row.overview, model: OTHER, targets: others } };
}

function addRow(sums: Sums, row: TraceRow): void {
  const at = Date.parse(row.startedAt);
  const minute = at - (at % MINUTE_MS);
  const { model, isTimed } = row.overview;
  const project = row.project ?? '';
  const whole = countsOf(row);
  for (const key of levelsOf(project, model)) {
    const into = sums.of(minute, { ...key, subject: '' });
    add(into.counts, whole);
    if (!isTimed) continue;
    addBins(into.latency, new Map([[binOf(row.latencyMs), 1]]));
    if (row.ttftMs !== null) addBins(into.ttft, new Map([[binOf(row.ttftMs), 1]]));
  }
  addTargets(sums, minute, row);
  const code = row.status === 'failed' && row.overview.isAsked ? row.errorCode : null;
  if (code === null) return;
  for (const { level, ...names } of levelsOf(project, model)) {
    const ofErrors: Level = level === 'all' ? 'error' : `${level}+error`;
    add(sums.of(minute, { ...names, level: ofErrors, subject: code }).counts, { requests: 1 });
  }
}

function levelsOf(project: string, model: string) {
  return [
    { level: 'all', project: '', model: '' },
    { level: 'project', project, model: '' },
    { level: 'model', project: '', model },
    { level: 'project+model', project, model },
  ] as const;
}

/** Of each target what its own attempts used, as the sums of usage have it. */
function addTargets(sums: Sums, minute: number, { overview, shares }: TraceRow): void {
  for (const { target, shownAs = target, fault, aborted } of overview.targets) {
    const share = shares.find((one) => one.scope !== 'request' && one.target === target);
    const [, input, output, , , , cost, , unknown] = share?.sums ?? [];
    const counts: Counts = {
      requests: 1,
      ...(fault && { [ERRORS_OF[fault]]: 1 }),
      aborted: aborted ? 1 : 0,
      inputTokens: input ?? 0,
      outputTokens: output ?? 0,
      costNanoUsd: cost ?? 0,
      costUnknownRequests: unknown ?? 0,
    };
    const names = { project: '', subject: shownAs };
    add(sums.of(minute, { ...names, level: 'target', model: '' }).counts, counts);
    add(sums.of(minute, { ...names, level: 'model+target', model: overview.model }).counts, counts);
  }
}

const ERRORS_OF: Readonly<Record<ErrorOrigin, Counted>> = {
  client: 'clientErrors',
  policy: 'policyErrors',
  provider: 'providerErrors',
  gateway: 'gatewayErrors',
};
const CACHE: Readonly<Record<CacheState, Counted>> = {
  exact: 'exactHits',
  semantic: 'semanticHits',
  coalesced: 'coalescedHits',
  miss: 'cacheMisses',
  bypass: 'cacheBypasses',
};

function countsOf(row: TraceRow): Counts {
  const spent: Counts = {
    inputTokens: row.inputTokens ?? 0,
    outputTokens: row.outputTokens ?? 0,
    costNanoUsd: row.costNanoUsd,
    costUnknownRequests: row.costKnown ? 0 : 1,
    savedNanoUsd: row.bookings.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0),
  };
  if (!row.overview.isAsked) return spent;
  const fault = row.status === 'failed' ? nameIn(ERRORS_OF, row.errorOrigin ?? 'gateway') : undefined;
  const cache = nameIn(CACHE, row.cache);
  return {
    ...spent,
    requests: 1,
    aborted: row.status === 'aborted' ? 1 : 0,
    ...(fault && { [fault]: 1 }),
    ...(cache && { [cache]: 1 }),
  };
}

/** Records of other versions may have words that this one does not know. */
function nameIn(names: Readonly<Record<string, Counted>>, word: string | null): Counted | undefined {
  return word !== null && Object.hasOwn(names, word) ? names[word] : undefined;
}

function add(into: number[], counts: Counts): void {
  for (const [at, name] of COUNTED.entries()) into[at] = (into[at] ?? 0) + (counts[name] ?? 0);
}
