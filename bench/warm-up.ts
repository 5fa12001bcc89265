import { setTimeout as sleep } from 'node:timers/promises';

import type { Case } from './cases.ts';
import type { Child } from './child.ts';
import { settle, startLoad } from './measure.ts';
import type { Party, PartyName } from './parties.ts';
import { takeSample } from './sample.ts';

/** How a party came to its lasting speed in one kind of traffic. */
export interface WarmUp {
  readonly kind: string;
  readonly party: PartyName;
  readonly seconds: number;
  readonly answers: number;
  /** CPU of the request thread for one answer, window by window. */
  readonly threadUs: readonly number[];
  /** False where the time was up before. */
  readonly isSteady: boolean;
}

export interface WarmUpPlan {
  readonly windowSeconds: number;
  /** Who gives few answers meanwhile, on a machine with much else to do, gets more. */
  readonly mostSeconds: number;
  /** Code that is seldom run is compiled late: a slow party's first windows are alike, and dear. */
  readonly leastAnswers: number;
}

export const WARM_UP: WarmUpPlan = { windowSeconds: 2, mostSeconds: 30, leastAnswers: 10_000 };
export const QUICK_WARM_UP: WarmUpPlan = { windowSeconds: 1, mostSeconds: 3, leastAnswers: 0 };

/** Two windows that differ by less than this are alike. */
const ALIKE = 0.03;
/** One window that happens to be like the one before says little about code that is still being compiled. */
const LEAST_WINDOWS = 3;

/** By this time nobody gets more, who has not answered so often. */
const LONGEST = 3;

/** Whether the CPU of a request has stopped falling. A dearer window is noise, or a deoptimisation: it goes on. */
export function isSteady(threadUs: readonly number[]): boolean {
  const [before, last] = threadUs.slice(-2);
  if (before === undefined || last === undefined || threadUs.length < LEAST_WINDOWS) return false;
  return Math.abs(before - last) / before < ALIKE;
}

/** Whether another window would say nothing more. */
function isOver(threadUs: readonly number[], answers: number, plan: WarmUpPlan): boolean {
  const seconds = threadUs.length * plan.windowSeconds;
  if (answers < plan.leastAnswers) return seconds >= plan.mostSeconds * LONGEST;
  return isSteady(threadUs) || seconds >= plan.mostSeconds;
}

/** Sends traffic of this kind until the code that serves it is compiled as well as it will be. */
export async function warmUp(load: Child, party: Party, shape: Case, kind: string, plan: WarmUpPlan): Promise<WarmUp> {
  const journalBefore = await party.journal?.();
  await startLoad(load, party, shape);
  await load.ask('mark');
  const threadUs: number[] = [];
  let answers = 0;
  let before = await takeSample(party.child);
  while (!isOver(threadUs, answers, plan)) {
    await sleep(plan.windowSeconds * 1000);
    const [now, sum] = await Promise.all([takeSample(party.child), load.ask('answers')]);
    threadUs.push((now.threadCpuUs - before.threadCpuUs) / (sum - answers));
    [before, answers] = [now, sum];
  }
  await load.ask('finish');
  if (party.journal && journalBefore) await settle(party.journal, journalBefore);
  const seconds = threadUs.length * plan.windowSeconds;
  return { kind, party: party.name, seconds, answers, threadUs, isSteady: isSteady(threadUs) };
}
