import { type Case, kindOf } from './cases.ts';
import type { Child } from './child.ts';
import { type Measurement, type Timing, measure } from './measure.ts';
import type { Party } from './parties.ts';
import { type WarmUp, type WarmUpPlan, warmUp } from './warm-up.ts';

/** One window, and in which round it was. */
export interface Round extends Measurement {
  readonly round: number;
}

export interface RoundsPlan {
  readonly cases: readonly Case[];
  readonly rounds: number;
  readonly timing: Timing;
  readonly warmUp: WarmUpPlan;
}

export interface Measured {
  readonly rounds: readonly Round[];
  readonly warmUps: readonly WarmUp[];
}

/**
 * Case by case and round by round, each party once a round: A B C, A B C. What the machine does meanwhile hits all
 * alike, and the figures of one round are compared with each other.
 */
export async function measureRounds(load: Child, parties: readonly Party[], plan: RoundsPlan): Promise<Measured> {
  const rounds: Round[] = [];
  const warmUps: WarmUp[] = [];
  for (const shape of plan.cases) {
    const present = parties.filter(({ name }) => shape.parties?.includes(name) ?? true);
    const kind = kindOf(shape);
    for (const party of present) {
      if (warmUps.some((done) => done.kind === kind && done.party === party.name)) continue;
      const done = await warmUp(load, party, shape, kind, plan.warmUp);
      console.error(
        `${kind} ${party.name}: warm after ${done.seconds} s (${done.threadUs.map(Math.round).join(', ')} µs)`,
      );
      warmUps.push(done);
    }
    for (let round = 1; round <= plan.rounds; round += 1) {
      console.error(`${shape.name}: round ${round} of ${plan.rounds}`);
      for (const party of present) rounds.push({ ...(await measure(load, party, shape, plan.timing)), round });
    }
  }
  return { rounds, warmUps };
}
