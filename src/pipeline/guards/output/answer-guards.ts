import type { Call } from '../../../core/call.ts';
import type { Place, Verdict } from '../../../core/screening.ts';
import type { ReviewReason } from '../review/review.ts';
import { type AnswerState, type AskingRun, GuardRun, type ScanningRun } from './guard-run.ts';
import { JudgePanel } from './judge-panel.ts';
import type { OutputPlan, PlaceGuards } from './output-plan.ts';

/** Texts of a judge at a time, where all of an answer is there. */
export const JUDGED_AT_ONCE = 20_000;

/** The guards of one place of one answer. */
export interface RunsAt {
  readonly scanning: readonly ScanningRun[];
  readonly asking: readonly AskingRun[];
  /** Judges without whose verdict nothing goes on. */
  readonly gate: JudgePanel;
  /** Judges who are asked when all has been said. */
  readonly late: JudgePanel;
}

function isLate({ use }: AskingRun): boolean {
  return use.action === 'flag';
}

/** All guards of one answer, and what they came to. */
export class AnswerGuards {
  readonly state: AnswerState = { stop: undefined };
  readonly output: RunsAt;
  readonly arguments: RunsAt;

  constructor(plan: OutputPlan, call: Call) {
    this.output = this.#runsAt('output', plan.output, call);
    this.arguments = this.#runsAt('tool-arguments', plan.arguments, call);
  }

  /** Of places where there was a text. That an answer says nothing is said once for each guard; calls need no word. */
  get verdicts(): Verdict[] {
    const { output, arguments: args } = this;
    const called = [...args.scanning, ...args.asking].filter(({ looked, isOver }) => looked || isOver);
    return [...output.scanning, ...output.asking, ...called].map(({ verdict }) => ({ ...verdict, ofAnswer: true }));
  }

  get reviews(): ReviewReason[] {
    const { output, arguments: args } = this;
    const all = [...output.scanning, ...output.asking, ...args.scanning, ...args.asking];
    return all.flatMap(({ review }) => (review ? [review] : []));
  }

  #runsAt(place: Place, guards: PlaceGuards, call: Call): RunsAt {
    const scanning = guards.scanning.map((use) => new GuardRun(use, this.state));
    const asking = guards.asking.map((use) => new GuardRun(use, this.state));
    return {
      scanning,
      asking,
      gate: new JudgePanel(
        call,
        place,
        asking.filter((run) => !isLate(run)),
      ),
      late: new JudgePanel(call, place, asking.filter(isLate)),
    };
  }
}
