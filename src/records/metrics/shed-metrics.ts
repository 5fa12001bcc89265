import type { NumberSeries, Reading, Registry } from './registry.ts';

/** How loaded this process is, and what it refuses because of that. */
export class ShedMetrics {
  /** By priority. */
  readonly #shed: readonly NumberSeries[];

  /** @param pressures 0 to 1 each, with the name of its signal */
  constructor(registry: Registry, pressures: () => Iterable<Reading>) {
    const shed = registry.counter({
      name: 'causeway_shed_requests_total',
      help: 'Requests that were refused because this process could not keep up.',
      labels: ['priority'],
    });
    this.#shed = Array.from({ length: 10 }, (_, priority) => shed.with(String(priority)));
    registry.read(
      'gauge',
      {
        name: 'causeway_load_pressure',
        help: 'How far the load is from where requests begin to be refused (0) to where all are (1).',
        labels: ['signal'],
      },
      pressures,
    );
  }

  /** A request of this priority, 0 to 9, was refused. */
  observeShed(priority: number): void {
    this.#shed[priority]?.add(1);
  }
}
