import type { Logger } from 'pino';

import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { type LoadChange, LoadMonitor } from './pipeline/shield/load-monitor.ts';
import { LOAD_SIGNALS, type LoadSample } from './pipeline/shield/pressure.ts';
import { watchProcessLoad } from './pipeline/shield/process-load.ts';
import type { Reading } from './records/metrics/registry.ts';

export interface ShieldParts {
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  /** In place of this process's own load. */
  readonly sampleLoad: (() => LoadSample) | undefined;
}

/** Watches the load of this process until its end. */
export function openLoadMonitor({ live, clock, log, sampleLoad }: ShieldParts, opened: OpenedParts): LoadMonitor {
  const sample = sampleLoad ?? opened.keep(watchProcessLoad(), (load) => load.close()).sample;
  const monitor = new LoadMonitor({
    sample,
    settings: () => live.config.server.shedding,
    scheduler: systemScheduler,
    clock,
    onChange: (change) => logChange(log, change),
  });
  return opened.keep(monitor, (load) => load.close());
}

export function pressureReadings({ pressures }: LoadMonitor): Reading[] {
  return LOAD_SIGNALS.map((signal) => [pressures[signal], signal]);
}

function logChange(log: Logger, { overloaded, signal, lastedMs }: LoadChange): void {
  if (overloaded) log.warn({ signal }, 'this process cannot keep up; requests of low priority are refused');
  else log.info({ signal, lastedMs }, 'this process keeps up again; no request is refused for its load');
}
