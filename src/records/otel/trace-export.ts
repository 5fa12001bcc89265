import { ROOT_CONTEXT } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { Resource } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

import { redactTexts } from '../redaction/redact-texts.ts';
import type { JournalEntry } from '../journal/entry-codec.ts';
import type { CallRecord } from '../journal/record.ts';
import { contentOf } from './content.ts';
import type { Providers } from './conventions.ts';
import type { FromExport } from './export-messages.ts';
import type { ExportPlan, SignalPlan } from './export-plan.ts';
import { SUCCESS, type WeighedSpan, sdkSpan } from './sdk-span.ts';
import { otelTraceId, spansOf } from './spans.ts';

type Tell = (message: FromExport) => void;
type ExportArgs = Parameters<OTLPTraceExporter['export']>;

const MAX_SPANS = 8192;
const MAX_BYTES = 32 * 1024 * 1024;
/** Collectors refuse requests of more than a few megabytes, so with texts fewer spans go together. */
const BATCH = { none: 512, redacted: 64, full: 64 } as const;
const SEND_AFTER_MS = 1000;
/** A shutdown of the processor sends all batches side by side, and the exporter refuses more than thirty at once. */
const MOST_AT_ONCE = 16;

/** What waits for the collector. */
class Waiting {
  spans = 0;
  bytes = 0;
  #released: (() => void) | undefined;

  /** False where there is no room for them. */
  take(spans: readonly WeighedSpan[]): boolean {
    const bytes = weightOf(spans);
    if (this.spans + spans.length > MAX_SPANS || this.bytes + bytes > MAX_BYTES) return false;
    this.spans += spans.length;
    this.bytes += bytes;
    return true;
  }

  release(spans: readonly WeighedSpan[]): void {
    this.spans -= spans.length;
    this.bytes -= weightOf(spans);
    this.#released?.();
  }

  /** Once no more than so many wait. */
  async atMost(spans: number): Promise<void> {
    while (this.spans > spans) await new Promise<void>((resolve) => (this.#released = resolve));
  }
}

/** The SDK's exporter, which says what became of each batch. */
class CountingExporter extends OTLPTraceExporter {
  readonly #waiting: Waiting;
  readonly #tell: Tell;

  constructor({ url, headers }: SignalPlan, waiting: Waiting, tell: Tell) {
    super({ url, headers: { ...headers } });
    this.#waiting = waiting;
    this.#tell = tell;
  }

  override export(spans: ReadableSpan[], done: ExportArgs[1]): void {
    super.export(spans, (result) => {
      this.#waiting.release(spans as WeighedSpan[]);
      if ((result.code as number) === SUCCESS) this.#tell({ kind: 'sent', signal: 'traces', items: spans.length });
      else {
        const reason = String(result.error ?? 'it was refused');
        this.#tell({ kind: 'failed', signal: 'traces', lost: spans.length, reason });
      }
      done(result);
    });
  }
}

/** Makes spans of records and sends them, in batches and with the SDK's own retries. */
export class TraceExport {
  readonly #plan: ExportPlan;
  readonly #resource: Resource;
  readonly #tell: Tell;
  readonly #waiting = new Waiting();
  readonly #processor: BatchSpanProcessor;
  readonly #sampler: TraceIdRatioBasedSampler;

  constructor(plan: ExportPlan, signal: SignalPlan, resource: Resource, tell: Tell) {
    this.#plan = plan;
    this.#resource = resource;
    this.#tell = tell;
    this.#sampler = new TraceIdRatioBasedSampler(plan.sample);
    this.#processor = new BatchSpanProcessor({
      exporter: new CountingExporter(signal, this.#waiting, tell),
      // The bound that counts is the one here: the processor's own would drop without a word.
      maxQueueSize: MAX_SPANS,
      maxExportBatchSize: BATCH[plan.content],
      scheduledDelayMillis: SEND_AFTER_MS,
    });
  }

  add(entry: JournalEntry, providers: Providers): void {
    if (!this.#isSampled(entry.record)) return;
    const content = contentOf(entry, this.#plan.content);
    const drafts = spansOf(entry.record, { providers, content, redact: redactTexts });
    const spans = drafts.map((draft) => sdkSpan(draft, this.#resource));
    if (!this.#waiting.take(spans)) this.#tell({ kind: 'full', spans: spans.length });
    else for (const span of spans) this.#processor.onEnd(span);
  }

  async close(): Promise<void> {
    await this.#waiting.atMost(MOST_AT_ONCE * BATCH[this.#plan.content]);
    await this.#processor.shutdown();
  }

  /** As the client decided, where it did; else by the trace's id, so that every replica decides alike. */
  #isSampled(record: CallRecord): boolean {
    const { traceContext } = record;
    if (traceContext && this.#plan.clientSampling) return traceContext.sampled;
    const { decision } = this.#sampler.shouldSample(ROOT_CONTEXT, otelTraceId(record));
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  }
}

function weightOf(spans: readonly WeighedSpan[]): number {
  let bytes = 0;
  for (const { weight } of spans) bytes += weight;
  return bytes;
}
