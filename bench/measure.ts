import { setTimeout as sleep } from 'node:timers/promises';

import type { Case } from './cases.ts';
import type { Child } from './child.ts';
import type { Journal } from './journal.ts';
import type { Party, PartyName } from './parties.ts';
import { type Sample, takeSample } from './sample.ts';
import { pacedModel, requestBody } from './traffic.ts';

/** A window of one party under a case. Milliseconds and microseconds as named. */
export interface Measurement {
  readonly case: string;
  readonly party: PartyName;
  readonly answers: number;
  readonly errors: number;
  readonly firstError: string | undefined;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly threadCpuUsPerRequest: number;
  readonly allCpuUsPerRequest: number;
  /** Part of the window that the request thread was on a CPU: near 1, it is what limits the throughput. */
  readonly threadBusy: number;
  readonly rssBytes: number;
  /** Requests that the records below come from, the warm-up included. */
  readonly sent: number;
  readonly records: RecordsKept | undefined;
}

/** What became of the records of one case. */
export interface RecordsKept {
  readonly written: number;
  readonly dropped: number;
  /** When the load had stopped. */
  readonly backlog: number;
  /** Until the backlog was written, or given up. */
  readonly settleMs: number;
  /** Still waiting then. */
  readonly left: number;
}

export interface Timing {
  readonly warmupSeconds: number;
  readonly seconds: number;
}

const SETTLE_MS = 30_000;
const SETTLE_POLL_MS = 50;
/** What a gateway says about where an answer comes from. */
const CACHE_HEADER = 'x-causeway-cache';
const HIT = 'exact';

/** Drives one party through one case. The load and the samples begin and end together. */
export async function measure(load: Child, party: Party, shape: Case, timing: Timing): Promise<Measurement> {
  const { child, databasePid } = party;
  const journalBefore = await party.journal?.();
  await startLoad(load, party, shape);
  await sleep(timing.warmupSeconds * 1000);
  const [before] = await Promise.all([takeSample(child, databasePid), load.ask('mark')]);
  await sleep(timing.seconds * 1000);
  const [after, result] = await Promise.all([takeSample(child, databasePid), load.ask('finish')]);
  if (result.answers === 0) throw child.failure(`gave no right answer under ${shape.name} (${result.firstError})`);
  const perRequest = (used: keyof Sample): number => (after[used] - before[used]) / result.answers;
  return {
    case: shape.name,
    party: party.name,
    answers: result.answers,
    errors: result.errors,
    firstError: result.firstError,
    requestsPerSecond: result.answers / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    threadCpuUsPerRequest: perRequest('threadCpuUs'),
    allCpuUsPerRequest: perRequest('treeCpuUs'),
    threadBusy: (after.threadCpuUs - before.threadCpuUs) / (result.seconds * 1_000_000),
    rssBytes: after.rssBytes,
    sent: result.sent,
    records: party.journal && journalBefore && (await settle(party.journal, journalBefore)),
  };
}

/** From now on the load sends what the case says, until it is told to finish. */
export async function startLoad(load: Child, party: Party, shape: Case): Promise<void> {
  const { stream, concurrency, regrouped = false, varied = false, paced = false, filled = false } = shape;
  const { url, headers } = party;
  const body = requestBody(paced ? pacedModel(party.model) : party.model, stream, shape.promptBytes);
  if (filled) await fill(party, body);
  await load.ask('start', { url, headers, body, stream, concurrency, regrouped, varied });
}

/** So that all further answers are hits, of one form; who says nothing about a cache has none. */
async function fill({ name, url, headers }: Party, body: string): Promise<void> {
  const ask = async (): Promise<string | null> => {
    const sent = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body };
    const response = await fetch(url, sent);
    await response.arrayBuffer();
    return response.headers.get(CACHE_HEADER);
  };
  await ask();
  const said = await ask();
  if (said !== null && said !== HIT) throw new Error(`${name} was asked twice, and its cache says "${said}"`);
}

/** Waits until the backlog is written, so that this work does not fall into the next party's window. */
export async function settle(journal: () => Promise<Journal>, before: Journal): Promise<RecordsKept> {
  const startedAt = Date.now();
  let now = await journal();
  const backlog = now.queued;
  while (now.queued > 0 && Date.now() - startedAt < SETTLE_MS) {
    await sleep(SETTLE_POLL_MS);
    now = await journal();
  }
  return {
    written: now.written - before.written,
    dropped: now.dropped - before.dropped,
    backlog,
    settleMs: Date.now() - startedAt,
    left: now.queued,
  };
}
