import type { DropReason } from '../traces/retention/retention-plan.ts';
import type { NumberSeries, Registry } from './registry.ts';

const REASONS = ['age', 'size'] as const satisfies readonly DropReason[];

/** What became of old records. */
export class PartitionMetrics {
  readonly #dropped = new Map<DropReason, NumberSeries>();

  constructor(registry: Registry) {
    const dropped = registry.counter({
      name: 'causeway_trace_partitions_dropped_total',
      help: 'Days of traces that this process dropped: they were too old, or took too much room.',
      labels: ['reason'],
    });
    for (const reason of REASONS) this.#dropped.set(reason, dropped.with(reason));
  }

  observeDrop(reason: DropReason): void {
    this.#dropped.get(reason)?.add(1);
  }
}
