import { setTimeout as pause } from 'node:timers/promises';

import { quantile } from './drill/verdict.ts';
import type { TraceQuestion } from './traces-questions.ts';

/** The admin API of a gateway. */
export interface AdminApi {
  readonly url: string;
  readonly adminKey: string;
}

export interface TimedQuestion {
  readonly title: string;
  /** The least and the most that an answer had. */
  readonly rows: readonly [least: number, most: number];
  /** Right after PostgreSQL was started anew. */
  readonly firstMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Answers that were not 200, the first of them in words. */
  readonly fault: string | undefined;
}

interface Answer {
  readonly ms: number;
  readonly rows: number;
  readonly next: string | null;
  readonly fault: string | undefined;
}

const ANSWERS_AGAIN_MS = 30_000;
const POLL_MS = 100;

/** The first time after `renew`, then so many times more. */
export async function timeQuestion(
  api: AdminApi,
  question: TraceQuestion,
  runs: number,
  renew: () => Promise<void>,
): Promise<TimedQuestion> {
  await renew();
  await untilAnswers(api);
  const first = await askOnce(api, question, 0);
  const answers: Answer[] = [];
  for (let run = 1; run <= runs; run += 1) answers.push(await askOnce(api, question, run));
  const times = answers.map(({ ms }) => ms);
  const rows = [first, ...answers].map((answer) => answer.rows);
  return {
    title: question.title,
    rows: [Math.min(...rows), Math.max(...rows)],
    firstMs: first.ms,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    fault: [first, ...answers].find(({ fault }) => fault !== undefined)?.fault,
  };
}

async function askOnce(api: AdminApi, { path, pagesBefore = 0 }: TraceQuestion, run: number): Promise<Answer> {
  let answer = await ask(api, path(run));
  for (let page = 0; page < pagesBefore && answer.next !== null; page += 1) {
    answer = await ask(api, `${path(run)}&cursor=${encodeURIComponent(answer.next)}`);
  }
  return answer;
}

async function ask({ url, adminKey }: AdminApi, path: string): Promise<Answer> {
  const from = performance.now();
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${adminKey}` } });
  const text = await response.text();
  const ms = performance.now() - from;
  if (!response.ok) return { ms, rows: 0, next: null, fault: `${path} answered ${response.status}: ${text}` };
  const { data, next = null } = JSON.parse(text) as { data?: readonly unknown[]; next?: string | null };
  return { ms, rows: data?.length ?? 1, next, fault: undefined };
}

/** The gateway finds out by asking that its connections are gone. */
async function untilAnswers(api: AdminApi): Promise<void> {
  const deadline = performance.now() + ANSWERS_AGAIN_MS;
  for (;;) {
    const { fault } = await ask(api, '/admin/v1/events?limit=1');
    if (fault === undefined) return;
    if (performance.now() > deadline) throw new Error(fault);
    await pause(POLL_MS);
  }
}
