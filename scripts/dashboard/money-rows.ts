import { HERE, MODELS, type Row, rate, sumBy } from './panel.ts';

const typed = (type: string): string => sumBy('model', rate('llm_tokens_total', `${MODELS}, type="${type}"`));
const bad = `${MODELS}, result="bad"`;
const TARGET = `max by (model, objective) (causeway_objective_target{${MODELS}, objective!="cost"})`;

/** The part of the requests that missed an objective, over what may. */
function burn(window: string): string {
  const events = (labels: string): string => `rate(causeway_objective_events_total{${labels}}[${window}])`;
  return `${sumBy('model, objective', events(bad))} / (${sumBy('model, objective', events(MODELS))} > 0) / (1 - ${TARGET})`;
}

const grown = (metric: string): string => `sum(increase(${metric}{${HERE}}[$__range]))`;
const SAVED = `(${grown('causeway_saved_usd_total')} - ${grown('causeway_savings_cost_usd_total')})`;
const SAVED_SHARE = `${SAVED} / ((${SAVED} + ${grown('llm_cost_dollars_total')}) > 0)`;

/** What is used and paid, and what was promised. */
export const MONEY_ROWS: readonly Row[] = [
  {
    title: 'Tokens and cost',
    panels: [
      {
        title: 'Tokens per second by type',
        unit: 'short',
        note: 'cache_read and cache_creation are parts of input, reasoning is a part of output.',
        queries: [[sumBy('type', rate('llm_tokens_total', MODELS)), '{{type}}']],
      },
      {
        title: "Prompts from the providers' caches",
        unit: 'percentunit',
        queries: [[`${typed('cache_read')} / (${typed('input')} > 0)`, '{{model}}']],
      },
      {
        title: 'Dollars per hour by model',
        unit: 'currencyUSD',
        stacked: true,
        queries: [[`${sumBy('model', rate('llm_cost_dollars_total', MODELS))} * 3600`, '{{model}}']],
      },
      {
        title: 'Dollars in the last 24 hours by model',
        unit: 'currencyUSD',
        stacked: true,
        queries: [[sumBy('model', `increase(llm_cost_dollars_total{${MODELS}}[1d])`), '{{model}}']],
      },
      {
        title: 'Dollars per 1,000 tokens',
        unit: 'currencyUSD',
        queries: [
          [
            `${sumBy('model', rate('llm_cost_dollars_total', MODELS))} / (${sumBy('model', rate('llm_tokens_total', `${MODELS}, type=~"input|output"`))} > 0) * 1000`,
            '{{model}}',
          ],
        ],
      },
      {
        title: 'Requests whose cost is not known',
        unit: 'reqps',
        note: 'They are in no sum of dollars and in no budget of dollars.',
        queries: [[sumBy('model', rate('llm_cost_unknown_requests_total', MODELS)), '{{model}}']],
      },
    ],
  },
  {
    title: 'Caches and savings',
    panels: [
      {
        title: 'Requests that a cache answered, by model',
        unit: 'percentunit',
        queries: [
          [
            `${sumBy('model', rate('causeway_cache_requests_total', `${MODELS}, state=~"exact|semantic|coalesced"`))} / (${sumBy('model', rate('causeway_cache_requests_total', MODELS))} > 0)`,
            '{{model}}',
          ],
        ],
      },
      {
        title: 'What the cache did',
        unit: 'reqps',
        stacked: true,
        queries: [[sumBy('state', rate('causeway_cache_requests_total', MODELS)), '{{state}}']],
      },
      {
        title: 'Dollars saved per hour',
        unit: 'currencyUSD',
        note: 'Less what finding out cost: below 0 it costs more than it brings.',
        queries: [
          [
            `(${sumBy('mechanism', rate('causeway_saved_usd_total'))} - ${sumBy('mechanism', rate('causeway_savings_cost_usd_total'))}) * 3600`,
            '{{mechanism}}',
          ],
        ],
      },
      {
        title: 'Saved, of what it would have cost in the time shown',
        unit: 'percentunit',
        note: 'Of all models.',
        queries: [[SAVED_SHARE, 'saved']],
      },
      {
        title: 'Memory of kept answers',
        unit: 'bytes',
        queries: [
          [`causeway_cache_bytes{${HERE}}`, '{{instance}}'],
          [`causeway_cache_max_bytes{${HERE}}`, '{{instance}} at most'],
        ],
      },
      {
        title: 'Kept answers, and how many went to make room',
        unit: 'short',
        queries: [
          [`causeway_cache_entries{${HERE}}`, '{{instance}} kept'],
          [`increase(causeway_cache_evictions_total{${HERE}}[1h])`, '{{instance}} went in an hour'],
        ],
      },
    ],
  },
  {
    title: 'Objectives',
    panels: [
      {
        title: 'Error budget, burn rate over an hour',
        unit: 'none',
        note: '1 is as fast as the objective allows. Over 14.4 for an hour, 2 % of a budget of 30 days is gone.',
        queries: [[burn('1h'), '{{model}} {{objective}}']],
      },
      {
        title: 'Error budget that is left, of the time shown',
        unit: 'percentunit',
        queries: [[`1 - ${burn('$__range')}`, '{{model}} {{objective}}']],
      },
      {
        title: 'Cost over what it should be',
        unit: 'none',
        queries: [
          [
            `sum by (model) (rate(causeway_objective_cost_dollars_total{${MODELS}}[1h])) / (sum by (model) (rate(causeway_objective_cost_tokens_total{${MODELS}}[1h])) > 0) * 1000 / max by (model) (causeway_objective_target{${MODELS}, objective="cost"})`,
            '{{model}}',
          ],
        ],
      },
    ],
  },
  {
    title: 'Limits and budgets',
    panels: [
      {
        title: 'Refused by limits',
        unit: 'reqps',
        queries: [[sumBy('per, unit', rate('causeway_limit_refusals_total')), '{{unit}} per {{per}}']],
      },
      {
        title: 'Refused by budgets',
        unit: 'reqps',
        queries: [[sumBy('per, unit', rate('causeway_budget_refusals_total')), '{{unit}} per {{per}}']],
      },
      {
        title: 'Budgets of the file: used',
        unit: 'percentunit',
        queries: [[`max by (budget, unit) (causeway_budget_used_ratio{${HERE}})`, '{{budget}} {{unit}}']],
      },
      {
        title: 'Made cheaper for a budget',
        unit: 'reqps',
        queries: [
          [sumBy('per', rate('causeway_budget_degraded_total')), 'cheaper model, per {{per}}'],
          [sumBy('', rate('causeway_budget_capped_total')), 'shorter answer'],
        ],
      },
      {
        title: 'Reservations outstanding',
        unit: 'short',
        queries: [[`sum by (instance) (causeway_reservations_outstanding{${HERE}})`, '{{instance}}']],
      },
      {
        title: 'Counters exact',
        unit: 'none',
        note: '0 while Redis is away.',
        queries: [[`min by (instance) (causeway_counters_exact{${HERE}})`, '{{instance}}']],
      },
      {
        title: 'Refused because of a block',
        unit: 'reqps',
        queries: [[sumBy('kind', rate('causeway_blocked_requests_total')), '{{kind}}']],
      },
      {
        title: 'Events',
        unit: 'short',
        queries: [[sumBy('kind', `increase(causeway_events_total{${HERE}}[1h])`), '{{kind}}']],
      },
    ],
  },
];
