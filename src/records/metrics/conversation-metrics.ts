import type { Clock } from '../../core/clock.ts';
import type { CallRecord } from '../journal/record.ts';
import { DistinctRecently } from './distinct-recently.ts';
import type { Registry } from './registry.ts';

const WINDOW_MS = 5 * 60_000;
const SLICES = 10;

/** How many conversations go on. */
export class ConversationMetrics {
  readonly #recent = new DistinctRecently(WINDOW_MS, SLICES);
  readonly #clock: Clock;

  constructor(registry: Registry, clock: Clock) {
    this.#clock = clock;
    registry.read(
      'gauge',
      {
        name: 'causeway_conversations_active',
        help: 'Conversations with a request in the last five minutes, within 2 %.',
        labels: [],
      },
      () => [[this.#recent.count(clock.monotonic())]],
    );
  }

  observe({ conversationId, project }: CallRecord): void {
    if (conversationId !== undefined) this.#recent.add(project ?? '', conversationId, this.#clock.monotonic());
  }
}
