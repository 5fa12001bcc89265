import { requestsOf } from '../statistics/moments.ts';
import { isMismatch } from '../statistics/ratio-check.ts';
import {
  type CanaryDefinition,
  type CanaryEvent,
  type CanaryInput,
  type CanaryState,
  type Told,
  going,
  isLastStep,
  isOver,
  shareOf,
  withEvent,
} from './canary.ts';
import { type GuardView, guardViews } from './guards.ts';
import * as words from './words.ts';

export interface Decision {
  /** The very same object where nothing changes. */
  readonly state: CanaryState;
  /** Why it is as it is, for people. */
  readonly reason: string;
  /** Where it changes; also the last of the history. */
  readonly event?: CanaryEvent;
  readonly guards: readonly GuardView[];
}

const PATIENCE = 10;

/**
 * What becomes of a canary. Depends on nothing but what it is given, so every replica comes to the same, and whoever
 * writes it first (comparing the state that it was made of) is right. May be asked as often as one likes: what it says
 * for sure is so at any peek.
 */
export function decide(definition: CanaryDefinition, state: CanaryState, input: CanaryInput): Decision {
  const strata = input.steps.map(({ candidate, stable }) => ({ candidate, control: stable }));
  const guards = guardViews(definition.guards, strata, definition.alpha);
  const sight: Sight = { definition, state, input, guards };
  if (state.status === 'promoted' || state.status === 'rolled_back') {
    return { state, reason: words.OVER[state.status], guards };
  }
  return rollback(sight) ?? mismatch(sight) ?? waiting(sight) ?? onwards(sight);
}

interface Sight {
  readonly definition: CanaryDefinition;
  readonly state: CanaryState;
  readonly input: CanaryInput;
  readonly guards: readonly GuardView[];
}

function rollback(sight: Sight): Decision | undefined {
  const violated = sight.guards.filter(({ standing }) => standing === 'violated');
  const worst = violated.toSorted((one, other) => other.evidence - other.needed - (one.evidence - one.needed))[0];
  if (worst === undefined) return undefined;
  const { definition, state } = sight;
  const reason = words.rolledBackText(worst, shareOf(definition, state), definition.alpha);
  return changed(
    sight,
    { ...going(state), status: 'rolled_back' },
    { kind: 'rolled_back', metric: worst.metric, reason },
  );
}

function mismatch(sight: Sight): Decision | undefined {
  const { definition, state, input, guards } = sight;
  if (state.isRatioAccepted === true || state.status === 'paused') return undefined;
  const drawn = { candidate: 0, stable: 0 };
  const draws = input.steps.flatMap((counts, step) => {
    if (counts.drawn === undefined) return [];
    drawn.candidate += counts.drawn.candidate;
    drawn.stable += counts.drawn.stable;
    const share = definition.steps[step] ?? 100;
    return [{ weights: [share, 100 - share], counts: [counts.drawn.candidate, counts.drawn.stable] }];
  });
  if (!isMismatch(draws) && state.hold !== 'mismatch') return undefined;
  const reason = words.mismatchText(shareOf(definition, state), drawn);
  if (state.hold === 'mismatch') return { state, reason, guards };
  return changed(sight, { ...state, status: 'holding', hold: 'mismatch' }, { kind: 'hold', reason });
}

/** Nothing to decide yet. */
function waiting(sight: Sight): Decision | undefined {
  const { definition, state, input, guards } = sight;
  if (state.status === 'paused') return { state, reason: words.PAUSED, guards };
  const { requests, sinceMs } = lengthOf(state, input);
  const { each } = definition;
  const share = shareOf(definition, state);
  if (requests < each.requests || sinceMs < each.timeMs) {
    const needed = words.requestsText(requests, each.requests);
    return { state, reason: words.waitingText(share, needed, words.minutesText(sinceMs, each.timeMs)), guards };
  }
  const lacking = lackingArm(sight);
  return lacking && held(sight, words.lackingText(share, lacking));
}

/** An arm of this share of its planned requests, or of fewer than so many, has not been tried. */
const LEAST_PART = 0.1;
const LEAST_REQUESTS = 5;

/** The arm that has had too few requests at this step to say that it was tried. */
function lackingArm({ definition, state, input }: Sight): words.LackingArm | undefined {
  const counts = input.steps[state.step];
  const share = shareOf(definition, state) / 100;
  const arms = [
    { arm: 'candidate', requests: counts ? requestsOf(counts.candidate) : 0, part: share },
    { arm: 'stable arm', requests: counts ? requestsOf(counts.stable) : 0, part: 1 - share },
  ] as const;
  return arms
    .map(({ arm, requests, part }) => {
      return {
        arm,
        requests,
        least: Math.max(LEAST_REQUESTS, Math.ceil(definition.each.requests * part * LEAST_PART)),
      };
    })
    .find(({ requests, least }) => requests < least);
}

/** The step has been long enough: up, or a person, or a little more patience. */
function onwards(sight: Sight): Decision {
  const { definition, state, guards } = sight;
  const isLast = isLastStep(definition, state);
  const unclear = guards.filter((guard) =>
    isLast ? guard.standing !== 'cleared' && !isLeftOut(guard) : guard.standing === 'suspicious',
  );
  if (unclear.length === 0) return isLast ? promoted(sight) : stepped(sight);
  const share = shareOf(definition, state);
  return held(sight, words.lookingText(share, unclear), words.undecidedText(share, unclear));
}

/** Nobody asked for it, and whole steps have brought nothing to go by: no streams, no prices, no feedback. */
function isLeftOut({ isUsual, hasValues }: GuardView): boolean {
  return isUsual && !hasValues;
}

/** Waits for a while, then asks a person. */
function held(sight: Sight, waits: string, asks = waits): Decision {
  const { definition, state, input, guards } = sight;
  if (state.hold !== undefined) return { state, reason: asks, guards };
  const { requests, sinceMs } = lengthOf(state, input);
  const patience = definition.patience ?? PATIENCE;
  if (requests < definition.each.requests * patience || sinceMs < definition.each.timeMs * patience) {
    return { state, reason: waits, guards };
  }
  return changed(sight, { ...state, status: 'holding', hold: 'undecided' }, { kind: 'hold', reason: asks });
}

function stepped(sight: Sight): Decision {
  const { definition, state, input } = sight;
  const next = nextStep(state, input.nowMs);
  const { requests } = lengthOf(state, input);
  const reason = words.steppedText(shareOf(definition, state), shareOf(definition, next), requests);
  return changed(sight, next, { kind: 'step', reason });
}

function promoted(sight: Sight): Decision {
  const { state, guards } = sight;
  const reason = words.promotedText(
    guards.filter((guard) => !isLeftOut(guard)),
    guards.filter(isLeftOut),
  );
  return changed(sight, { ...going(state), status: 'promoted' }, { kind: 'promoted', reason });
}

function changed(sight: Sight, next: CanaryState, told: Omit<Told, 'atMs' | 'by'>): Decision {
  const { definition, input, guards } = sight;
  const { state, event } = withEvent(definition, next, { ...told, atMs: input.nowMs, by: 'itself' });
  return { state, event, reason: event.reason, guards };
}

function lengthOf(state: CanaryState, input: CanaryInput): { requests: number; sinceMs: number } {
  const counts = input.steps[state.step];
  const requests = counts === undefined ? 0 : requestsOf(counts.candidate) + requestsOf(counts.stable);
  return { requests, sinceMs: input.nowMs - state.stepSinceMs };
}

function nextStep(state: CanaryState, nowMs: number): CanaryState {
  return { ...going(state), step: state.step + 1, stepSinceMs: nowMs };
}

/** What a person may do. */
export type CanaryAction = 'advance' | 'promote' | 'rollback' | 'pause' | 'resume';

/**
 * The state after a person's word; undefined where it makes no sense now. What is over can only be rolled back, and
 * what is rolled back stays so: another attempt is another run. Who goes on in spite of a mismatch has accepted it.
 */
export function steer(
  definition: CanaryDefinition,
  state: CanaryState,
  action: CanaryAction,
  nowMs: number,
): { state: CanaryState; event: CanaryEvent } | undefined {
  const [kind, next] = steered(definition, state, action, nowMs) ?? [];
  if (kind === undefined || next === undefined) return undefined;
  return withEvent(definition, next, { kind, atMs: nowMs, reason: words.BY_PERSON[action], by: 'person' });
}

function steered(
  definition: CanaryDefinition,
  state: CanaryState,
  action: CanaryAction,
  nowMs: number,
): readonly [CanaryEvent['kind'], CanaryState] | undefined {
  if (action === 'rollback') {
    return state.status === 'rolled_back' ? undefined : ['rolled_back', { ...going(state), status: 'rolled_back' }];
  }
  if (isOver(state)) return undefined;
  const onward = accepting(state);
  if (action === 'promote') return ['promoted', { ...onward, status: 'promoted' }];
  if (action === 'pause') return state.status === 'paused' ? undefined : ['paused', { ...state, status: 'paused' }];
  if (action === 'resume') {
    return state.status === 'running' ? undefined : ['resumed', { ...onward, stepSinceMs: nowMs }];
  }
  return isLastStep(definition, state)
    ? ['promoted', { ...onward, status: 'promoted' }]
    : ['step', nextStep(onward, nowMs)];
}

function accepting(state: CanaryState): CanaryState {
  return state.hold === 'mismatch' ? { ...going(state), isRatioAccepted: true } : going(state);
}
