import * as fc from './fast-check.ts';

import { SAVING_MECHANISMS, type Saving } from '../../src/core/caching.ts';
import { ERRORS, type ErrorCode } from '../../src/core/errors.ts';
import { newTraceId } from '../../src/core/ids.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Usage, usageOf } from '../../src/core/usage.ts';
import type { AttemptRecord, CallRecord, RecordPolicy } from '../../src/records/journal/record.ts';

const STARTED_AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** Everything is kept, as of all projects. */
export const KEPT_WHOLE: RecordPolicy = { bodies: 'full', sample: 1, retentionClass: '', search: true };

export function makeAttemptRecord(parts: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    target: 'openai/gpt-5-mini',
    outcome: 'completed',
    httpStatus: 200,
    errorCode: undefined,
    retryOf: undefined,
    latencyMs: 420.5,
    ttftMs: undefined,
    usage: { inputTokens: 12, outputTokens: 34, cacheReadInputTokens: 4 },
    usageSource: 'reported',
    costNanoUsd: 71_000,
    priceVersion: 'openai/gpt-5-mini@1',
    responseModel: 'gpt-5-mini-2026-08-07',
    providerRequestId: 'req_1',
    patches: [],
    ...parts,
  };
}

/** A completed chat call with one attempt, but for what the test says. */
export function makeRecord(parts: Partial<CallRecord> = {}): CallRecord {
  const startedAt = parts.startedAt ?? STARTED_AT;
  return {
    traceId: newTraceId(startedAt),
    status: 'completed',
    organisation: 'acme',
    project: 'support',
    keyId: 'key_1',
    userId: 'ada',
    conversationId: undefined,
    endpoint: '/v1/chat/completions',
    dialect: 'openai',
    operation: 'chat',
    requestModel: 'chat',
    virtualModel: 'chat',
    responseModel: 'gpt-5-mini-2026-08-07',
    target: 'openai/gpt-5-mini',
    promptVersion: undefined,
    streamed: false,
    finishReason: 'stop',
    usage: { inputTokens: 12, outputTokens: 34, cacheReadInputTokens: 4 },
    costNanoUsd: 71_000,
    costKnown: true,
    latencyMs: 421.25,
    ttftMs: undefined,
    interTokenP95Ms: undefined,
    overheadMs: 0.75,
    simulated: false,
    attempts: [makeAttemptRecord()],
    spans: [],
    traceContext: undefined,
    patches: [],
    warnings: [],
    error: undefined,
    metadata: undefined,
    startedAt,
    policy: KEPT_WHOLE,
    ...parts,
  };
}

/** Any text that JavaScript can hold, halves of surrogate pairs and NUL included. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('\0', '\uD800', '\uDC00\uD800', '\\u0000', '__proto__', '\uFEFF', "'; drop table traces; --"),
);

const anyJson = fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<Json>;
const anyObject = fc.dictionary(anyText, anyJson) as fc.Arbitrary<JsonObject>;
const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.MAX_VALUE, -1, Number.NaN));
const orAbsent = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const anyUsage: fc.Arbitrary<Usage> = fc
  .record({
    inputTokens: orAbsent(anyNumber),
    outputTokens: orAbsent(anyNumber),
    cacheReadInputTokens: orAbsent(anyNumber),
    cacheCreationInputTokens: orAbsent(anyNumber),
    cacheCreation1hInputTokens: orAbsent(anyNumber),
    reasoningOutputTokens: orAbsent(anyNumber),
  })
  .map(usageOf);

const anySaving: fc.Arbitrary<Saving> = fc.record({
  mechanism: fc.constantFrom(...SAVING_MECHANISMS),
  nanoUsd: orAbsent(anyNumber),
  inputTokens: anyNumber,
  outputTokens: anyNumber,
});

const anyError = fc
  .tuple(fc.constantFrom(...(Object.keys(ERRORS) as ErrorCode[])), anyText)
  .map(([code, message]) => ({ code, message, origin: ERRORS[code].origin }));

/** A record whose facts are as wild as clients and providers can make them. */
export const anyRecord: fc.Arbitrary<CallRecord> = fc
  .record({
    status: fc.constantFrom('completed', 'failed', 'aborted'),
    organisation: orAbsent(anyText),
    project: orAbsent(anyText),
    userId: orAbsent(fc.oneof(anyText, fc.constant('x'.repeat(10_000)))),
    conversationId: orAbsent(anyText),
    requestModel: orAbsent(fc.oneof(anyText, fc.constant('\u{1F600}'.repeat(5000)))),
    responseModel: orAbsent(anyText),
    usage: orAbsent(anyUsage),
    cache: orAbsent(fc.constantFrom('miss', 'exact', 'semantic', 'coalesced', 'bypass')),
    savings: orAbsent(fc.array(anySaving, { maxLength: 3 })),
    costNanoUsd: anyNumber,
    latencyMs: anyNumber,
    ttftMs: orAbsent(anyNumber),
    overheadMs: anyNumber,
    warnings: fc.array(anyText, { maxLength: 3 }),
    error: orAbsent(anyError),
    metadata: orAbsent(anyObject),
    patches: fc.array(
      anyJson.map((value) => ({ op: 'set' as const, path: '/x', value })),
      { maxLength: 2 },
    ),
    // Of few days, since each takes the database some tables, and of clocks that are wrong.
    startedAt: fc.oneof(fc.integer({ min: STARTED_AT, max: STARTED_AT + 86_400_000 }), anyNumber),
  })
  .map((parts) => ({ ...makeRecord(), ...parts }));

/** Bytes of a body: JSON as it should be, JSON that databases dislike, and anything else. */
export const anyBody: fc.Arbitrary<Uint8Array> = fc.oneof(
  anyJson.map((value) => Buffer.from(JSON.stringify(value))),
  fc.uint8Array({ maxLength: 200 }),
  anyText.map((text) => Buffer.from(text)),
  fc
    .constantFrom(
      String.raw`{"a\u0000":"\u0000","b":"\ud800","c":"\\u0000"}`,
      '{"a":1e400,"b":12345678901234567890,"c":-0,"d":1e-400000}',
      '{"a":1,"a":2,"__proto__":{"b":1}}',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      '{"a":'.repeat(5000),
      '"\uD83D\uDE00',
      ' null ',
      '',
    )
    .map((text) => Buffer.from(text)),
);
