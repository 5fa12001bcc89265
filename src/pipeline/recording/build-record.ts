import { abortedBy } from '../../core/abort-error.ts';
import type { Attempt } from '../../core/attempts.ts';
import type { Call, RequestFacts } from '../../core/call.ts';
import type { ErrorCode, GatewayError } from '../../core/errors.ts';
import type { Terminal } from '../../core/events.ts';
import type { Span } from '../../core/spans.ts';
import type { AttemptRecord, CallRecord, RecordPolicy, SpanRecord } from '../../records/journal/record.ts';
import { flatText } from './flat-text.ts';
import { keptPatches } from './kept-patches.ts';

export interface Ending {
  readonly terminal: Terminal;
  /** Monotonic milliseconds. */
  readonly at: number;
  /** How records of its project are kept. */
  readonly policy: RecordPolicy;
  /** Of a stream, milliseconds. */
  readonly interTokenP95Ms?: number | undefined;
}

/** What happened to a call, read from its facts and its attempt ledger. */
export function buildRecord(call: Call, { terminal, at, policy, interTokenP95Ms }: Ending): CallRecord {
  const facts = isTurnedAway(call, terminal) ? undefined : readableFacts(call);
  const { shown, cost, usage } = call.attempts;
  const { cache: cached, routing } = call;
  const latencyMs = at - call.startedAt;
  return {
    traceId: call.id,
    status: terminal.kind,
    organisation: call.principal?.organisation,
    project: call.principal?.project,
    keyId: call.principal?.keyId,
    userId: facts?.user ?? call.principal?.user,
    conversationId: facts?.conversationId,
    endpoint: call.endpoint,
    dialect: call.dialect,
    operation: call.operation,
    requestModel: facts?.model,
    virtualModel: call.assignment?.virtualModel,
    responseModel: shown ? shown.responseModel : cached?.responseModel,
    target: shown ? shown.opening.target : cached?.target,
    promptVersion: call.assignment?.promptVersion,
    arm: call.assignment?.arm,
    rollouts: call.assignment?.rollouts,
    routing: routing && { ...routing, reason: flatText(routing.reason) },
    streamed: facts?.stream ?? false,
    finishReason: terminal.kind === 'completed' ? terminal.finishReason : undefined,
    usage,
    costNanoUsd: cost.nanoUsd,
    costKnown: cost.known,
    latencyMs,
    ttftMs: facts?.stream ? sinceStart(call, firstSeenAt(call)) : undefined,
    interTokenP95Ms,
    overheadMs: ownMs(call, at),
    simulated: (shown ? shown.opening.simulated : cached?.simulated) ?? false,
    cache: cached?.state,
    savings: call.savings,
    attempts: call.attempts.all.map((attempt) => attemptRecord(call, attempt, at)),
    spans: call.spans.all.map((span) => spanRecord(call, span, at)),
    traceContext: call.traceContext,
    patches: keptPatches(call.body.patches),
    verdicts: call.screening?.verdicts,
    guardPolicies: call.screening?.policies,
    warnings: warningsOf(call),
    error: errorOf(terminal),
    metadata: facts?.metadata,
    startedAt: call.receivedAt,
    policy,
  };
}

/** When the client could see the first of its answer. */
function firstSeenAt({ attempts: { shown }, cache, heldUntil }: Call): number | undefined {
  if (!shown) return cache?.answeredAt;
  return shown.firstContentAt === undefined ? undefined : Math.max(shown.firstContentAt, heldUntil ?? 0);
}

/** At the door, before anything was done for it: bodies that come too often, or to a busy process, are not parsed. */
function isTurnedAway({ principal }: Call, terminal: Terminal): boolean {
  return terminal.kind === 'failed' && principal === undefined && AT_THE_DOOR.has(terminal.error.code);
}

const AT_THE_DOOR: ReadonlySet<ErrorCode> = new Set(['gateway_overloaded', 'limit_requests', 'access_blocked']);

function warningsOf({ warnings, spans }: Call): readonly string[] {
  if (spans.dropped === 0) return warnings;
  return [...warnings, `${spans.dropped} spans more than are kept were left out of the record`];
}

/**
 * Of an answer from a cache until its first content: how fast the rest goes out is as it was asked for. What was asked
 * for another call is waited for at a provider's pace, and none of that is ours.
 */
function ownMs({ startedAt, attempts, cache, spans }: Call, at: number): number {
  const isGiven = attempts.all.length === 0 && cache?.answeredAt !== undefined;
  if (isGiven && cache.state === 'coalesced') return 0;
  return Math.max(0, (isGiven ? cache.answeredAt : at) - startedAt - attempts.providerMs(at) - judgedMs(spans.all));
}

/** Models that were asked where to go, or whether an answer is good enough, take their own time. */
function judgedMs(spans: readonly Span[]): number {
  let sum = 0;
  for (const { kind, name, startedAt, endedAt } of spans) {
    if (kind === 'route' && name !== 'embedding' && endedAt !== undefined) sum += endedAt - startedAt;
  }
  return sum;
}

/** A body that could not be read has no facts; the refusal says why, so it is no second error here. */
function readableFacts(call: Call): RequestFacts | undefined {
  try {
    return call.facts;
  } catch {
    return undefined;
  }
}

function spanRecord(call: Call, { kind, name, startedAt, endedAt, status, detail }: Span, at: number): SpanRecord {
  // Who left it open was given up with the call.
  const left = endedAt === undefined;
  const durationMs = (endedAt ?? at) - startedAt;
  return { kind, name, startMs: startedAt - call.startedAt, durationMs, status: left ? 'aborted' : status, detail };
}

function attemptRecord(call: Call, attempt: Attempt, at: number): AttemptRecord {
  const { opening, closing, sentAt } = attempt;
  return {
    target: opening.target,
    kind: opening.kind ?? 'first',
    outcome: closing?.outcome ?? 'aborted',
    httpStatus: attempt.httpStatus,
    errorCode: closing?.errorCode,
    retryOf: opening.retryOf,
    startMs: sinceStart(call, sentAt),
    latencyMs: sentAt === undefined ? 0 : (attempt.closedAt ?? at) - sentAt,
    ttftMs: sentAt === undefined || attempt.firstContentAt === undefined ? undefined : attempt.firstContentAt - sentAt,
    usage: closing?.usage,
    usageSource: closing?.usageSource,
    costNanoUsd: closing?.costNanoUsd,
    costSource: closing?.costSource,
    priceVersion: opening.priceVersion,
    responseModel: attempt.responseModel,
    providerRequestId: attempt.providerRequestId,
    patches: keptPatches(attempt.patches),
  };
}

function sinceStart(call: Call, moment: number | undefined): number | undefined {
  return moment === undefined ? undefined : moment - call.startedAt;
}

function errorOf(terminal: Terminal): CallRecord['error'] {
  if (terminal.kind !== 'failed') return undefined;
  const { error } = terminal;
  return { code: error.code, message: error.message, origin: error.origin };
}

/** The terminal event of a call that ended in an error before it had a reply. */
export function terminalOf(error: GatewayError): Terminal {
  const by = abortedBy(error);
  return by ? { kind: 'aborted', by, usage: undefined } : { kind: 'failed', error, usage: undefined };
}
