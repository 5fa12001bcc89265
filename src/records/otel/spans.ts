import { type Attributes, SpanKind, type SpanStatus, SpanStatusCode } from '@opentelemetry/api';

import { NANO_PER_USD } from '../../core/money.ts';
import { spanIdOf } from '../../core/trace-context.ts';
import type { Usage } from '../../core/usage.ts';
import type { AttemptRecord, CallRecord, SpanRecord } from '../journal/record.ts';
import type { CallContent } from './content.ts';
import {
  ATTR,
  EXCEPTION_EVENT,
  OWN,
  type Providers,
  type Value,
  operationNameOf,
  providerNameOf,
  splitTarget,
} from './conventions.ts';
import { parametersOf } from './request-parameters.ts';
import { UNKNOWN_ERROR, attemptErrorTypeOf, errorTypeOf } from './measures.ts';

/** A span before it takes the SDK's form. Times are epoch milliseconds with fractions. */
export interface SpanDraft {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  /** The parent is the client's, in another process. */
  readonly parentIsRemote: boolean;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly status: SpanStatus;
  readonly event: { readonly name: string; readonly attributes: Attributes } | undefined;
}

export interface SpanContent {
  readonly providers: Providers;
  readonly content: CallContent;
  /** Cleans the message of an error, and the model's name that a client wrote. */
  readonly redact: (text: string) => string;
}

type Maybe = Readonly<Record<string, Value | undefined>>;

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };

/** The request, its attempts and what else was done for it, in this order. */
export function spansOf(asWritten: CallRecord, more: SpanContent): SpanDraft[] {
  const record = { ...asWritten, requestModel: asWritten.requestModel && more.redact(asWritten.requestModel) };
  const { attempts, spans } = record;
  return [
    requestSpan(record, more),
    ...attempts.map((_, index) => attemptSpan(record, index, more)),
    ...spans.map((span, index) => otherSpan(record, span, 1 + attempts.length + index)),
  ];
}

/** The client's trace where it sent one, else a trace of our own. */
export function otelTraceId(record: CallRecord): string {
  return record.traceContext?.traceId ?? record.traceId;
}

function requestSpan(record: CallRecord, more: SpanContent): SpanDraft {
  const { content, redact } = more;
  const operation = operationNameOf(record.operation);
  const failure = errorTypeOf(record);
  const message = record.error && redact(record.error.message);
  return {
    traceId: otelTraceId(record),
    spanId: spanIdOf(record.traceId, 0),
    parentId: record.traceContext?.parentId,
    parentIsRemote: true,
    name: named(
      `causeway ${operation}`,
      record.virtualModel ?? (record.target === undefined ? undefined : record.requestModel),
    ),
    kind: SpanKind.SERVER,
    startMs: record.startedAt,
    endMs: record.startedAt + record.latencyMs,
    attributes: present({
      ...requestFacts(record),
      [ATTR.errorType]: failure,
      // Where no model was asked, the answer is ours (it was cached), and this is the span that has it.
      ...(record.attempts.length === 0
        ? { ...generation(record, operation, undefined, more), ...content.messages }
        : {}),
      [OWN.metadata]: content.metadata,
      [OWN.contentTruncated]: content.truncated || undefined,
    }),
    status: statusOf(failure, message),
    event:
      failure === undefined
        ? undefined
        : {
            name: EXCEPTION_EVENT,
            attributes: present({ [ATTR.exceptionType]: failure, [ATTR.exceptionMessage]: message }),
          },
  };
}

function requestFacts(record: CallRecord): Maybe {
  return {
    ...whose(record),
    [OWN.traceId]: record.traceId,
    [OWN.status]: record.status,
    [OWN.organisation]: record.organisation,
    [OWN.project]: record.project,
    [OWN.endpoint]: record.endpoint,
    [OWN.dialect]: record.dialect,
    [OWN.virtualModel]: record.virtualModel,
    [OWN.promptVersion]: record.promptVersion,
    [OWN.arm]: record.arm,
    [OWN.routingPolicy]: record.routing?.policy,
    [OWN.routingReason]: record.routing?.reason,
    [OWN.routingTier]: record.routing?.tier,
    [OWN.target]: record.target,
    [OWN.attempts]: record.attempts.length,
    [OWN.patches]: record.patches.length,
    [OWN.warnings]: record.warnings.length,
    [OWN.simulated]: record.simulated || undefined,
    [OWN.costUsd]: record.costKnown ? record.costNanoUsd / NANO_PER_USD : undefined,
    [OWN.costKnown]: record.costKnown,
    [OWN.cache]: record.cache,
    [OWN.savedUsd]: savedUsd(record),
    [OWN.overhead]: seconds(record.overheadMs),
    [OWN.timeToFirstToken]: seconds(record.ttftMs),
    [OWN.interTokenP95]: seconds(record.interTokenP95Ms),
    [OWN.errorOrigin]: record.error?.origin,
  };
}

/** What is known of it; absent where nothing is. */
function savedUsd({ savings = [] }: CallRecord): number | undefined {
  const known = savings.flatMap(({ nanoUsd }) => (Number.isFinite(nanoUsd) ? [nanoUsd ?? 0] : []));
  return known.length === 0 ? undefined : known.reduce((sum, nanoUsd) => sum + nanoUsd, 0) / NANO_PER_USD;
}

/** One call to a provider: an inference span of the conventions. */
function attemptSpan(record: CallRecord, index: number, more: SpanContent): SpanDraft {
  const attempt = record.attempts[index] as AttemptRecord;
  const operation = operationNameOf(record.operation);
  const failure = attemptErrorTypeOf(attempt);
  const startMs = record.startedAt + (attempt.startMs ?? 0);
  const isShown = index === shownAttempt(record);
  return {
    traceId: otelTraceId(record),
    spanId: spanIdOf(record.traceId, index + 1),
    parentId: spanIdOf(record.traceId, 0),
    parentIsRemote: false,
    name: named(operation, splitTarget(attempt.target).model),
    kind: SpanKind.CLIENT,
    startMs,
    endMs: startMs + attempt.latencyMs,
    attributes: present({
      ...generation(record, operation, attempt, more),
      ...attemptFacts(attempt, index),
      ...(isShown ? more.content.messages : {}),
      [ATTR.errorType]: failure,
    }),
    status: statusOf(failure, undefined),
    event: undefined,
  };
}

function attemptFacts(attempt: AttemptRecord, index: number): Maybe {
  return {
    [ATTR.httpStatus]: attempt.httpStatus,
    [ATTR.timeToFirstChunk]: seconds(attempt.ttftMs),
    [OWN.target]: attempt.target,
    [OWN.attemptNumber]: index + 1,
    [OWN.attemptKind]: attempt.kind,
    [OWN.attemptOutcome]: attempt.outcome,
    [OWN.retryOf]: attempt.retryOf === undefined ? undefined : attempt.retryOf + 1,
    [OWN.patches]: attempt.patches.length,
    [OWN.usageSource]: attempt.usageSource,
    [OWN.costUsd]: attempt.costNanoUsd === undefined ? undefined : attempt.costNanoUsd / NANO_PER_USD,
    [OWN.priceVersion]: attempt.priceVersion,
    [OWN.providerRequestId]: attempt.providerRequestId,
  };
}

/** What the conventions ask of a span that stands for an answer of a model. */
function generation(
  record: CallRecord,
  operation: string,
  attempt: AttemptRecord | undefined,
  { providers, content }: SpanContent,
): Maybe {
  const target = attempt?.target;
  const { provider, model } = target === undefined ? { provider: '', model: record.requestModel } : splitTarget(target);
  const ended = attempt ? attempt.outcome : record.status;
  return {
    [ATTR.operationName]: operation,
    [ATTR.providerName]: providerNameOf(target, providers),
    [ATTR.requestModel]: model,
    [ATTR.responseModel]: attempt?.responseModel ?? (attempt ? undefined : record.responseModel),
    ...whose(record),
    [ATTR.finishReasons]:
      ended === 'completed' && record.finishReason !== undefined ? [record.finishReason] : undefined,
    [ATTR.stream]: record.streamed || undefined,
    [ATTR.serverAddress]: providers.get(provider)?.address,
    [ATTR.serverPort]: providers.get(provider)?.port,
    ...parametersOf(content.request),
    ...usageAttributes(attempt?.usage),
  };
}

/** On every span of a model, since some readers group spans and not traces. A session is what the conventions call it. */
function whose({ conversationId, userId }: CallRecord): Maybe {
  return { [ATTR.conversationId]: conversationId, [ATTR.sessionId]: conversationId, [ATTR.userId]: userId };
}

/** Absent is "not reported", which is not 0. */
function usageAttributes(usage: Usage | undefined): Maybe {
  return {
    [ATTR.usageInput]: usage?.inputTokens,
    [ATTR.usageOutput]: usage?.outputTokens,
    [ATTR.usageCacheRead]: usage?.cacheReadInputTokens,
    [ATTR.usageCacheCreation]: usage?.cacheCreationInputTokens,
    [ATTR.usageReasoning]: usage?.reasoningOutputTokens,
  };
}

/** Work beside the attempts; its detail is numbers and names, never texts of clients. */
function otherSpan(record: CallRecord, span: SpanRecord, number: number): SpanDraft {
  const startMs = record.startedAt + span.startMs;
  const detail = Object.entries(span.detail ?? {}).flatMap(([key, value]): [string, Value][] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[`causeway.${span.kind}.${key}`, value]]
      : [],
  );
  return {
    traceId: otelTraceId(record),
    spanId: spanIdOf(record.traceId, number),
    parentId: spanIdOf(record.traceId, 0),
    parentIsRemote: false,
    name: named(span.kind, span.name),
    kind: SpanKind.INTERNAL,
    startMs,
    endMs: startMs + span.durationMs,
    attributes: { [OWN.spanKind]: span.kind, ...Object.fromEntries(detail) },
    status: statusOf(span.status === 'failed' ? UNKNOWN_ERROR : undefined, undefined),
    event: undefined,
  };
}

/** The attempt whose answer the client read, which has the messages. */
function shownAttempt({ attempts, target }: CallRecord): number {
  const shown = attempts.findLastIndex((attempt) => attempt.target === target && attempt.outcome === 'completed');
  return shown < 0 ? attempts.length - 1 : shown;
}

function statusOf(failure: string | undefined, message: string | undefined): SpanStatus {
  if (failure === undefined) return UNSET;
  return message === undefined ? { code: SpanStatusCode.ERROR } : { code: SpanStatusCode.ERROR, message };
}

function named(what: string, which: string | undefined): string {
  return which === undefined || which === '' ? what : `${what} ${which}`;
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function present(maybe: Maybe): Attributes {
  return Object.fromEntries(Object.entries(maybe).filter(([, value]) => value !== undefined && value !== null));
}
