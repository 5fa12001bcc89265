import { STAGE_SECONDS } from './buckets.ts';
import type { HistogramSeries, Registry, SeriesFamily } from './registry.ts';

/** How long requests are in each stage of the pipeline, of those that are timed. */
export class StageMetrics {
  readonly #family: SeriesFamily<HistogramSeries>;
  /** The stages are those of the pipeline. */
  readonly #byStage = new Map<string, HistogramSeries>();

  constructor(registry: Registry) {
    this.#family = registry.histogram(
      {
        name: 'causeway_stage_seconds',
        help: 'Time of requests in one stage of the pipeline and in none inside it, until the answer begins; of one request in telemetry.stageTimes.',
        labels: ['stage'],
      },
      STAGE_SECONDS,
    );
  }

  observe(stage: string, ms: number): void {
    let series = this.#byStage.get(stage);
    if (!series) {
      series = this.#family.with(stage);
      this.#byStage.set(stage, series);
    }
    series.observe(ms / 1000);
  }
}
