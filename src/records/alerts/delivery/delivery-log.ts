import type { Clock } from '../../../core/clock.ts';
import { newId } from '../../../core/ids.ts';
import { redactSecrets } from '../../../core/redaction.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { storableText } from '../../../storage/database/storable.ts';
import { WriteBehind } from '../../events/write-behind.ts';
import type { Notice } from '../messages/notice.ts';
import type { DeliveryRow, DeliveryStore } from './delivery-store.ts';

export interface DeliveryLogDeps {
  readonly store: Pick<DeliveryStore, 'add'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: { warn(facts: object, message: string): void };
}

/** What became of a notice at a channel. */
export interface Delivered {
  readonly notice: Notice;
  readonly channel: string;
  readonly outcome: 'sent' | 'failed';
  readonly attempts: number;
  readonly error?: string | undefined;
}

const MOST_WAITING = 1000;
const CLOSE_MS = 2000;
const MAX_CHARS = 500;

/** Writes down what was sent, beside everything else; while the database is away it waits. */
export class DeliveryLog {
  readonly #deps: DeliveryLogDeps;
  readonly #writes: WriteBehind<DeliveryRow>;

  constructor(deps: DeliveryLogDeps) {
    this.#deps = deps;
    this.#writes = new WriteBehind({
      write: (row) => deps.store.add(row),
      failed: (_row, err) => deps.log.warn({ err }, 'the delivery of an alert could not be written down'),
      most: MOST_WAITING,
      scheduler: deps.scheduler,
    });
  }

  add({ notice, channel, outcome, attempts, error }: Delivered): void {
    const { alert, subject, state } = notice;
    this.#writes.add({
      id: newId('delivery'),
      at: new Date(this.#deps.clock.now()),
      alert: storable(alert),
      subject: storable(subject),
      state,
      channel,
      outcome,
      attempts,
      error: error === undefined ? null : storable(error),
    });
  }

  flush(timeoutMs: number): Promise<void> {
    return this.#writes.flush(timeoutMs);
  }

  close(): Promise<void> {
    return this.#writes.close(CLOSE_MS);
  }
}

function storable(text: string): string {
  return redactSecrets(storableText(text)).slice(0, MAX_CHARS).toWellFormed();
}
