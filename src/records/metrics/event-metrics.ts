import { EVENT_KINDS, type EventKind } from '../events/event.ts';
import type { NumberSeries, Registry } from './registry.ts';

/** What a block can be on. */
const BLOCK_KINDS = ['ip', 'key', 'user', 'project'] as const;

/** What operators should know, and what was refused because of a block. */
export class EventMetrics {
  readonly #events = new Map<string, NumberSeries>();
  readonly #blocked = new Map<string, NumberSeries>();

  constructor(registry: Registry) {
    const events = registry.counter({
      name: 'causeway_events_total',
      help: 'Events that this process was the first to tell of: GET /admin/v1/events.',
      labels: ['kind'],
    });
    const blocked = registry.counter({
      name: 'causeway_blocked_requests_total',
      help: 'Requests that were refused because of a block, by what the block is on: GET /admin/v1/blocks.',
      labels: ['kind'],
    });
    for (const kind of Object.keys(EVENT_KINDS)) this.#events.set(kind, events.with(kind));
    for (const kind of BLOCK_KINDS) this.#blocked.set(kind, blocked.with(kind));
  }

  observeEvent(kind: EventKind): void {
    this.#events.get(kind)?.add(1);
  }

  observeBlocked(kind: (typeof BLOCK_KINDS)[number]): void {
    this.#blocked.get(kind)?.add(1);
  }
}
