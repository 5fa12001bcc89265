import type { Logger } from 'pino';

import { systemScheduler } from './core/scheduler.ts';
import { type ReadinessChange, ReadinessProbe } from './models/readiness/readiness-probe.ts';
import type { OpenedParts } from './opened-parts.ts';

/** Watches nothing yet: each configuration in force says what to watch. */
export function openReadiness(log: Logger, opened: OpenedParts): ReadinessProbe {
  const probe = new ReadinessProbe({
    scheduler: systemScheduler,
    random: Math.random,
    onChange: (change) => logChange(log, change),
  });
  return opened.keep(probe, (one) => one.close());
}

function logChange(log: Logger, { provider, model, ready, reason }: ReadinessChange): void {
  if (ready) log.info({ provider, model }, 'the model is ready');
  else log.warn({ provider, model, reason }, 'the model is not ready; other targets are preferred');
}
