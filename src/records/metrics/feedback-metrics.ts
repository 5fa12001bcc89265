import type { NumberSeries, Registry } from './registry.ts';

const THUMBS = ['up', 'down', 'none'] as const;

/** What was said of answers. */
export class FeedbackMetrics {
  readonly #told = new Map<string, NumberSeries>();

  constructor(registry: Registry) {
    const told = registry.counter({
      name: 'causeway_feedback_total',
      help: 'Opinions that were told or changed, by thumb (`none`: a score only): GET /admin/v1/feedback.',
      labels: ['thumb'],
    });
    for (const thumb of THUMBS) this.#told.set(thumb, told.with(thumb));
  }

  observeFeedback(thumb: 'up' | 'down' | null): void {
    this.#told.get(thumb ?? 'none')?.add(1);
  }
}
