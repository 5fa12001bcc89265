import type { ArmMetric, ArmSums } from '../statistics/moments.ts';

/** What the candidate must not make worse. */
export interface Guard {
  readonly metric: ArmMetric;
  /** How much worse it may be: of errors in points (0.01 is one in a hundred requests), of the others a part of the stable arm's. */
  readonly tolerance: number;
  /** Nobody wrote it down: it is left out where there are no values of it. */
  readonly isUsual?: true;
}

export interface CanaryDefinition {
  /** Percent that the candidate gets in turn, rising. All of it, 100, comes after the last, whether it is named or not. */
  readonly steps: readonly number[];
  /** A step is at least that long: requests of both arms together, and milliseconds. */
  readonly each: { readonly requests: number; readonly timeMs: number };
  /** After so many times the least length of a step a person is asked, where it is still not clear; 10 where left out. */
  readonly patience?: number | undefined;
  readonly guards: readonly Guard[];
  /** With what probability a candidate that is no worse is taken back: 0.05. */
  readonly alpha: number;
}

/**
 * `running`: goes up by itself. `holding`: stays where it is and asks a person; see `hold`. `paused`: by a person.
 * In all three it is still taken back by itself. `promoted` and `rolled_back` are ends.
 */
type CanaryStatus = 'running' | 'holding' | 'paused' | 'promoted' | 'rolled_back';

/** `undecided`: it has not become clear in time. `mismatch`: the arms do not get what was planned. */
type HoldReason = 'undecided' | 'mismatch';

type CanaryEventKind = 'step' | 'promoted' | 'rolled_back' | 'hold' | 'paused' | 'resumed' | 'restarted';

/** A change of state, and why. */
export interface CanaryEvent {
  readonly kind: CanaryEventKind;
  readonly atMs: number;
  /** Of the candidate from now on, percent. */
  readonly share: number;
  /** Of the guard that decided, where one did. */
  readonly metric?: ArmMetric;
  /** For people. */
  readonly reason: string;
  readonly by: 'itself' | 'person';
}

/** Plain JSON. */
export interface CanaryState {
  readonly status: CanaryStatus;
  /** Why it holds, or held when it was paused. */
  readonly hold?: HoldReason;
  /** Place in `steps`. */
  readonly step: number;
  /** Epoch milliseconds. */
  readonly stepSinceMs: number;
  /** A person went on in spite of a mismatch: it is not looked for again. */
  readonly isRatioAccepted?: true;
  /** The latest last; bounded. */
  readonly history: readonly CanaryEvent[];
}

/** What both arms did at one step. A request counts for the step at which it began. */
export interface CanaryCounts {
  readonly candidate: ArmSums;
  readonly stable: ArmSums;
  /**
   * How many users (or what else arms are drawn for) each arm got that had not been seen before in this run. Left out:
   * the ratio is not checked.
   */
  readonly drawn?: { readonly candidate: number; readonly stable: number } | undefined;
}

export interface CanaryInput {
  /** For each step that there was, in order. */
  readonly steps: readonly CanaryCounts[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

const ALL = 100;
const MOST_EVENTS = 100;

export function startCanary(nowMs: number): CanaryState {
  return { status: 'running', step: 0, stepSinceMs: nowMs, history: [] };
}

/** What the candidate gets now, percent. */
export function shareOf({ steps }: Pick<CanaryDefinition, 'steps'>, { status, step }: CanaryState): number {
  if (status === 'rolled_back') return 0;
  return status === 'promoted' ? ALL : (steps[step] ?? ALL);
}

/** Whether the next step is all of it. */
export function isLastStep({ steps }: Pick<CanaryDefinition, 'steps'>, { step }: CanaryState): boolean {
  return (steps[step + 1] ?? ALL) >= ALL;
}

export function isOver({ status }: CanaryState): boolean {
  return status === 'promoted' || status === 'rolled_back';
}

/** What there is to tell of a change, but for the share, which follows from the state. */
export type Told = Omit<CanaryEvent, 'share'>;

/** The state with an event in its history. */
export function withEvent(
  definition: Pick<CanaryDefinition, 'steps'>,
  state: CanaryState,
  told: Told,
): { state: CanaryState; event: CanaryEvent } {
  const event: CanaryEvent = { ...told, share: shareOf(definition, state) };
  return { state: { ...state, history: [...state.history, event].slice(-MOST_EVENTS) }, event };
}

/** As it is where nothing holds it. */
export function going({ step, stepSinceMs, isRatioAccepted, history }: CanaryState): CanaryState {
  const accepted = isRatioAccepted === true ? { isRatioAccepted } : {};
  return { status: 'running', step, stepSinceMs, ...accepted, history };
}

/** The state after it was taken back, for what was decided elsewhere. */
export function takenBack(state: CanaryState, event: CanaryEvent): CanaryState {
  return withEvent({ steps: [] }, { ...going(state), status: 'rolled_back' }, event).state;
}
