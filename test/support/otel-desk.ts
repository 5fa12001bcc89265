import { setTimeout as delay } from 'node:timers/promises';

import { type Logger, pino } from 'pino';

import { type ExportStats, OtelExport, type OtelExportOptions } from '../../src/records/otel/otel-export.ts';
import { configOf } from './config-of.ts';
import { FakeClock } from './fake-clock.ts';
import { type RecordAndTexts, journalChunk } from './journal-chunk.ts';
import type { OtlpReceiver } from './otlp-receiver.ts';

const CLOSE_MS = 10_000;

/** An export to a receiver, and what it logged. */
export class OtelDesk {
  readonly log: string[] = [];
  readonly clock = new FakeClock();
  readonly export: OtelExport;

  /** @param otlp what stands under `telemetry.otlp` beside the endpoint, in YAML's flow style */
  constructor(receiver: OtlpReceiver, otlp = '', more: Partial<OtelExportOptions> = {}) {
    const { telemetry } = configOf(`telemetry: { otlp: { endpoint: "${receiver.endpoint}", ${otlp} } }`);
    const log: Logger = pino({ base: null }, { write: (line: string) => void this.log.push(line) });
    const opened = OtelExport.open({ settings: telemetry, env: {}, log, clock: this.clock, ...more });
    if (!opened) throw new Error('nothing to export');
    this.export = opened;
  }

  offer(...entries: RecordAndTexts[]): void {
    this.export.offer(journalChunk(entries), entries.length);
  }

  /** Once the export says so of itself. */
  async until(isSo: (stats: ExportStats) => boolean): Promise<void> {
    while (!isSo(this.export.stats())) await delay(2);
  }

  /** All that was offered is with the receiver. */
  close(): Promise<void> {
    return this.export.close(CLOSE_MS);
  }
}
