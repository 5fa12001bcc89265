import { breakEvenEscalation } from '../../pipeline/routing/cascade/expected-cost.ts';
import { breakEvenShare } from '../../pipeline/routing/complexity/model/break-even.ts';
import { nanoToUsd } from '../../core/money.ts';
import { DAY_MS } from '../../core/units.ts';
import type { ModelAdvice } from './advise.ts';
import type { Interval } from './blocks.ts';
import type { Evaluation, Quality } from './evaluate.ts';
import { type Place, canarySnippet, modelSnippet } from './snippet.ts';

/** A figure with the ends of its interval of 95 %. */
interface FigureView {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface EvaluationView {
  readonly policy: string;
  readonly kind: string;
  /** Requests of which its cost is known. */
  readonly requests: number;
  readonly cost_usd: number;
  /** The part of the cost that is saved, 0 to 1; below 0 where it costs more. */
  readonly saving: FigureView;
  /** The part of the requests that would go to another target. */
  readonly moved: number;
  /** Of the answers, in points (0.01); null where too few labels say anything, 0 where the same targets answer. */
  readonly quality: FigureView | null;
  readonly quality_labels: number;
  /** The part of the attempts that fail at the targets that it asks first, by the record; null where that is not known. */
  readonly error_share: number | null;
  /** Of what clients would wait; null where that is not known. */
  readonly median_latency_ms: number | null;
  /** As it is set up by default: what may be tried where nothing is known of its quality. */
  readonly usual: boolean;
  /** Its cost rests on something that was not measured. */
  readonly assumed: boolean;
}

/** From where on something pays for two targets. */
interface BreakEvenView {
  readonly small: string;
  readonly large: string;
  /** A classifier pays where more than this part of the requests go to the small one; null where it never does. */
  readonly classifier_share: number | null;
  /** A cascade pays where fewer than this part of the answers go on to the large one; null where it never does. */
  readonly cascade_escalated: number | null;
}

export interface AdviceView {
  readonly model: string;
  readonly requests: number;
  /** Completed requests whose cost is not known are left out. */
  readonly left_out: number;
  readonly labels: number;
  readonly cost_usd: number;
  readonly targets: readonly { readonly target: string; readonly usd_per_request: number }[];
  readonly advice: 'use' | 'try' | 'none' | 'too-little';
  readonly reason: string;
  readonly chosen: EvaluationView | null;
  /** When the first and the last of the requests came. */
  readonly recorded: { readonly from: string; readonly until: string };
  /** What the chosen policy saves, by this traffic, in 30 days; null also where less than an hour was recorded. */
  readonly saving_usd_in_30_days: FigureView | null;
  /** Lines to be merged into the configuration. */
  readonly yaml: string | null;
  /** What would have to be said of answers to know more. */
  readonly missing_labels: readonly string[];
  readonly break_even: readonly BreakEvenView[];
  readonly policies: readonly EvaluationView[];
}

export interface AdviceFacts {
  /** When the first and the last request came, since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Where lines for the configuration would be put. */
  readonly place: Place;
  readonly answered: number;
  readonly unpriced: number;
  /** What asking a classifier about a request costs on average, by the small target; nano-dollars. */
  readonly askNanoUsd: ReadonlyMap<string, number>;
}

export function adviceView(
  advised: ModelAdvice,
  { firstAt, lastAt, place, answered, unpriced, askNanoUsd }: AdviceFacts,
): AdviceView {
  const { model, requests, labels, costNanoUsd, perRequest, evaluations, advice } = advised;
  const chosen = 'chosen' in advice ? advice.chosen : undefined;
  const scale = requests === 0 ? 0 : (answered - unpriced) / requests;
  return {
    model,
    requests,
    left_out: unpriced,
    labels,
    cost_usd: nanoToUsd(costNanoUsd),
    targets: [...perRequest].map(([target, nano]) => ({ target, usd_per_request: nanoToUsd(nano) })),
    advice: advice.kind,
    reason: advice.reason,
    chosen: chosen ? evaluationView(chosen) : null,
    recorded: { from: new Date(firstAt).toISOString(), until: new Date(lastAt).toISOString() },
    saving_usd_in_30_days:
      chosen && lastAt - firstAt >= LEAST_MS
        ? in30Days(chosen, (costNanoUsd * scale * MONTH_MS) / (lastAt - firstAt))
        : null,
    yaml: chosen ? yamlOf(advice.kind, chosen, place) : null,
    missing_labels: missingOf(evaluations),
    break_even: advised.pairs.map(({ small, large }) => {
      const costs = { smallNanoUsd: perRequest.get(small) ?? 0, largeNanoUsd: perRequest.get(large) ?? 0 };
      const share = breakEvenShare(costs, askNanoUsd.get(small) ?? Number.POSITIVE_INFINITY);
      const escalated = breakEvenEscalation({ ...costs, checkNanoUsd: 0 });
      return {
        small,
        large,
        classifier_share: share <= 1 ? share : null,
        cascade_escalated: escalated > 0 ? escalated : null,
      };
    }),
    policies: evaluations.map(evaluationView),
  };
}

const MONTH_MS = 30 * DAY_MS;
/** What was recorded in less says nothing of a month. */
const LEAST_MS = 3_600_000;

/** @param monthNanoUsd what such traffic costs in 30 days */
function in30Days({ saving }: Evaluation, monthNanoUsd: number): FigureView {
  const usd = (part: number): number => nanoToUsd(Math.round(part * monthNanoUsd));
  return { value: usd(saving.value), low: usd(saving.low), high: usd(saving.high) };
}

function yamlOf(kind: 'use' | 'try' | 'none' | 'too-little', { policy }: Evaluation, place: Place): string {
  return kind === 'try' ? canarySnippet(policy, place) : modelSnippet(policy, place);
}

function evaluationView({
  policy,
  requests,
  afterNanoUsd,
  saving,
  moved,
  quality,
  service,
}: Evaluation): EvaluationView {
  return {
    policy: policy.name,
    kind: policy.kind,
    requests,
    cost_usd: nanoToUsd(Math.round(afterNanoUsd)),
    saving: figureView(saving),
    moved,
    quality: qualityView(quality),
    quality_labels: quality.kind === 'measured' ? quality.labels : 0,
    error_share: service.errorShare ?? null,
    median_latency_ms: service.medianLatencyMs ?? null,
    usual: policy.isUsual,
    assumed: policy.isAssumed,
  };
}

function qualityView(quality: Quality): FigureView | null {
  if (quality.kind === 'unknown') return null;
  return quality.kind === 'same' ? { value: 0, low: 0, high: 0 } : figureView(quality.difference);
}

function figureView({ value, low, high }: Interval): FigureView {
  return { value, low, high };
}

/** Of the policies that may be tried, since the others are looked at for comparison. */
function missingOf(evaluations: readonly Evaluation[]): string[] {
  const missing = evaluations.flatMap(({ policy, quality }) =>
    quality.kind === 'unknown' && policy.isUsual ? quality.missing : [],
  );
  return [...new Set(missing)];
}
