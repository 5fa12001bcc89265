import type { CacheState } from '../../core/caching.ts';
import type { ErrorOrigin } from '../../core/errors.ts';
import { SLOT_MS } from '../traces/rollup-batch.ts';
import type { TraceRow } from '../traces/trace-row.ts';
import { addBin, addBins, binOf } from './latency-bins.ts';
import { ModelNames, OTHER } from './model-names.ts';
import { COUNTED, type Counted, type Level } from './overview-columns.ts';

export const MINUTE_MS = 60_000;

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
      const counts = noCounts();
      found = { slot, level, project, model, subject, counts, latency: new Map(), ttft: new Map() };
      this.#sums.set(key, found);
    }
    return found;
  }

  all(): Iterable<OverviewSums> {
    return this.#sums.values();
  }

  /** The same order everywhere, so that two replicas never wait for each other crosswise. */
  inOrder(): OverviewSums[] {
    return [...this.#sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sums]) => sums);
  }
}

/** @param names those that had sums of their own in the batches before */
export function overviewOfBatch(rows: readonly TraceRow[], names = new ModelNames()): BatchOverview {
  const minutes = new Sums();
  const finest = new Sums();
  for (const row of rows) addRow(finest, withKnownName(row, names));
  for (const one of finest.all()) for (const key of keysOf(one)) addSums(minutes.of(one.slot, key), one);
  const slots = new Sums();
  const inMinutes = minutes.inOrder();
  for (const one of inMinutes) addSums(slots.of(one.slot - (one.slot % SLOT_MS), one), one);
  return { minutes: inMinutes, slots: slots.inOrder() };
}

/** The row itself, or where there is no room for its model's name, one of all others. */
function withKnownName(row: TraceRow, names: ModelNames): TraceRow {
  const { model, isFreeName, targets } = row.overview;
  if (!isFreeName || names.has(Date.parse(row.startedAt), row.project ?? '', model)) return row;
  const others = targets.map((one) => ({ ...one, shownAs: OTHER }));
  return { ...row, overview: { ...row.overview, model: OTHER, targets: others } };
}

/** Every row is in one sum of each kind; what these are parts of is added once a batch. */
function addRow(sums: Sums, row: TraceRow): void {
  const at = Date.parse(row.startedAt);
  const minute = at - (at % MINUTE_MS);
  const { model, isTimed } = row.overview;
  const project = row.project ?? '';
  const into = sums.of(minute, { level: 'project+model', project, model, subject: '' });
  addCounts(into.counts, row);
  if (isTimed) {
    addBin(into.latency, binOf(row.latencyMs));
    if (row.ttftMs !== null) addBin(into.ttft, binOf(row.ttftMs));
  }
  addTargets(sums, minute, row);
  const code = row.status === 'failed' && row.overview.isAsked ? row.errorCode : null;
  if (code === null) return;
  plus(sums.of(minute, { level: 'project+model+error', project, model, subject: code }).counts, 'requests', 1);
}

/** What sums of the finest levels are a part of, themselves included. */
function keysOf({ level, project, model, subject }: OverviewSums): readonly OverviewKey[] {
  const [isOfTarget, isOfError] = [level === 'model+target', level === 'project+model+error'];
  if (isOfTarget) {
    return [
      { level: 'target', project: '', model: '', subject },
      { level: 'model+target', project: '', model, subject },
    ];
  }
  return [
    { level: isOfError ? 'error' : 'all', project: '', model: '', subject },
    { level: isOfError ? 'project+error' : 'project', project, model: '', subject },
    { level: isOfError ? 'model+error' : 'model', project: '', model, subject },
    { level: isOfError ? 'project+model+error' : 'project+model', project, model, subject },
  ];
}

function addSums(into: Growing, { counts, latency, ttft }: OverviewSums): void {
  for (let at = 0; at < counts.length; at += 1) into.counts[at] = (into.counts[at] ?? 0) + (counts[at] ?? 0);
  addBins(into.latency, latency);
  addBins(into.ttft, ttft);
}

/** Of each target what its own attempts used, as the sums of usage have it. */
function addTargets(sums: Sums, minute: number, { overview, shares }: TraceRow): void {
  for (const { target, shownAs = target, fault, aborted } of overview.targets) {
    const share = shares.find((one) => one.scope !== 'request' && one.target === target);
    const [, input, output, , , , cost, , unknown] = share?.sums ?? [];
    const { counts } = sums.of(minute, { level: 'model+target', project: '', model: overview.model, subject: shownAs });
    plus(counts, 'requests', 1);
    if (fault) plus(counts, ERRORS_OF[fault], 1);
    plus(counts, 'aborted', aborted ? 1 : 0);
    plus(counts, 'inputTokens', input ?? 0);
    plus(counts, 'outputTokens', output ?? 0);
    plus(counts, 'costNanoUsd', cost ?? 0);
    plus(counts, 'costUnknownRequests', unknown ?? 0);
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

function addCounts(counts: number[], row: TraceRow): void {
  plus(counts, 'inputTokens', row.inputTokens ?? 0);
  plus(counts, 'outputTokens', row.outputTokens ?? 0);
  plus(counts, 'costNanoUsd', row.costNanoUsd);
  plus(counts, 'costUnknownRequests', row.costKnown ? 0 : 1);
  for (const { nanoUsd } of row.bookings) plus(counts, 'savedNanoUsd', nanoUsd);
  if (!row.overview.isAsked) return;
  const fault = row.status === 'failed' ? nameIn(ERRORS_OF, row.errorOrigin ?? 'gateway') : undefined;
  const cache = nameIn(CACHE, row.cache);
  plus(counts, 'requests', 1);
  plus(counts, 'aborted', row.status === 'aborted' ? 1 : 0);
  if (fault) plus(counts, fault, 1);
  if (cache) plus(counts, cache, 1);
}

/** Records of other versions may have words that this one does not know. */
function nameIn(names: Readonly<Record<string, Counted>>, word: string | null): Counted | undefined {
  return word !== null && Object.hasOwn(names, word) ? names[word] : undefined;
}

/** Where each count is. */
const PLACES = Object.fromEntries(COUNTED.map((name, at) => [name, at])) as Readonly<Record<Counted, number>>;

function noCounts(): number[] {
  return COUNTED.map(() => 0);
}

function plus(counts: number[], name: Counted, more: number): void {
  const at = PLACES[name];
  counts[at] = (counts[at] ?? 0) + more;
}
