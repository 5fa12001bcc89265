import { ERRORS } from '../../src/core/errors.ts';
import type { CallRecord } from '../../src/records/journal/record.ts';
import type { Happened } from '../../src/records/overview/overview-store.ts';

/** What an overview is of, as somebody would count it who has all records before them. */
export interface HandOverview {
  readonly counts: Happened['counts'];
  /** Milliseconds, those that say how well somebody was served. */
  readonly latencies: readonly number[];
  readonly ttfts: readonly number[];
}

export type HandFilter = { readonly project?: string | undefined; readonly model?: string | undefined };

/** Those that began within the time and are meant. */
export function meant(
  records: readonly CallRecord[],
  { from, until }: { readonly from: number; readonly until: number },
  { project, model }: HandFilter,
): CallRecord[] {
  return records.filter(
    (one) =>
      one.startedAt >= from &&
      one.startedAt < until &&
      (project === undefined || (one.project ?? '') === project) &&
      (model === undefined || handModel(one) === model),
  );
}

/** A name that a client made up is no model. */
export function handModel({ virtualModel, target, requestModel, error }: CallRecord): string {
  if (virtualModel !== undefined) return virtualModel;
  return error?.origin === 'client' || target === undefined ? 'unknown' : (requestModel ?? 'unknown');
}

export function overviewByHand(records: readonly CallRecord[]): HandOverview {
  const clients = records.filter(isOfClient);
  const timed = clients.filter(({ operation, status, attempts }) => {
    return !['token-count', 'resource'].includes(operation) && (attempts.length > 0 || status === 'completed');
  });
  const count = (is: (record: CallRecord) => boolean) => clients.filter(is).length;
  const sum = (of: (record: CallRecord) => number | undefined) =>
    records.reduce((whole, record) => whole + (of(record) ?? 0), 0);
  const failed = (origin: string) => count(({ status, error }) => status === 'failed' && error?.origin === origin);
  return {
    counts: {
      requests: clients.length,
      clientErrors: failed('client'),
      policyErrors: failed('policy'),
      providerErrors: failed('provider'),
      gatewayErrors: failed('gateway'),
      aborted: count(({ status }) => status === 'aborted'),
      inputTokens: sum(({ usage }) => usage?.inputTokens),
      outputTokens: sum(({ usage }) => usage?.outputTokens),
      costNanoUsd: sum(({ costNanoUsd }) => costNanoUsd),
      costUnknownRequests: sum(({ costKnown }) => (costKnown ? 0 : 1)),
      savedNanoUsd: sum(({ savings = [] }) => savings.reduce((whole, { nanoUsd = 0 }) => whole + nanoUsd, 0)),
      exactHits: count(({ cache }) => cache === 'exact'),
      semanticHits: count(({ cache }) => cache === 'semantic'),
      coalescedHits: count(({ cache }) => cache === 'coalesced'),
      cacheMisses: count(({ cache }) => cache === 'miss'),
      cacheBypasses: count(({ cache }) => cache === 'bypass'),
    },
    latencies: timed.map(({ latencyMs }) => latencyMs),
    ttfts: timed.flatMap(({ ttftMs }) => (ttftMs === undefined ? [] : [ttftMs])),
  };
}

function isOfClient({ endpoint }: CallRecord): boolean {
  return !endpoint.startsWith('causeway/');
}

/** Requests, faults and nano-dollars. */
export type HandSums = readonly [requests: number, errors: number, cost: number];

/** By the name of a dimension. */
export function namesByHand(records: readonly CallRecord[], dimension: string): Map<string, HandSums> {
  const names = new Map<string, HandSums>();
  const add = (name: string, [requests, errors, cost]: HandSums) => {
    const [a, b, c] = names.get(name) ?? [0, 0, 0];
    names.set(name, [a + requests, b + errors, c + cost]);
  };
  for (const record of records) {
    if (dimension === 'target') {
      for (const [name, sums] of targetsOf(record)) add(name, sums);
    } else if (dimension === 'error') {
      if (record.status === 'failed' && record.error && isOfClient(record)) add(record.error.code, [1, 0, 0]);
    } else {
      const isFault = record.error?.origin === 'provider' || record.error?.origin === 'gateway';
      const name = dimension === 'model' ? handModel(record) : (record.project ?? '');
      const faults = record.status === 'failed' && isFault && isOfClient(record) ? 1 : 0;
      add(name, [isOfClient(record) ? 1 : 0, faults, record.costNanoUsd]);
    }
  }
  return names;
}

function targetsOf(record: CallRecord): Map<string, HandSums> {
  const targets = new Map<string, HandSums>();
  if (record.virtualModel === undefined && record.error?.origin === 'client') return targets;
  for (const target of new Set(record.attempts.map((attempt) => attempt.target))) {
    const mine = record.attempts.filter((attempt) => attempt.target === target);
    const last = mine.findLast(({ outcome }) => outcome === 'failed');
    const origin = last && (last.errorCode ? ERRORS[last.errorCode].origin : 'provider');
    const cost = mine.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0);
    targets.set(target, [1, origin === 'provider' || origin === 'gateway' ? 1 : 0, cost]);
  }
  return targets;
}
