import type { Database } from '../../storage/database/database.ts';
import { type RecordedQuestion, recordedAnswers, recordedRequests, twinsOf } from './recorded-store.ts';
import { Knowledge } from './knowledge.ts';
import { ReplayReport } from './replay-report.ts';
import type { Replayer } from './replayer.ts';

export interface ReplayQuestion extends RecordedQuestion {
  /** No more requests than that, the earliest. */
  readonly limit?: number | undefined;
}

/** How far it is: reading what is known, or replaying. */
export type Progress = (phase: 'reading' | 'replaying', requests: number) => void;

/** What targets answered in that time, to whomever, and to shadows. @throws storage_unavailable */
export async function learnFrom(
  database: Pick<Database, 'orm'>,
  { since, until }: RecordedQuestion,
  onProgress: Progress,
): Promise<Knowledge> {
  const knowledge = new Knowledge();
  let read = 0;
  for await (const page of recordedAnswers(database, { since, until })) {
    for (const request of page) knowledge.learn(request);
    read += page.length;
    onProgress('reading', read);
  }
  return knowledge;
}

/** Replays what was recorded, in the order of time, a page at a time. @throws storage_unavailable */
export async function replayAll(
  database: Pick<Database, 'orm'>,
  question: ReplayQuestion,
  replayer: Replayer,
  onProgress: Progress,
): Promise<ReplayReport> {
  const report = new ReplayReport();
  const { limit = Number.POSITIVE_INFINITY } = question;
  let done = 0;
  for await (const page of recordedRequests(database, question)) {
    const twins = await twinsOf(database, page);
    for (const request of page.slice(0, limit - done)) {
      report.add(await replayer.replay(request, twins.get(request.traceId)));
      done += 1;
    }
    onProgress('replaying', done);
    if (done >= limit) break;
  }
  replayer.finish();
  return report;
}
