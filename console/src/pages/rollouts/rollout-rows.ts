import type { Tone } from '../../ui/badge.tsx';
import type { Canary, Experiment, Flag, Kind, Shadow } from './wire.ts';

/** One word on how something stands. */
const STATES = [
  'running',
  'holding',
  'paused',
  'promoted',
  'rolled_back',
  'better',
  'worse',
  'same',
  'mismatch',
  'on',
  'off',
  'problem',
] as const;
export type RolloutState = (typeof STATES)[number];

export const STATE_TONES: Readonly<Record<RolloutState, Tone>> = {
  running: 'accent',
  holding: 'warn',
  paused: 'warn',
  promoted: 'good',
  rolled_back: 'bad',
  better: 'good',
  worse: 'bad',
  same: 'neutral',
  mismatch: 'bad',
  on: 'accent',
  off: 'neutral',
  problem: 'bad',
};

export interface RolloutRow {
  readonly kind: Kind;
  readonly id: string;
  readonly model: string | null;
  readonly origin: string;
  readonly state: RolloutState;
  /** Of requests, or of those who take part: 0 to 1. */
  readonly share: number | null;
  /** For people; empty where there is none. */
  readonly verdict: string;
}

interface Common {
  readonly enabled: boolean;
  readonly problem: string | null;
}

/** What keeps anything from being in force, before how it stands. */
function kept({ enabled, problem }: Common, state: string | undefined): RolloutState {
  if (problem !== null) return 'problem';
  if (!enabled) return 'off';
  return STATES.find((one) => one === state) ?? 'on';
}

function common(of: Common & Pick<RolloutRow, 'id' | 'model' | 'origin'>, kind: Kind, state: string | undefined) {
  const { id, model, origin } = of;
  return { kind, id, model, origin, state: kept(of, state) };
}

// What cannot be read any more has none of the fields below.
type Readable<Whole extends Common> = Pick<Whole, keyof Common & keyof Whole> & Partial<Whole>;

export function canaryRow(canary: Canary): RolloutRow {
  const { share_percent: percent, reason, problem }: Readable<Canary> = canary;
  const share = percent === undefined ? null : percent / 100;
  return { ...common(canary, 'canaries', canary.status), share, verdict: problem ?? reason ?? '' };
}

export function experimentRow(experiment: Experiment): RolloutRow {
  const { verdict, share, problem }: Readable<Experiment> = experiment;
  return {
    ...common(experiment, 'experiments', verdict?.state),
    share: share ?? null,
    verdict: problem ?? verdict?.text ?? '',
  };
}

export function shadowRow(shadow: Omit<Shadow, 'report'>): RolloutRow {
  return { ...common(shadow, 'shadows', 'on'), share: shadow.share, verdict: shadow.problem ?? '' };
}

export function flagRow(flag: Flag): RolloutRow {
  const { share, problem }: Readable<Flag> = flag;
  return { ...common(flag, 'flags', 'on'), share: share ?? null, verdict: problem ?? '' };
}

/** By what somebody has to look at first. */
const URGENCY: readonly RolloutState[] = ['problem', 'mismatch', 'holding', 'rolled_back', 'worse', 'paused', 'better'];

export function urgencyOf({ state }: Pick<RolloutRow, 'state'>): number {
  const at = URGENCY.indexOf(state);
  return at === -1 ? URGENCY.length : at;
}

export function addressOf({ kind, id }: Pick<RolloutRow, 'kind' | 'id'>): string {
  return `/rollouts/${kind}/${encodeURIComponent(id)}`;
}
