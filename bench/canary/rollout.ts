import type { CanaryDefinition, CanaryState } from '../../src/pipeline/rollouts/canary/canary.ts';
import { shareOf, startCanary } from '../../src/pipeline/rollouts/canary/canary.ts';
import { decide } from '../../src/pipeline/rollouts/canary/decide.ts';
import { type ArmSums, emptySums } from '../../src/pipeline/rollouts/statistics/moments.ts';
import { type Behaviour, type Crowd, Traffic } from './traffic.ts';

export const REQUESTS = 20_000;
const LOOK_EVERY = 100;
/** A day of traffic. */
const REQUEST_MS = 86_400_000 / REQUESTS;

/** What the gateway does where nothing else is said. */
export const DEFINITION: CanaryDefinition = {
  steps: [1, 5, 25, 50, 100],
  each: { requests: 1000, timeMs: 600_000 },
  guards: [
    { metric: 'errors', tolerance: 0.01 },
    { metric: 'latency', tolerance: 0.25 },
    { metric: 'ttft', tolerance: 0.25 },
    { metric: 'feedback', tolerance: 0.1 },
    { metric: 'cost', tolerance: 1 },
  ],
  alpha: 0.05,
};

export interface Chance {
  readonly seed: number;
  readonly crowd: Crowd;
}

/** How one canary ended. */
export interface Ending {
  readonly state: CanaryState;
  /** Percent, when it was taken back; else at the end. */
  readonly share: number;
  /** Of the candidate, until it was over. */
  readonly candidates: number;
  /** Of both arms. */
  readonly requests: number;
}

/** One canary over the traffic; looked at every hundred requests. */
export function runCanary(
  definition: CanaryDefinition,
  stable: Behaviour,
  candidate: Behaviour,
  { seed, crowd }: Chance,
): Ending {
  const traffic = new Traffic(seed, crowd);
  const steps: Step[] = [];
  let state = startCanary(0);
  let candidates = 0;
  for (let request = 1; request <= REQUESTS; request += 1) {
    const counts = (steps[state.step] ??= newStep());
    const user = traffic.next();
    const isCandidate = user.place < shareOf(definition, state) / 100;
    const arm = isCandidate ? 'candidate' : 'stable';
    if (user.isNew) counts.drawn[arm] += 1;
    if (isCandidate) candidates += 1;
    traffic.answer(counts[arm], isCandidate ? candidate : stable, user);
    if (request % LOOK_EVERY !== 0) continue;
    const share = shareOf(definition, state);
    state = decide(definition, state, { steps, nowMs: request * REQUEST_MS }).state;
    if (state.status === 'rolled_back' || state.status === 'promoted')
      return { state, share, candidates, requests: request };
  }
  return { state, share: shareOf(definition, state), candidates, requests: REQUESTS };
}

interface Step {
  readonly candidate: ArmSums;
  readonly stable: ArmSums;
  readonly drawn: { candidate: number; stable: number };
}

function newStep(): Step {
  return { candidate: emptySums(), stable: emptySums(), drawn: { candidate: 0, stable: 0 } };
}
