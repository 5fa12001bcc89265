import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import type { Resource } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

import type { CallRecord } from '../journal/record.ts';
import type { Providers } from './conventions.ts';
import type { FromExport } from './export-messages.ts';
import type { ExportPlan, SignalPlan } from './export-plan.ts';
import { Instruments } from './instruments.ts';
import { SCOPE, SUCCESS } from './sdk-span.ts';

type Tell = (message: FromExport) => void;
type ExportArgs = Parameters<OTLPMetricExporter['export']>;

const EXPORT_TIMEOUT_MS = 10_000;

/** The SDK's exporter, which says what became of each export. */
class CountingExporter extends OTLPMetricExporter {
  readonly #tell: Tell;

  constructor({ url, headers }: SignalPlan, tell: Tell) {
    super({ url, headers: { ...headers } });
    this.#tell = tell;
  }

  override export(metrics: ResourceMetrics, done: ExportArgs[1]): void {
    const items = pointsOf(metrics);
    super.export(metrics, (result) => {
      if ((result.code as number) === SUCCESS) this.#tell({ kind: 'sent', signal: 'metrics', items });
      else {
        const reason = String(result.error ?? 'it was refused');
        this.#tell({ kind: 'failed', signal: 'metrics', lost: 0, reason });
      }
      done(result);
    });
  }
}

/** Counts records, and sends the sums from time to time. */
export class MetricExport {
  readonly #provider: MeterProvider;
  readonly #instruments: Instruments;

  constructor({ metricsIntervalMs }: ExportPlan, signal: SignalPlan, resource: Resource, tell: Tell) {
    this.#provider = new MeterProvider({
      resource,
      readers: [
        new PeriodicExportingMetricReader({
          exporter: new CountingExporter(signal, tell),
          exportIntervalMillis: metricsIntervalMs,
          exportTimeoutMillis: Math.min(EXPORT_TIMEOUT_MS, metricsIntervalMs),
        }),
      ],
    });
    const { name, version, schemaUrl } = SCOPE;
    this.#instruments = new Instruments(this.#provider.getMeter(name, version, { schemaUrl }));
  }

  add(record: CallRecord, providers: Providers): void {
    this.#instruments.observe(record, providers);
  }

  close(): Promise<void> {
    return this.#provider.shutdown();
  }
}

function pointsOf({ scopeMetrics }: ResourceMetrics): number {
  let points = 0;
  for (const { metrics } of scopeMetrics) for (const { dataPoints } of metrics) points += dataPoints.length;
  return points;
}
