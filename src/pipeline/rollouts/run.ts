import { hash } from 'node:crypto';

import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import { type CanaryDefinition, type CanaryState, startCanary, takenBack } from './canary/canary.ts';
import * as words from './canary/words.ts';
import type { CanarySettings, Rollout } from './definition.ts';
import type { Verdict } from './statistics/verdict.ts';

export type TrialKind = 'experiment' | 'canary';

/** How an experiment or a canary stands, as it is stored. */
interface TrialRecord {
  /** A change of what is tried begins another run, of which nothing is counted yet. */
  readonly run: string;
  /** How often a person began it anew. */
  readonly restarts: number;
}

/** A run in whose place another definition's has come, and what had become of it by then. */
interface PastRun {
  readonly run: string;
  readonly end: 'promoted' | 'rolled_back' | 'unfinished';
}

export interface CanaryRecord extends TrialRecord {
  /** The latest last; bounded. Left out: none. */
  readonly past?: readonly PastRun[];
  readonly canary: CanaryState;
}

/** What a verdict was when it changed. */
interface VerdictEvent extends Pick<Verdict, 'state' | 'arm' | 'metric' | 'estimate' | 'text'> {
  readonly atMs: number;
}

export interface ExperimentRecord extends TrialRecord {
  /** Epoch milliseconds. */
  readonly sinceMs: number;
  /** The latest last; bounded. The last one is what is said now. */
  readonly verdicts: readonly VerdictEvent[];
}

/** What is compared, and by what it is decided. Arms and judges have members that change neither. */
const OF_A_RUN = {
  experiment: ['model', 'by', 'goal', 'margin', 'confidence'],
  canary: ['model', 'by', 'set', 'steps'],
} as const;

/**
 * The name of the run, for the definition as it is now. Who else takes part, in which parts, and what guards tolerate,
 * is no other run.
 */
export function runOf({ kind, written, definition, createdAt }: Rollout<TrialKind>, restarts: number): string {
  const said: object = isJsonObject(written) ? written : (definition ?? {});
  const of = (name: string): unknown => Reflect.get(said, name);
  const compared = [...OF_A_RUN[kind].map(of), setsOf(of('arms')), judgeOf(of('judge'))];
  // What is made anew after it was deleted is not what it was; those of the file have no such time.
  const made = createdAt === undefined ? '' : `${createdAt.getTime()} `;
  return hash('sha256', `${restarts} ${made}${JSON.stringify(compared, inOrder)}`).slice(0, 16);
}

function judgeOf(judge: unknown): unknown {
  const { target, rubric } = isJsonObject(judge) ? judge : {};
  return [target, rubric];
}

function setsOf(arms: unknown): unknown {
  const entries = arms instanceof Map ? [...arms] : Object.entries(isJsonObject(arms) ? arms : {});
  return Object.fromEntries(entries.map(([name, arm]: [string, unknown]) => [name, Object(arm)['set'] ?? null]));
}

function inOrder(_name: string, value: unknown): unknown {
  const members = value instanceof Map ? [...value] : isJsonObject(value) ? Object.entries(value) : undefined;
  return members ? Object.fromEntries(members.toSorted(([one], [other]) => (one < other ? -1 : 1))) : value;
}

/** What is stored of a canary; undefined where nothing is, or nothing that this version can read. */
export function canaryStateOf(stored: Json | null): CanaryRecord | undefined {
  const { run, restarts, canary } = isJsonObject(stored) ? stored : {};
  if (typeof run !== 'string' || typeof restarts !== 'number' || !isJsonObject(canary)) return undefined;
  const { status, step, stepSinceMs, history } = canary;
  const { past = [] } = isJsonObject(stored) ? stored : {};
  const isWhole =
    typeof status === 'string' &&
    typeof step === 'number' &&
    typeof stepSinceMs === 'number' &&
    Array.isArray(history) &&
    history.every(isJsonObject) &&
    Array.isArray(past) &&
    past.every(isJsonObject);
  return isWhole ? (stored as unknown as CanaryRecord) : undefined;
}

/** Likewise of an experiment. */
export function experimentStateOf(stored: Json | null): ExperimentRecord | undefined {
  const { run, restarts, sinceMs, verdicts } = isJsonObject(stored) ? stored : {};
  if (typeof run !== 'string' || typeof restarts !== 'number' || typeof sinceMs !== 'number') return undefined;
  const isWhole = Array.isArray(verdicts) && verdicts.every(isJsonObject);
  return isWhole ? (stored as unknown as ExperimentRecord) : undefined;
}

/**
 * How a canary stands: as it is stored, or at its beginning where that is of another run. A run that was over, or in
 * whose place a newer file's has come, is over: while files are being changed replicas have different ones, and must not
 * begin theirs again and again.
 */
export function canaryRecordOf(rollout: Rollout<'canary'>, stored: Json | null, nowMs: number): CanaryRecord {
  const known = canaryStateOf(stored);
  const { run, isKnown, restarts } = runNow(rollout, known);
  if (!known) return { run, restarts, canary: startCanary(nowMs) };
  if (isKnown) return known;
  // What came of the runs before stays to be read.
  const canary = { ...startCanary(nowMs), history: known.canary.history };
  const end = endOf(rollout, known);
  return { run, restarts, canary: end ? overState(canary, end) : canary, past: pastWith(known) };
}

/** The stored record, where it is of another definition that has come in place of this one. */
export function successorOf(rollout: Rollout<'canary'>, stored: Json | null): CanaryRecord | undefined {
  const known = canaryStateOf(stored);
  return known && !runNow(rollout, known).isKnown && endOf(rollout, known) ? known : undefined;
}

const MOST_PAST = 20;

function endOf(rollout: Rollout<'canary'>, { restarts, past = [] }: CanaryRecord): PastRun['end'] | undefined {
  for (let tried = restarts; past.length > 0 && tried >= Math.max(0, restarts - MOST_PAST); tried -= 1) {
    const run = runOf(rollout, tried);
    const found = past.findLast((one) => one.run === run);
    // What the database says last is the same for all, so that it may come back.
    if (found) return found.end === 'unfinished' && rollout.origin === 'admin' ? undefined : found.end;
  }
  return undefined;
}

function pastWith({ run, canary: { status }, past = [] }: CanaryRecord): readonly PastRun[] {
  const end: PastRun['end'] = status === 'promoted' || status === 'rolled_back' ? status : 'unfinished';
  return [...past.filter((one) => one.run !== run), { run, end }].slice(-MOST_PAST);
}

function overState(canary: CanaryState, end: PastRun['end']): CanaryState {
  if (end === 'promoted') return { ...canary, status: end };
  const reason = end === 'unfinished' ? words.SUPERSEDED : words.OVER_BEFORE;
  const event = { kind: 'rolled_back', atMs: canary.stepSinceMs, reason, by: 'itself', share: 0 } as const;
  return takenBack(canary, event);
}

export function experimentRecordOf(
  rollout: Rollout<'experiment'>,
  stored: Json | null,
  nowMs: number,
): ExperimentRecord {
  const known = experimentStateOf(stored);
  const { run, isKnown, restarts } = runNow(rollout, known);
  if (isKnown && known) return known;
  return { run, restarts, sinceMs: nowMs, verdicts: [] };
}

function runNow(rollout: Rollout<TrialKind>, known: TrialRecord | undefined) {
  const restarts = known?.restarts ?? 0;
  const run = runOf(rollout, restarts);
  return { run, restarts, isKnown: known?.run === run };
}

/** As it is stored: records are plain JSON. */
export function storedRecord(record: CanaryRecord | ExperimentRecord): JsonObject {
  return record as unknown as JsonObject;
}

const USUAL_STEPS = [1, 5, 25, 50, 100] as const;
const USUAL_GUARDS: CanaryDefinition['guards'] = [
  { metric: 'errors', tolerance: 0.01, isUsual: true },
  { metric: 'latency', tolerance: 0.25, isUsual: true },
  { metric: 'ttft', tolerance: 0.25, isUsual: true },
  { metric: 'feedback', tolerance: 0.1, isUsual: true },
  { metric: 'cost', tolerance: 1, isUsual: true },
];

export function canaryDefinitionOf({ steps, each, guards, confidence }: CanarySettings): CanaryDefinition {
  return {
    steps: steps ?? USUAL_STEPS,
    each: { requests: each.requests, timeMs: each.time },
    guards: guards ?? USUAL_GUARDS,
    alpha: alphaOf(confidence),
  };
}

/** Without the noise of the subtraction: 0.05, and not 0.050000000000000044. */
export function alphaOf(confidence: number): number {
  return Number((1 - confidence).toFixed(10));
}
