import type { Logger } from 'pino';

import type { Access } from './app-access.ts';
import type { Environment } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { GatewayError } from './core/errors.ts';
import type { Reply } from './core/reply.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { Call } from './core/call.ts';
import { adapterOf } from './edge/dialects/registry.ts';
import { keptCall } from './edge/kept-call.ts';
import { renderReply } from './edge/render-reply.ts';
import type { OpenedParts } from './opened-parts.ts';
import { sealerOf } from './pipeline/access/sealing.ts';
import { MOST_REQUEST_BYTES } from './pipeline/guards/review/kept-request.ts';
import { openReviews } from './pipeline/guards/review/open-reviews.ts';
import type { Events } from './records/events/event.ts';
import { registerReviewMetrics } from './records/metrics/guard-metrics.ts';
import type { Registry } from './records/metrics/registry.ts';
import type { Database } from './storage/database/database.ts';

interface Parts {
  readonly env: Environment;
  readonly database: Database;
  readonly access: Access;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Pick<Events, 'raise'>;
  readonly registry: Registry;
  /** An approved request, through the pipeline from where its model gets its meaning. */
  readonly run: (call: Call) => Promise<Reply>;
}

/** What people decide. @throws RangeError where CAUSEWAY_MASTER_KEY is too short */
export function openReviewRoom(
  { env, database, access, clock, log, events, registry, run }: Parts,
  opened: OpenedParts,
) {
  const reviews = opened.keep(
    openReviews({
      orm: database.orm,
      sealer: sealerOf(env),
      clock,
      scheduler: systemScheduler,
      log,
      events,
      callOf(request) {
        const principal = access.directory.ofId(request.keyId);
        if (!principal) throw new GatewayError('auth_invalid_key');
        return keptCall(request, principal, { clock, limits: { trustedProxies: 0 } });
      },
      run,
      render: (call, reply) => renderReply(call, adapterOf(call.dialect), reply, MOST_REQUEST_BYTES),
    }),
    (one) => one.close(),
  );
  registerReviewMetrics(registry, () => reviews.countWaiting());
  return reviews;
}
