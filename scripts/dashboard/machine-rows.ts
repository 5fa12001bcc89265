import { HERE, type Row, quantile, rate, sumBy } from './panel.ts';

const perInstance = (metric: string): [expr: string, legend: string][] => [[`${metric}{${HERE}}`, '{{instance}}']];

/** What stands between requests and providers, and the processes themselves. */
export const MACHINE_ROWS: readonly Row[] = [
  {
    title: 'Resilience',
    panels: [
      {
        title: 'Attempts by kind',
        unit: 'ops',
        stacked: true,
        queries: [[sumBy('kind', rate('llm_attempts_total')), '{{kind}}']],
      },
      {
        title: 'Attempts that did not complete, by target',
        unit: 'ops',
        queries: [
          [
            sumBy('target, outcome', rate('llm_upstream_attempts_total', `${HERE}, outcome!="completed"`)),
            '{{target}} {{outcome}}',
          ],
        ],
      },
      {
        title: 'Breakers',
        unit: 'none',
        note: '0 closed, 1 half-open, 2 open.',
        queries: [[`max by (target) (llm_target_breaker_state{${HERE}})`, '{{target}}']],
      },
      {
        title: 'Openings of breakers',
        unit: 'short',
        queries: [[sumBy('target', `increase(llm_target_breaker_openings_total{${HERE}}[1h])`), '{{target}}']],
      },
      {
        title: 'Waiting for a place',
        unit: 'short',
        queries: [[`sum by (target) (llm_target_waiting{${HERE}})`, '{{target}}']],
      },
      {
        title: 'How long those that waited did, p95',
        unit: 's',
        queries: [[quantile(0.95, 'llm_queue_wait_seconds', 'target'), '{{target}}']],
      },
      {
        title: 'At the targets',
        unit: 'short',
        queries: [[`sum by (target) (llm_target_in_flight{${HERE}})`, '{{target}}']],
      },
      {
        title: 'Keys of providers that are not usable',
        unit: 'short',
        queries: [
          [`max by (provider, state) (causeway_provider_keys{${HERE}, state!="usable"})`, '{{provider}} {{state}}'],
        ],
      },
      {
        title: 'Retries that the retry budget forbade',
        unit: 'ops',
        queries: [[sumBy('model', rate('llm_retry_budget_exhausted_total')), '{{model}}']],
      },
    ],
  },
  {
    title: 'Records',
    panels: [
      {
        title: 'Written',
        unit: 'ops',
        queries: [[sumBy('instance', rate('causeway_records_written_total')), '{{instance}}']],
      },
      { title: 'Waiting', unit: 'short', queries: perInstance('causeway_records_queued') },
      {
        title: 'Journal, used',
        unit: 'percentunit',
        note: 'Of records.journal.maxSize: over half of it texts are left out, when it is full records are dropped.',
        queries: perInstance('causeway_journal_fill_ratio'),
      },
      { title: 'Waiting, the oldest', unit: 's', queries: perInstance('causeway_records_oldest_age_seconds') },
      {
        title: 'Dropped in the last hour',
        unit: 'short',
        queries: [[sumBy('what', `increase(causeway_records_dropped_total{${HERE}}[1h])`), '{{what}}']],
      },
      {
        title: 'Trouble of the journal',
        unit: 'short',
        queries: [
          [`increase(causeway_journal_write_errors_total{${HERE}}[1h])`, '{{instance}} writes refused'],
          [`increase(causeway_journal_retries_total{${HERE}}[1h])`, '{{instance}} batches sent again'],
          [`increase(causeway_journal_drain_restarts_total{${HERE}}[1h])`, '{{instance}} restarts of its thread'],
          [`increase(causeway_journal_damaged_bytes_total{${HERE}}[1h])`, '{{instance}} bytes damaged'],
        ],
      },
      {
        title: 'OpenTelemetry export',
        unit: 'ops',
        queries: [
          [sumBy('signal', rate('causeway_otlp_exported_total')), '{{signal}} taken'],
          [sumBy('signal', rate('causeway_otlp_failures_total')), '{{signal}} failed'],
          [sumBy('signal', rate('causeway_otlp_dropped_total')), '{{signal}} dropped'],
        ],
      },
      {
        title: 'Opinions of users',
        unit: 'ops',
        queries: [[sumBy('thumb', rate('causeway_feedback_total')), '{{thumb}}']],
      },
      { title: 'Database answers', unit: 'none', queries: perInstance('causeway_database_up') },
      {
        title: 'Age of the snapshot',
        unit: 's',
        note: 'What a start without PostgreSQL would be from. It is written when something has changed.',
        queries: perInstance('causeway_snapshot_age_seconds'),
      },
    ],
  },
  {
    title: 'Processes',
    panels: [
      {
        title: 'Delay of the request thread, p99',
        unit: 's',
        queries: perInstance('nodejs_eventloop_lag_p99_seconds'),
      },
      { title: 'CPU', unit: 'percentunit', queries: [[rate('process_cpu_seconds_total'), '{{instance}}']] },
      {
        title: 'Memory',
        unit: 'bytes',
        queries: [
          [`process_resident_memory_bytes{${HERE}}`, '{{instance}}'],
          [`nodejs_heap_size_used_bytes{${HERE}}`, '{{instance}} heap'],
        ],
      },
      {
        title: 'Load',
        unit: 'percentunit',
        note: 'From where requests begin to be refused (0) to where all are (1).',
        queries: [[`max by (signal) (causeway_load_pressure{${HERE}})`, '{{signal}}']],
      },
      {
        title: 'Refused because of load',
        unit: 'reqps',
        queries: [[sumBy('priority', rate('causeway_shed_requests_total')), 'priority {{priority}}']],
      },
      {
        title: 'Running since',
        unit: 'dateTimeAsIso',
        queries: [[`process_start_time_seconds{${HERE}} * 1000`, '{{instance}}']],
        kind: 'number',
      },
      {
        title: 'Versions',
        unit: 'short',
        queries: [[`count by (version, node) (causeway_build_info{${HERE}})`, '{{version}} on {{node}}']],
      },
    ],
  },
];
