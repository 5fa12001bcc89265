import type { Providers } from './conventions.ts';
import type { ExportPlan } from './export-plan.ts';

export type Signal = 'traces' | 'metrics';

/** What the export thread is started with. */
export interface ExportStart {
  readonly plan: ExportPlan;
  readonly providers: Providers;
}

/** To the export thread. */
export type ToExport =
  /** Encoded journal entries; their memory moves with them. */
  | { readonly kind: 'chunk'; readonly chunk: Uint8Array; readonly records: number }
  | { readonly kind: 'providers'; readonly providers: Providers }
  /** Send what waits, and say so. */
  | { readonly kind: 'close' };

/** From the export thread. */
export type FromExport =
  /** The oldest chunk has been made spans and metrics; `failed` of its records could not be. */
  | { readonly kind: 'taken'; readonly failed: number; readonly reason?: string }
  /** The collector has them: spans, or data points of metrics. */
  | { readonly kind: 'sent'; readonly signal: Signal; readonly items: number }
  /** An export failed after its retries; `lost` items are gone (metrics are sums, so the next export has them all). */
  | { readonly kind: 'failed'; readonly signal: Signal; readonly lost: number; readonly reason: string }
  /** Too much waits for the collector. */
  | { readonly kind: 'full'; readonly spans: number }
  /** The collector took an export, but not all of it. */
  | { readonly kind: 'remark'; readonly reason: string }
  | { readonly kind: 'closed' };
