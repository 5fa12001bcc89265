import type { AdviceView, EvaluationView } from '../work/advise/advice-view.ts';
import { textTable } from './text-table.ts';

/** What is printed for people. */
export function adviseText(all: readonly AdviceView[], since: Date, until: Date, notes: readonly string[]): string {
  const time = `from ${since.toISOString()} until ${until.toISOString()}`;
  const parts = all.length === 0 ? [`No answered chat requests were recorded ${time}.`] : all.map(modelText);
  return [...parts, ...notes.map((note) => `- ${note}`)].join('\n\n');
}

const WORDS = {
  use: 'Recommended',
  try: 'Worth a trial',
  none: 'Recommended: nothing. Leave it as it is',
  'too-little': 'Nothing can be said',
} as const;

function modelText(view: AdviceView): string {
  const { model, requests, cost_usd: cost, labels, advice, reason, chosen, yaml, policies } = view;
  const targets = view.targets.map(({ target, usd_per_request: usd }) => `${target} $${usd.toFixed(6)}`).join(', ');
  const head = [
    `${model}: ${requests} requests, $${cost.toFixed(4)}, ${labels} of them with feedback.`,
    targets && `A request costs on average: ${targets}.`,
    view.left_out > 0 && `${view.left_out} requests of unknown cost are left out.`,
  ].filter((line) => line !== '' && line !== false);
  const told = [`${WORDS[advice]}${chosen ? `: ${chosen.policy}` : ''}.`, reason];
  if (chosen && view.saving_usd_in_30_days) {
    const { value, low, high } = view.saving_usd_in_30_days;
    told.push(
      `It saves ${figure(chosen.saving)} of the cost, $${value.toFixed(2)} ($${low.toFixed(2)} to $${high.toFixed(2)}) in 30 days of such traffic.`,
    );
  }
  return [
    head.join('\n'),
    policies.length > 0 && advice !== 'too-little' && policiesText(policies),
    breakEvenText(view),
    told.join('\n'),
    yaml !== null && `In causeway.yaml:\n\n${yaml}`,
    view.missing_labels.length > 0 &&
      `To know how good answers would be, feedback is missing on answers of: ${view.missing_labels.join('; ')}.`,
  ]
    .filter((part) => part !== false && part !== '')
    .join('\n\n');
}

function policiesText(policies: readonly EvaluationView[]): string {
  const rows = policies.map((one) => [
    one.policy,
    `$${one.cost_usd.toFixed(4)}`,
    figure(one.saving),
    percent(one.moved),
    one.quality === null ? 'unknown' : one.quality_labels === 0 ? 'the same' : pointsOf(one.quality),
    one.assumed ? 'assumed' : '',
  ]);
  return textTable(['policy', 'cost', 'saves', 'moved', 'quality, points', ''], rows, 1);
}

function breakEvenText({ break_even: pairs }: AdviceView): string {
  const lines = pairs.map(({ small, large, classifier_share: share, cascade_escalated: escalated }) => {
    const asked = share === null ? 'never pays' : `pays where more than ${percent(share)} go to the small one`;
    const cascade =
      escalated === null ? 'never pays' : `pays where fewer than ${percent(escalated)} of the answers go on`;
    return `${small} and ${large}: asking ${small} first how demanding a request is ${asked}; a cascade ${cascade}.`;
  });
  return lines.join('\n');
}

function figure({ value, low, high }: EvaluationView['saving']): string {
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

function pointsOf({ value, low, high }: EvaluationView['saving']): string {
  const [told, from, to] = [value, low, high].map((part) => (part * 100).toFixed(1));
  return `${told} (${from} to ${to})`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
