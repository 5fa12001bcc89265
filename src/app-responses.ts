import type { Logger } from 'pino';

import type { Clock } from './core/clock.ts';
import { responses } from './edge/dialects/responses/adapter.ts';
import { systemScheduler } from './core/scheduler.ts';
import { startSweep } from './core/sweep.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { ResponseArchive } from './pipeline/stored-responses/archive.ts';
import type { StoredResponsesDeps } from './pipeline/stored-responses/deps.ts';
import { PostgresResponseStore } from './pipeline/stored-responses/response-store.ts';
import { oldResponses } from './pipeline/stored-responses/old-responses.ts';
import { WriteQueue } from './pipeline/stored-responses/write-queue.ts';
import type { Database } from './storage/database/database.ts';

interface Parts {
  readonly database: Database;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The answers that are kept for clients of `/v1/responses`. */
export function openResponses({ database, live, clock, log }: Parts, opened: OpenedParts): StoredResponsesDeps {
  const store = new PostgresResponseStore(database.orm);
  const queue = opened.keep(new WriteQueue(store, log), (waiting) => waiting.close());
  opened.keep(startSweep(oldResponses(store, clock), { scheduler: systemScheduler, log }), (sweep) => sweep.close());
  return {
    archive: new ResponseArchive(store, queue, clock),
    clock,
    settings: () => live.config.responses,
    isRelayed({ dialect, operation, assignment }) {
      const [target] = assignment?.targets ?? [];
      return (
        target !== undefined &&
        live.current.provider(target.provider).wire(dialect, operation, target.model)?.dialect === dialect
      );
    },
    encode(call, events, endedAt) {
      const { id, receivedAt, facts, inference, body } = call;
      return responses.encodeAnswer(events, {
        requestId: id,
        createdAt: receivedAt,
        model: facts.model,
        request: inference,
        body: body.json,
        now: () => endedAt,
      });
    },
    failed: ({ id }, err) => log.error({ err, requestId: id }, 'a response could not be kept'),
  };
}
