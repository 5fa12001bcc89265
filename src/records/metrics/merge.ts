/**
 * How a gauge of several processes becomes one; counters and histograms are always added up.
 * docs/metrics.md says so to whoever reads them.
 */
type Rule = 'sum' | 'max' | 'min' | 'mean';

export const GAUGE_RULES: Readonly<Record<string, Rule>> = {
  causeway_alerts_firing: 'max',
  causeway_budget_used_ratio: 'max',
  causeway_build_info: 'max',
  causeway_cache_bytes: 'sum',
  causeway_cache_entries: 'sum',
  causeway_cache_max_bytes: 'sum',
  causeway_canary_status: 'max',
  causeway_conversations_active: 'sum',
  causeway_counters_exact: 'min',
  causeway_database_up: 'min',
  causeway_experiment_verdict: 'max',
  causeway_journal_bytes: 'sum',
  causeway_journal_fill_ratio: 'max',
  causeway_journal_segments: 'sum',
  causeway_journal_unsynced_records: 'sum',
  causeway_load_pressure: 'max',
  causeway_objective_target: 'max',
  causeway_otlp_waiting_bytes: 'sum',
  causeway_prompt_cache_hit_ratio: 'mean',
  causeway_provider_keys: 'max',
  causeway_records_oldest_age_seconds: 'max',
  causeway_records_queued: 'sum',
  causeway_records_queued_bytes: 'sum',
  causeway_reservations_outstanding: 'sum',
  causeway_reviews_waiting: 'max',
  causeway_rollout_share: 'max',
  causeway_rollouts_not_in_force: 'max',
  causeway_shadow_requests_in_flight: 'sum',
  // They share one snapshot, of which the last to write knows the age.
  causeway_snapshot_age_seconds: 'min',
  causeway_workers: 'max',
  llm_requests_in_flight: 'sum',
  llm_target_breaker_state: 'max',
  llm_target_in_flight: 'sum',
  llm_target_waiting: 'sum',
  nodejs_eventloop_lag_p99_seconds: 'max',
  nodejs_external_memory_bytes: 'sum',
  nodejs_heap_size_total_bytes: 'sum',
  nodejs_heap_size_used_bytes: 'sum',
  process_resident_memory_bytes: 'sum',
  // So that the restart of one is seen.
  process_start_time_seconds: 'max',
};

interface Sum {
  value: number;
  count: number;
}

interface Family {
  /** The lines of `# HELP` and `# TYPE`. */
  head: string;
  isGauge: boolean;
  readonly rule: Rule;
  /** By name and labels as they are written. */
  readonly samples: Map<string, Sum>;
}

/** Several expositions of the same program in Prometheus' text format, as one. */
export function mergeExpositions(texts: readonly string[]): string {
  const families = new Map<string, Family>();
  for (const text of texts) addTo(families, text);
  return [...families.values()].map(familyText).join('');
}

/** The counters and histograms of an exposition: what stays true when its process has ended. */
export function countedIn(text: string): string {
  const families = new Map<string, Family>();
  addTo(families, text);
  return [...families.values()]
    .filter(({ isGauge }) => !isGauge)
    .map(familyText)
    .join('');
}

const COMMENT = /^# (HELP|TYPE) (\S+) (.*)$/;

function addTo(families: Map<string, Family>, text: string): void {
  let family: Family | undefined;
  let isNew = false;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, kind, name = '', rest] = COMMENT.exec(line) ?? [];
    if (kind === 'HELP') {
      family = families.get(name);
      isNew = !family;
      family ??= { head: '', isGauge: false, rule: GAUGE_RULES[name] ?? 'sum', samples: new Map() };
      families.set(name, family);
    }
    if (!family) continue;
    if (kind === undefined) addSample(family, line);
    else if (isNew) family.head += `${line}\n`;
    if (kind === 'TYPE') family.isGauge = rest === 'gauge';
  }
}

/** A line is name, labels and value; there is no space in a value. */
function addSample({ samples, isGauge, rule }: Family, line: string): void {
  const end = line.lastIndexOf(' ');
  const key = line.slice(0, end);
  const value = valueOf(line.slice(end + 1));
  const sum = samples.get(key);
  if (!sum) {
    samples.set(key, { value, count: 1 });
    return;
  }
  sum.count += 1;
  if (!isGauge || rule === 'sum' || rule === 'mean') sum.value += value;
  else sum.value = Math[rule](sum.value, value);
}

function familyText({ head, isGauge, rule, samples }: Family): string {
  const isMean = isGauge && rule === 'mean';
  return (
    head + [...samples].map(([key, { value, count }]) => `${key} ${textOf(isMean ? value / count : value)}\n`).join('')
  );
}

function valueOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

function textOf(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
