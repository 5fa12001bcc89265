import { HERE, MODELS, type Row, quantile, quantiles, rate, sumBy } from './panel.ts';

const FAILED = `sum(${rate('llm_errors_total', `${HERE}, origin=~"provider|gateway"`)})`;
const ALL = `sum(${rate('llm_requests_total')})`;

/** What clients see of the gateway. */
export const TRAFFIC_ROWS: readonly Row[] = [
  {
    title: 'Now',
    panels: [
      {
        title: 'Requests',
        unit: 'reqps',
        kind: 'number',
        queries: [[sumBy('', rate('llm_requests_total', MODELS)), '']],
      },
      {
        title: 'Failed',
        unit: 'percentunit',
        kind: 'number',
        note: 'By the fault of providers or of the gateway, of all models.',
        queries: [[`(${FAILED} or vector(0)) / ${ALL}`, '']],
      },
      {
        title: 'Answer, p95',
        unit: 's',
        kind: 'number',
        queries: [[quantile(0.95, 'llm_request_latency_seconds', '', MODELS), '']],
      },
      {
        title: 'Dollars per hour',
        unit: 'currencyUSD',
        kind: 'number',
        queries: [[`${sumBy('', rate('llm_cost_dollars_total', MODELS))} * 3600`, '']],
      },
      { title: 'In flight', unit: 'short', kind: 'number', queries: [[`sum(llm_requests_in_flight{${HERE}})`, '']] },
      {
        title: 'Conversations',
        unit: 'short',
        kind: 'number',
        note: 'With a request in the last five minutes. One that several processes serve counts for each.',
        queries: [[`sum(causeway_conversations_active{${HERE}})`, '']],
      },
    ],
  },
  {
    title: 'Requests',
    panels: [
      {
        title: 'Requests by model',
        unit: 'reqps',
        stacked: true,
        queries: [[sumBy('model', rate('llm_requests_total', MODELS)), '{{model}}']],
      },
      {
        title: 'Requests by end',
        unit: 'reqps',
        stacked: true,
        queries: [[sumBy('status', rate('llm_requests_total', MODELS)), '{{status}}']],
      },
      {
        title: 'Errors by code',
        unit: 'reqps',
        stacked: true,
        note: 'client and policy: what was asked was wrong, or not allowed. provider and gateway: the service failed.',
        queries: [[sumBy('origin, code', rate('llm_errors_total')), '{{origin}}: {{code}}']],
      },
    ],
  },
  {
    title: 'Guards',
    panels: [
      {
        title: 'What guards found',
        unit: 'reqps',
        stacked: true,
        note: 'Verdicts in which something was found, or in which a guard failed.',
        queries: [
          [
            sumBy('guard, outcome', rate('causeway_guard_verdicts_total', 'outcome!~"passed|skipped|exempt"')),
            '{{guard}}: {{outcome}}',
          ],
        ],
      },
      {
        title: 'Time of a guard, p95',
        unit: 's',
        queries: [[quantile(0.95, 'causeway_guard_seconds', 'guard'), '{{guard}}']],
      },
    ],
  },
  {
    title: 'Latency',
    panels: [
      { title: 'Whole answer', unit: 's', queries: quantiles('llm_request_latency_seconds', MODELS) },
      {
        title: 'Whole answer, p95 by model',
        unit: 's',
        queries: [[quantile(0.95, 'llm_request_latency_seconds', 'model', MODELS), '{{model}}']],
      },
      { title: 'First content', unit: 's', queries: quantiles('llm_ttft_seconds', MODELS) },
      {
        title: 'First content, p95 by model',
        unit: 's',
        queries: [[quantile(0.95, 'llm_ttft_seconds', 'model', MODELS), '{{model}}']],
      },
      {
        title: 'Pauses inside of answers',
        unit: 's',
        note: 'The 95th percentile inside of each streamed answer; of these, what half and 95 of 100 answers keep to.',
        queries: [
          [quantile(0.5, 'llm_inter_token_p95_seconds', 'model', MODELS), '{{model}} p50'],
          [quantile(0.95, 'llm_inter_token_p95_seconds', 'model', MODELS), '{{model}} p95'],
        ],
      },
      {
        title: 'Time per output token, p50 by provider',
        unit: 's',
        queries: [
          [quantile(0.5, 'gen_ai_server_time_per_output_token', 'gen_ai_provider_name'), '{{gen_ai_provider_name}}'],
        ],
      },
      {
        title: "A provider's answer, p95 by target",
        unit: 's',
        note: 'Of each attempt, as OpenTelemetry measures it.',
        queries: [
          [
            quantile(0.95, 'gen_ai_client_operation_duration', 'gen_ai_provider_name, gen_ai_request_model'),
            '{{gen_ai_provider_name}} {{gen_ai_request_model}}',
          ],
        ],
      },
      { title: 'Our own part of each request', unit: 's', queries: quantiles('llm_overhead_seconds', HERE) },
      {
        title: 'Work beside the attempts, p95 by kind',
        unit: 's',
        queries: [[quantile(0.95, 'causeway_span_seconds', 'kind'), '{{kind}}']],
      },
    ],
  },
];
