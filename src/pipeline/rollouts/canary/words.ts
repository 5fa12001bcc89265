import { isMoreBetter } from '../statistics/moments.ts';
import { amount } from '../statistics/words.ts';
import type { GuardView } from './guards.ts';

/** Every text of a canary, so that they can be had in another language. */

const MEASURED = {
  errors: 'the rate of errors',
  latency: 'the time of a typical answer',
  ttft: 'the time to the first token',
  cost: 'the cost of a request',
  feedback: 'feedback',
  judge: 'judged quality',
} as const;

function harmOf({ metric, harm }: GuardView): string {
  const size = amount(scaleOf(metric), Math.abs(harm ?? 0));
  const isWorse = (harm ?? 0) >= 0;
  return `${size} ${isWorse === isMoreBetter(metric) ? 'lower' : 'higher'}`;
}

function toleratedOf({ metric, tolerance }: GuardView): string {
  const most = amount(scaleOf(metric), tolerance);
  return `${most} ${most.endsWith('s') || most.endsWith('%') ? 'are' : 'is'} tolerated`;
}

function scaleOf(metric: GuardView['metric']): 'points' | 'relative' {
  return metric === 'errors' ? 'points' : 'relative';
}

export function rolledBackText(guard: GuardView, share: number, alpha: number): string {
  const sure = Number(((1 - alpha) * 100).toFixed(2));
  return `taken back at ${share} %: ${MEASURED[guard.metric]} is ${harmOf(guard)} than the stable arm's, and ${toleratedOf(guard)}; that it is worse is sure at ${sure} %`;
}

export function steppedText(from: number, to: number, requests: number): string {
  return `from ${from} % to ${to} %: ${requests} requests showed no harm beyond what is tolerated`;
}

export function promotedText(guards: readonly GuardView[], leftOut: readonly GuardView[]): string {
  const excluded = `all requests go to the candidate: harm beyond what is tolerated is excluded for ${listed(guards)}`;
  return leftOut.length === 0 ? excluded : `${excluded}; left out, as there are no values of it: ${listed(leftOut)}`;
}

export function undecidedText(share: number, guards: readonly GuardView[]): string {
  const open = guards.map(openText).join('; ');
  const without = guards.filter(({ hasValues }) => !hasValues);
  const first =
    without.length === 0 ? 'wait' : `remove the ${without.length === 1 ? 'guard' : 'guards'} without values`;
  return `stays at ${share} %, since it has not become clear in time: ${open}. Somebody has to decide: ${first}, promote, or roll back`;
}

export function mismatchText(share: number, counts: { candidate: number; stable: number }): string {
  const all = counts.candidate + counts.stable;
  const got = Number(((counts.candidate / all) * 100).toFixed(2));
  return `stays at ${share} %: the candidate was drawn for ${counts.candidate} of ${all} (${got} %), which is not what was planned, so the arms cannot be compared. Find out what puts requests into arms, or leaves them out, beside the draw; then roll back and begin anew, or resume`;
}

/** What it waits for. */
export function waitingText(share: number, requests: string, minutes: string): string {
  return `at ${share} %: ${requests}, ${minutes}`;
}

export function requestsText(seen: number, least: number): string {
  return `${seen} of at least ${least} requests`;
}

export function minutesText(sinceMs: number, leastMs: number): string {
  return `${inMinutes(sinceMs)} of at least ${inMinutes(leastMs)} minutes`;
}

export interface LackingArm {
  readonly arm: 'candidate' | 'stable arm';
  /** At this step. */
  readonly requests: number;
  readonly least: number;
}

export function lackingText(share: number, { arm, requests, least }: LackingArm): string {
  return `stays at ${share} %: of the requests of this step the ${arm} had ${requests === 0 ? 'none' : requests}, and at least ${least} are needed. Where requests name no user their key stands in for everybody, so that \`by: request\` may be meant`;
}

export function lookingText(share: number, guards: readonly GuardView[]): string {
  return `at ${share} %, and not clear yet: ${guards.map(openText).join('; ')}`;
}

export const PAUSED = 'paused by a person; only harm changes it by itself';
export const OVER = { promoted: 'all requests go to the candidate', rolled_back: 'no request goes to the candidate' };

/** Of a definition in whose place another has come. */
export const SUPERSEDED =
  'no request goes to the candidate: another definition has come in place of this one, as where other replicas have a newer file; "restart" begins this one anew';
export const OVER_BEFORE =
  'no request goes to the candidate: this definition was taken back before another came; "restart" begins it anew';

export const BY_PERSON = {
  advance: 'a person let it go on to the next step',
  promote: 'a person gave it all requests',
  rollback: 'a person took it back',
  pause: 'a person paused it',
  resume: 'a person let it go on',
  restart: 'a person began it anew, at the first step',
} as const;

function openText(guard: GuardView): string {
  const what = MEASURED[guard.metric];
  if (!guard.hasValues) return `there are no values of ${what} in either arm`;
  if (!guard.hasEnough || guard.harm === undefined) return `too little is known of ${what}`;
  return `${what} is ${harmOf(guard)} so far, ${toleratedOf(guard)}, and chance is not excluded`;
}

function listed(guards: readonly GuardView[]): string {
  return guards.length === 0
    ? 'nothing, as nothing is guarded'
    : guards.map(({ metric }) => MEASURED[metric]).join(', ');
}

function inMinutes(ms: number): string {
  return String(Number((ms / 60_000).toFixed(1)));
}
