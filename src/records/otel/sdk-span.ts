import { type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

import { VERSION } from '../../core/version.ts';
import { SCHEMA_URL, SCOPE_NAME } from './conventions.ts';
import type { SpanDraft } from './spans.ts';

/** A span in the SDK's form, with what it takes of memory. */
export interface WeighedSpan extends ReadableSpan {
  readonly weight: number;
}

export const SCOPE = { name: SCOPE_NAME, version: VERSION, schemaUrl: SCHEMA_URL };

/** `ExportResultCode.SUCCESS` of the SDK's core, which is not a dependency of ours for one number. */
export const SUCCESS = 0;

/** What a span takes beside its long attributes. */
const SPAN_BYTES = 2048;
const LATEST_MS = 9e12;
const NANOS_PER_MS = 1_000_000;

/** Spans are made after the fact and with ids of their own, so no tracer starts them: they are what a processor gets. */
export function sdkSpan(draft: SpanDraft, resource: Resource): WeighedSpan {
  const { traceId, spanId, parentId, parentIsRemote, name, kind, attributes, status, event } = draft;
  const context: SpanContext = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
  const startMs = timeOf(draft.startMs);
  const endMs = Math.max(startMs, timeOf(draft.endMs));
  const endTime = hrTime(endMs);
  return {
    name,
    kind,
    spanContext: () => context,
    ...(parentId === undefined
      ? {}
      : { parentSpanContext: { traceId, spanId: parentId, traceFlags: TraceFlags.SAMPLED, isRemote: parentIsRemote } }),
    startTime: hrTime(startMs),
    endTime,
    duration: hrTime(endMs - startMs),
    status,
    attributes,
    links: [],
    events: event ? [{ name: event.name, attributes: event.attributes, time: endTime }] : [],
    ended: true,
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    weight: SPAN_BYTES + textBytes(attributes),
  };
}

function textBytes(attributes: SpanDraft['attributes']): number {
  let bytes = 0;
  for (const value of Object.values(attributes)) if (typeof value === 'string') bytes += 2 * value.length;
  return bytes;
}

/** As 64 bits can hold it in nanoseconds; what is no time is 0. */
function timeOf(ms: number): number {
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LATEST_MS);
}

/** Whole seconds and the nanoseconds after them. */
function hrTime(epochMs: number): [number, number] {
  const whole = Math.floor(epochMs);
  const seconds = Math.floor(whole / 1000);
  const nanos = (whole - seconds * 1000) * NANOS_PER_MS + Math.floor((epochMs - whole) * NANOS_PER_MS);
  return [seconds, nanos];
}
