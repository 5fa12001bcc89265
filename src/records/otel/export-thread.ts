import { parentPort, workerData } from 'node:worker_threads';

import { DiagLogLevel, diag } from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';

import { redactSecrets } from '../../core/redaction.ts';
import { readEntries } from '../journal/entry-codec.ts';
import type { Providers } from './conventions.ts';
import type { ExportStart, FromExport, ToExport } from './export-messages.ts';
import { MetricExport } from './metric-export.ts';
import { TraceExport } from './trace-export.ts';

/** The thread that has the OpenTelemetry SDK: it makes spans and metrics of records, and sends them. */
class ExportThread {
  readonly #post: (message: FromExport) => void;
  readonly #traces: TraceExport | undefined;
  readonly #metrics: MetricExport | undefined;
  #providers: Providers;

  constructor(post: (message: FromExport) => void, { plan, providers }: ExportStart) {
    this.#post = post;
    this.#providers = providers;
    const resource = defaultResource().merge(resourceFromAttributes({ ...plan.resource }));
    const tell = (message: FromExport): void => this.#tell(message);
    this.#traces = plan.traces && new TraceExport(plan, plan.traces, resource, tell);
    this.#metrics = plan.metrics && new MetricExport(plan, plan.metrics, resource, tell);
    listenToSdk(tell);
  }

  hear(message: ToExport): void {
    switch (message.kind) {
      case 'chunk':
        this.#take(message.chunk, message.records);
        break;
      case 'providers':
        this.#providers = message.providers;
        break;
      case 'close':
        void this.#close();
        break;
    }
  }

  /** One record that cannot be read or exported costs itself alone; a chunk that is torn costs all of it. */
  #take(chunk: Uint8Array, records: number): void {
    let failed = 0;
    let reason: string | undefined;
    try {
      for (const entry of readEntries(chunk)) {
        try {
          this.#metrics?.add(entry.record, this.#providers);
          this.#traces?.add(entry, this.#providers);
        } catch (error) {
          failed += 1;
          reason = String(error);
        }
      }
    } catch (error) {
      failed = records;
      reason = String(error);
    }
    this.#tell(reason === undefined ? { kind: 'taken', failed } : { kind: 'taken', failed, reason });
  }

  async #close(): Promise<void> {
    await Promise.allSettled([this.#traces?.close(), this.#metrics?.close()]);
    this.#tell({ kind: 'closed' });
  }

  /** A reason may quote what a collector answered. */
  #tell(message: FromExport): void {
    this.#post('reason' in message ? { ...message, reason: redactSecrets(message.reason) } : message);
  }
}

const ignore = (): void => undefined;

/** Failed exports are known already; what else the SDK says is that a collector took a part only. */
function listenToSdk(tell: (message: FromExport) => void): void {
  const warn = (...said: unknown[]): void => tell({ kind: 'remark', reason: said.map(String).join(' ') });
  diag.setLogger({ error: ignore, warn, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
}

if (parentPort) {
  const port = parentPort;
  const thread = new ExportThread((message) => port.postMessage(message), workerData as ExportStart);
  port.on('message', (message: ToExport) => thread.hear(message));
}
