import type { AdviceView } from '../work/advise/advice-view.ts';
import { figure, percent, policiesText } from './advise-table.ts';

export interface AdviseTextOptions {
  readonly since: Date;
  readonly until: Date;
  readonly notes: readonly string[];
  /** All policies that were compared are printed. */
  readonly all: boolean;
}

/** What is printed for people. */
export function adviseText(views: readonly AdviceView[], { since, until, notes, all }: AdviseTextOptions): string {
  const time = `from ${since.toISOString()} until ${until.toISOString()}`;
  const parts =
    views.length === 0
      ? [`No answered chat requests were recorded ${time}.`]
      : views.map((view) => modelText(view, all));
  return [...parts, ...notes.map((note) => `- ${note}`)].join('\n\n');
}

const WORDS = {
  use: 'Recommended',
  try: 'Worth a trial',
  none: 'Recommended: nothing. Leave it as it is',
  'too-little': 'Nothing can be said',
} as const;

const PLACES = {
  use: "To be merged into causeway.yaml, in place of the model's target or route; rules of its route, and all else that is there, stay:",
  try: 'To be merged into causeway.yaml, beside what is there:',
} as const;

function modelText(view: AdviceView, all: boolean): string {
  const { model, requests, cost_usd: cost, labels, advice, reason, chosen, yaml, policies } = view;
  const targets = view.targets.map(({ target, usd_per_request: usd }) => `${target} $${usd.toFixed(6)}`).join(', ');
  const head = [
    `${model}: ${requests} requests in ${spanText(view)}, $${cost.toFixed(4)}, ${labels} of them with feedback.`,
    targets && `A request costs on average: ${targets}.`,
    view.left_out > 0 && `${view.left_out} requests of unknown cost are left out.`,
  ].filter((line) => line !== '' && line !== false);
  const told = [`${WORDS[advice]}${chosen ? `: ${chosen.policy}` : ''}.`, reason];
  if (chosen) told.push(`It saves ${figure(chosen.saving)} of the cost${monthText(view)}.`);
  return [
    head.join('\n'),
    policies.length > 0 && advice !== 'too-little' && policiesText(policies, { chosen, cost, all }),
    breakEvenText(view),
    told.join('\n'),
    yaml !== null && `${PLACES[advice === 'try' ? 'try' : 'use']}\n\n${yaml}`,
    view.missing_labels.length > 0 &&
      `To know how good answers would be, feedback is missing on answers of: ${view.missing_labels.join('; ')}.`,
  ]
    .filter((part) => part !== false && part !== '')
    .join('\n\n');
}

/** By the time that was recorded, which may be less than the time that was asked for. */
function monthText(view: AdviceView): string {
  if (!view.saving_usd_in_30_days) return `; ${spanText(view)} are too little to tell what that is in a month`;
  const { value, low, high } = view.saving_usd_in_30_days;
  const usd = `$${value.toFixed(2)} ($${low.toFixed(2)} to $${high.toFixed(2)})`;
  return `, ${usd} in 30 days if they are like the ${spanText(view)} that were recorded`;
}

/** From the first request to the last. */
function spanText({ recorded: { from, until } }: AdviceView): string {
  const hours = (Date.parse(until) - Date.parse(from)) / HOUR_MS;
  if (hours >= 48) return `${(hours / 24).toFixed(1)} days`;
  return hours >= 1 ? `${hours.toFixed(1)} hours` : `${(hours * 60).toFixed(0)} minutes`;
}

const HOUR_MS = 3_600_000;

function breakEvenText({ break_even: pairs }: AdviceView): string {
  const lines = pairs.map(({ small, large, classifier_share: share, cascade_escalated: escalated }) => {
    const asked = share === null ? 'never pays' : `pays where more than ${percent(share)} go to the small one`;
    const cascade =
      escalated === null ? 'never pays' : `pays where fewer than ${percent(escalated)} of the answers go on`;
    return `${small} and ${large}: asking ${small} first how demanding a request is ${asked}; a cascade ${cascade}.`;
  });
  return lines.join('\n');
}
