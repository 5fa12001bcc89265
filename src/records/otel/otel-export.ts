import type { Logger } from 'pino';

import type { Clock } from '../../core/clock.ts';
import type { Providers } from './conventions.ts';
import { ExportLink } from './export-link.ts';
import type { FromExport, Signal } from './export-messages.ts';
import { type ExportPlan, planExport } from './export-plan.ts';
import type { TelemetrySettings } from './settings.ts';

export interface OtelExportOptions {
  readonly settings: Readonly<TelemetrySettings>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly clock: Clock;
  /** What is known of configured providers; {@link OtelExport.setProviders} tells of others. */
  readonly providers?: Providers;
  /** The most that waits for the export thread. */
  readonly maxWaitingBytes?: number;
}

/** Since the start. */
export interface ExportStats {
  /** Spans and data points of metrics that the collector has. */
  readonly exported: Readonly<Record<Signal, number>>;
  /** Exports that failed after their retries. */
  readonly failures: Readonly<Record<Signal, number>>;
  /** Records of which nothing was exported, and spans. */
  readonly dropped: { readonly records: number; readonly traces: number };
  readonly waitingBytes: number;
  /** Why the last export failed; undefined where it did not. */
  readonly lastError: string | undefined;
}

interface Waiting {
  readonly bytes: number;
  readonly records: number;
}

const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const LOG_EVERY_MS = 60_000;

/**
 * Sends spans and metrics of all calls to an OpenTelemetry collector. The request thread copies a chunk of encoded
 * records and does nothing else; what cannot be taken is dropped and counted. It needs no database.
 */
export class OtelExport {
  readonly #options: OtelExportOptions;
  readonly #link: ExportLink;
  readonly #waiting: Waiting[] = [];
  readonly #exported = { traces: 0, metrics: 0 };
  readonly #failures = { traces: 0, metrics: 0 };
  readonly #dropped = { records: 0, traces: 0 };
  readonly #errors: Partial<Record<Signal, string>> = {};
  #waitingBytes = 0;
  #loggedAt = -Infinity;
  /** Also those of providers, which hang under ours. */
  readonly exportsTraces: boolean;
  #closing = false;

  /** Undefined where nothing is to be exported: then there is no thread, and the SDK is not loaded. */
  static open(options: OtelExportOptions): OtelExport | undefined {
    const { plan, warnings } = planExport(options.settings, options.env);
    for (const warning of warnings) options.log.warn(warning);
    return plan && new OtelExport(options, plan);
  }

  private constructor(options: OtelExportOptions, plan: ExportPlan) {
    this.#options = options;
    this.exportsTraces = plan.traces !== undefined;
    this.#link = new ExportLink({
      start: { plan, providers: options.providers ?? new Map() },
      message: (message) => this.#hear(message),
      lost: (reason) => this.#lose(reason),
    });
  }

  /** Never waits and never throws. The chunk stays the caller's. */
  offer(chunk: Uint8Array, records: number): void {
    const limit = this.#options.maxWaitingBytes ?? MAX_WAITING_BYTES;
    if (this.#closing || this.#waitingBytes + chunk.length > limit || !this.#link.send(chunk, records)) {
      this.#dropped.records += records;
      return;
    }
    this.#waiting.push({ bytes: chunk.length, records });
    this.#waitingBytes += chunk.length;
  }

  /** The configuration changed. */
  setProviders(providers: Providers): void {
    this.#link.setProviders(providers);
  }

  stats(): ExportStats {
    return {
      exported: { ...this.#exported },
      failures: { ...this.#failures },
      dropped: { ...this.#dropped },
      waitingBytes: this.#waitingBytes,
      lastError: this.#errors.traces ?? this.#errors.metrics,
    };
  }

  /** Sends what waits, for so long at most. */
  async close(timeoutMs: number): Promise<void> {
    this.#closing = true;
    await this.#link.close(timeoutMs);
  }

  #hear(message: FromExport): void {
    switch (message.kind) {
      case 'taken':
        this.#taken(message.failed);
        if (message.reason !== undefined) this.#warn(message.reason, 'A record could not be exported');
        break;
      case 'sent':
        this.#exported[message.signal] += message.items;
        this.#recovered(message.signal);
        break;
      case 'failed':
        this.#failures[message.signal] += 1;
        if (message.signal === 'traces') this.#dropped.traces += message.lost;
        this.#errors[message.signal] = message.reason;
        this.#warn(message.reason, 'The OpenTelemetry collector does not take what is exported');
        break;
      case 'full':
        this.#dropped.traces += message.spans;
        break;
      case 'remark':
        this.#warn(message.reason, 'The OpenTelemetry collector did not take all');
        break;
      case 'closed':
        break;
    }
  }

  #taken(failed: number): void {
    this.#waitingBytes -= this.#waiting.shift()?.bytes ?? 0;
    this.#dropped.records += failed;
  }

  /** What the thread had not yet taken went with it. */
  #lose(reason: string): void {
    this.#dropped.records += this.#waiting.reduce((sum, { records }) => sum + records, 0);
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    if (!this.#closing) this.#warn(reason, 'The thread that exports to OpenTelemetry ended; it is started again');
  }

  #recovered(signal: Signal): void {
    if (this.#errors[signal] === undefined) return;
    delete this.#errors[signal];
    this.#options.log.info({ signal }, 'The OpenTelemetry collector takes exports again');
  }

  /** A collector that is away fails again and again, so it is said once a minute at most. */
  #warn(reason: string, what: string): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#loggedAt < LOG_EVERY_MS) return;
    this.#loggedAt = now;
    this.#options.log.warn({ reason, dropped: { ...this.#dropped }, failures: { ...this.#failures } }, what);
  }
}
