import { type Comparison, type Interval, type Scale, type Stratum, compare, intervalOf } from './compare.ts';
import { type ArmMetric, type ArmSums, isMoreBetter } from './moments.ts';
import { isMismatch, mismatchEvidence } from './ratio-check.ts';
import * as words from './words.ts';

/** What was counted of an experiment while its weights did not change. Arms in one order throughout. */
export interface ExperimentPeriod {
  readonly weights: readonly number[];
  readonly sums: readonly ArmSums[];
  /**
   * How many users (or conversations: what arms are drawn for) each arm got, each once, at its first request. Left out:
   * the ratio is not checked. Requests are drawn only where each is drawn for itself.
   */
  readonly drawn?: readonly number[] | undefined;
}

export interface VerdictOptions {
  /** The first is the control. */
  readonly arms: readonly string[];
  /** What decides. */
  readonly goal: ArmMetric;
  /** What else is compared; all the others where left out. Fixed before the experiment begins. */
  readonly others?: readonly ArmMetric[] | undefined;
  /** With what probability any statement of the verdict may be wrong, at any time: 0.05. */
  readonly alpha: number;
  /**
   * A difference below this does not matter: as a part of the control's cost and times, in points of scores (0.02 is two
   * of a hundred); of errors a tenth of it, in points.
   */
  readonly margin: number;
}

/** `open`: not known yet; `unknown`: too few values to say anything. */
type Relation = 'better' | 'worse' | 'same' | 'open' | 'unknown';

/** One metric of one arm beside the control. */
interface Finding {
  readonly arm: string;
  readonly metric: ArmMetric;
  readonly scale: Scale;
  readonly relation: Relation;
  /** The arm's less the control's; undefined where there is nothing to compare. */
  readonly estimate: number | undefined;
  readonly interval: Interval | undefined;
}

export interface Verdict {
  /**
   * Of the arm that it names, by the goal: `better` where an arm is; else `running` while any can still be, `same`, or
   * `worse` where all are. `mismatch`: the arms did not get what was planned, so nothing else is said.
   */
  readonly state: 'running' | 'better' | 'worse' | 'same' | 'mismatch';
  readonly arm: string | undefined;
  readonly metric: ArmMetric | undefined;
  readonly estimate: number | undefined;
  readonly interval: Interval | undefined;
  /** For people. */
  readonly text: string;
  /** Of every arm but the control, the goal first. */
  readonly findings: readonly Finding[];
}

const METRICS: readonly ArmMetric[] = ['cost', 'latency', 'ttft', 'errors', 'feedback', 'judge'];
/** Of alpha; the other metrics share the rest. */
const GOAL_PART = 0.5;
/** A bound that is further away than this says too little to be told. */
const TELLING = 0.25;
const ERRORS_MARGIN = 0.1;

/**
 * What an experiment shows. Everything that a verdict says is true together with a probability of at least 1 − alpha,
 * at every time that one looks: alpha is shared out among arms, metrics and both sides.
 */
export function verdictOf(periods: readonly ExperimentPeriod[], options: VerdictOptions): Verdict {
  const mismatch = mismatchOf(periods, options.arms);
  if (mismatch !== undefined) return { ...NOTHING, state: 'mismatch', text: mismatch };
  const byArm = options.arms.slice(1).map((arm, at) => findingsOf(arm, strataOf(periods, at + 1), options));
  const findings = byArm.flat();
  const chosen = chosenOf(byArm);
  const goal = chosen?.[0];
  if (chosen === undefined || goal === undefined || !isDecided(goal)) {
    return { ...NOTHING, state: 'running', findings, text: runningText(byArm, options) };
  }
  const { arm, metric, estimate, interval } = goal;
  return { state: goal.relation, arm, metric, estimate, interval, findings, text: decidedText(goal, chosen, options) };
}

const NOTHING = { arm: undefined, metric: undefined, estimate: undefined, interval: undefined, findings: [] } as const;

function mismatchOf(periods: readonly ExperimentPeriod[], arms: readonly string[]): string | undefined {
  const draws = periods.flatMap(({ weights, drawn }) => (drawn === undefined ? [] : [{ weights, counts: drawn }]));
  if (!isMismatch(draws)) return undefined;
  const worst = draws.toSorted((one, other) => mismatchEvidence([other]) - mismatchEvidence([one]))[0];
  return words.mismatchText(worst?.weights ?? [], worst?.counts ?? [], arms);
}

function strataOf(periods: readonly ExperimentPeriod[], arm: number): Stratum[] {
  return periods.flatMap(({ sums }) => {
    const [control, candidate] = [sums[0], sums[arm]];
    return control === undefined || candidate === undefined ? [] : [{ candidate, control }];
  });
}

/** The goal first. */
function findingsOf(arm: string, strata: readonly Stratum[], options: VerdictOptions): Finding[] {
  const others = (options.others ?? METRICS).filter((metric) => metric !== options.goal);
  const compared = Math.max(1, options.arms.length - 1);
  const goalPart = others.length === 0 ? 1 : GOAL_PART;
  const ofGoal = (options.alpha * goalPart) / compared / 2;
  const ofOther = (options.alpha * (1 - goalPart)) / others.length / compared / 2;
  return [options.goal, ...others].map((metric, at) =>
    findingOf(arm, compare(metric, strata, 'points'), at === 0 ? ofGoal : ofOther, marginOf(metric, options)),
  );
}

function findingOf(arm: string, comparison: Comparison, alphaEach: number, margin: number): Finding {
  const { metric, scale, estimate } = comparison;
  const interval = intervalOf(comparison, alphaEach);
  return { arm, metric, scale, estimate, interval, relation: relationOf(metric, interval, margin) };
}

function relationOf(metric: ArmMetric, interval: Interval | undefined, margin: number): Relation {
  if (interval === undefined) return 'unknown';
  const [lower, upper] = interval;
  if (lower > -margin && upper < margin) return 'same';
  if (upper < 0) return isMoreBetter(metric) ? 'worse' : 'better';
  if (lower > 0) return isMoreBetter(metric) ? 'better' : 'worse';
  return 'open';
}

function marginOf(metric: ArmMetric, { margin }: VerdictOptions): number {
  return metric === 'errors' ? margin * ERRORS_MARGIN : margin;
}

type Decided = Finding & {
  readonly relation: 'better' | 'worse' | 'same';
  readonly estimate: number;
  readonly interval: Interval;
};

function isDecided(finding: Finding): finding is Decided {
  const { relation, estimate, interval } = finding;
  return estimate !== undefined && interval !== undefined && relation !== 'open' && relation !== 'unknown';
}

/** The findings of the arm that the verdict is about; undefined while that is open. */
function chosenOf(byArm: readonly (readonly Finding[])[]): readonly Finding[] | undefined {
  const by = (relation: Relation): (readonly Finding[])[] => byArm.filter(([goal]) => goal?.relation === relation);
  const benefit = ([goal]: readonly Finding[]): number =>
    goal === undefined ? 0 : (goal.estimate ?? 0) * (isMoreBetter(goal.metric) ? 1 : -1);
  const best = by('better').toSorted((one, other) => benefit(other) - benefit(one))[0];
  if (best !== undefined) return best;
  const isOpen = by('open').length + by('unknown').length > 0;
  return isOpen ? undefined : (by('same')[0] ?? by('worse').toSorted((one, other) => benefit(other) - benefit(one))[0]);
}

function runningText(byArm: readonly (readonly Finding[])[], { arms }: VerdictOptions): string {
  const open = byArm.flatMap(([goal]) =>
    goal === undefined || isDecided(goal)
      ? []
      : [words.openArmText(goal.arm, words.openText(goal.metric, goal.scale, goal.interval))],
  );
  return words.runningText(arms[0] ?? '', open);
}

function decidedText(goal: Decided, findings: readonly Finding[], options: VerdictOptions): string {
  const others = findings.slice(1);
  const good = others.filter(({ relation }) => relation === 'better').flatMap(told);
  const bounded = others.filter(({ relation }) => relation === 'open' || relation === 'same').flatMap(atMost);
  const bad = others.filter(({ relation }) => relation === 'worse').flatMap(told);
  const first =
    goal.relation === 'same'
      ? words.sameText(goal.metric, goal.scale, marginOf(goal.metric, options))
      : words.effectText(goal.metric, goal.scale, goal.estimate, goal.interval);
  return `${words.armText(goal.arm, first, [...good, ...bounded], bad)}; ${words.sureText(options.alpha)}`;
}

function told(finding: Finding): string[] {
  if (!isDecided(finding)) return [];
  return [words.effectText(finding.metric, finding.scale, finding.estimate, finding.interval)];
}

/** How bad it can be at most, where that says something. */
function atMost({ metric, scale, interval }: Finding): string[] {
  if (interval === undefined) return [];
  const worst = isMoreBetter(metric) ? interval[0] : interval[1];
  const isHarm = worst !== 0 && worst > 0 !== isMoreBetter(metric);
  return !isHarm || Math.abs(worst) > TELLING ? [] : [words.atMostText(metric, scale, worst)];
}
