import { GatewayError } from '../../core/errors.ts';
import type { Call } from '../../core/call.ts';
import type { RoutePlan } from '../../core/routing.ts';
import { type Complexity, tierOf } from '../../pipeline/routing/complexity/complexity.ts';
import { questionOf } from '../../pipeline/routing/complexity/question.ts';
import { RulesJudge } from '../../pipeline/routing/complexity/rules/rules-judge.ts';
import { RecordedCall } from './recorded-call.ts';

/** How demanding recorded requests are, without asking anybody. */
export interface ReplayedTiers {
  complexity(call: Call, plan: RoutePlan): Complexity | undefined;
  /** Requests for which the rules spoke in place of another judge. */
  readonly guessed: () => number;
}

/**
 * The rules judge as they do in a gateway. Of the other kinds the verdict of the record counts; where there is none, the
 * rules stand in.
 */
export function replayedTiers(): ReplayedTiers {
  const judges = new WeakMap<RoutePlan, RulesJudge>();
  let guessed = 0;
  return {
    guessed: () => guessed,
    complexity(call, plan) {
      const { kind = 'rules', faq = [], thresholds = {} } = plan.complexity ?? {};
      const recorded = kind === 'rules' ? undefined : recordedTier(call, plan);
      if (recorded) return recorded;
      if (kind !== 'rules') guessed += 1;
      let judge = judges.get(plan);
      if (!judge) {
        judge = new RulesJudge({ faq, thresholds });
        judges.set(plan, judge);
      }
      return judged(judge, call);
    },
  };
}

function judged(judge: RulesJudge, call: Call): Complexity | undefined {
  if (call instanceof RecordedCall && call.text.body === undefined) return undefined;
  try {
    return judge.judge(questionOf(call));
  } catch (thrown) {
    if (thrown instanceof GatewayError) return undefined;
    throw thrown;
  }
}

function recordedTier(call: Call, plan: RoutePlan): Complexity | undefined {
  const decision = call instanceof RecordedCall ? call.recorded.routing?.decision : undefined;
  if (decision?.tier === undefined || decision.score === undefined) return undefined;
  const tier = tierOf(decision.score, plan.complexity?.thresholds);
  return { tier, score: decision.score, reason: 'as it was recorded' };
}
