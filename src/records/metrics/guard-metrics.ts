import type { Place, Verdict, VerdictOutcome } from '../../core/screening.ts';
import { BoundedSeries } from './bounded-series.ts';
import { SPAN_SECONDS } from './buckets.ts';
import type { HistogramSeries, NumberSeries, Registry, SeriesFamily } from './registry.ts';

interface GuardSeries {
  readonly name: string;
  readonly seconds: HistogramSeries;
  readonly verdicts: { [P in Place]?: { [Outcome in VerdictOutcome]?: NumberSeries } };
}

/** What guards said, from the records of calls. A guard's names are the operator's, so there are few of them. */
export class GuardMetrics {
  readonly #verdicts: SeriesFamily<NumberSeries>;
  readonly #guards: BoundedSeries<GuardSeries>;
  readonly #claims: NumberSeries;
  readonly #unsupported: NumberSeries;

  constructor(registry: Registry) {
    this.#verdicts = registry.counter({
      name: 'causeway_guard_verdicts_total',
      help: 'What guards said of requests and answers, one for each guard and place.',
      labels: ['guard', 'place', 'outcome'],
    });
    const seconds = registry.histogram(
      {
        name: 'causeway_guard_seconds',
        help: 'Time that a guard took for one request or answer; of a judge with the waiting for it.',
        labels: ['guard'],
      },
      SPAN_SECONDS,
    );
    this.#guards = new BoundedSeries(
      (name) => ({ name, seconds: seconds.with(name), verdicts: {} }),
      () => {},
    );
    const counter = (name: string, help: string) => registry.counter({ name, help, labels: [] }).with();
    this.#claims = counter(
      'causeway_grounding_claims_total',
      'Claims in answers that were held against the sources of their requests.',
    );
    this.#unsupported = counter(
      'causeway_grounding_unsupported_total',
      'Those of them that no source supports; divided by all claims it is the rate of hallucinations.',
    );
  }

  observe(verdicts: readonly Verdict[]): void {
    let grounded: Verdict['detail'];
    for (const verdict of verdicts) {
      this.#count(verdict);
      // Where several policies ground one answer, its claims are the same.
      if (verdict.guard === 'grounding' && verdict.detail?.['claims'] !== undefined) grounded ??= verdict.detail;
    }
    if (!grounded) return;
    this.#claims.value += numberIn(grounded['claims']);
    this.#unsupported.value += numberIn(grounded['unsupported']);
  }

  #count({ guard, place, outcome, micros }: Verdict): void {
    const { name, seconds, verdicts } = this.#guards.of(guard);
    seconds.observe(micros / 1e6);
    const ofPlace = (verdicts[place] ??= {});
    const series = (ofPlace[outcome] ??= this.#verdicts.with(name, place, outcome));
    series.value += 1;
  }
}

function numberIn(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** @param waiting of all projects */
export function registerReviewMetrics(registry: Registry, waiting: () => number): void {
  registry.read(
    'gauge',
    { name: 'causeway_reviews_waiting', help: 'Requests and answers that wait for somebody to decide.', labels: [] },
    () => [[waiting()]],
  );
}
