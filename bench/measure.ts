import { setTimeout as sleep } from 'node:timers/promises';

import type { Child } from './child.ts';
import type { Journal } from './journal.ts';
import type { Party, PartyName } from './parties.ts';
import { type Sample, takeSample } from './sample.ts';
import { requestBody } from './traffic.ts';

/** One shape of traffic. */
export interface Case {
  readonly name: string;
  readonly stream: boolean;
  readonly concurrency: number;
  /** Each request has a prompt of its own. */
  readonly varied?: boolean;
  /** Bytes of the prompt; 1 KB where it is not said. */
  readonly promptBytes?: number;
  /** A stream's text may come in other pieces than the upstream's. */
  readonly regrouped?: boolean;
}

export const CASES: readonly Case[] = [false, true].flatMap((stream) =>
  [1, 32, 256].map((concurrency) => ({ name: `${stream ? 'stream' : 'chat'}-${concurrency}`, stream, concurrency })),
);

/** One line of the table: a party under a case. Milliseconds and microseconds as named. */
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

/** Drives one party through one case. The load and the samples begin and end together. */
export async function measure(load: Child, party: Party, shape: Case, timing: Timing): Promise<Measurement> {
  const { stream, concurrency, regrouped = false, varied = false, promptBytes } = shape;
  const { url, headers, model, child } = party;
  const journalBefore = await party.journal?.();
  const body = requestBody(model, stream, promptBytes);
  await load.ask('start', { url, headers, body, stream, concurrency, regrouped, varied });
  await sleep(timing.warmupSeconds * 1000);
  const [before] = await Promise.all([takeSample(child), load.ask('mark')]);
  await sleep(timing.seconds * 1000);
  const [after, result] = await Promise.all([takeSample(child), load.ask('finish')]);
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

/** Waits until the backlog is written, so that this work does not fall into the next party's window. */
async function settle(journal: () => Promise<Journal>, before: Journal): Promise<RecordsKept> {
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
