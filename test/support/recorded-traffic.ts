import { randomUUID } from 'node:crypto';

import type { Usage } from '../../src/core/usage.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { RecordedAttempt, RecordedRequest } from '../../src/work/replay/recorded-request.ts';

export const TRAFFIC_FROM = Date.UTC(2026, 10, 20, 8);

export interface RecordedParts extends Partial<Omit<RecordedRequest, 'input'>> {
  readonly text?: string;
  /** Beside model and messages; or another input altogether, as a trace may have it. */
  readonly body?: JsonObject;
  readonly input?: unknown;
  readonly usage?: Usage;
}

let made = 0;

/** A chat request for `chat` that `sim/small` answered, but for what the test says. */
export function recorded({ text = 'Hello', body, usage, ...parts }: RecordedParts = {}): RecordedRequest {
  made += 1;
  const model = parts.model === undefined ? 'chat' : parts.model;
  const target = parts.target === undefined ? 'sim/small' : parts.target;
  const latencyMs = parts.latencyMs ?? 100;
  const attempts = parts.attempts ?? (target === null ? [] : [answerAt(target, { usage, latencyMs })]);
  return {
    traceId: randomUUID().replaceAll('-', ''),
    startedAt: TRAFFIC_FROM + made,
    status: 'completed',
    organisation: null,
    project: 'support',
    keyId: 'key_1',
    userId: null,
    conversationId: null,
    endpoint: '/v1/chat/completions',
    dialect: 'openai',
    operation: 'chat',
    model,
    virtualModel: model,
    target,
    promptVersion: null,
    streamed: false,
    finishReason: 'stop',
    cache: null,
    costNanoUsd: attempts.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0),
    costKnown: true,
    latencyMs,
    ttftMs: null,
    overheadMs: 0,
    errorCode: null,
    errorOrigin: null,
    savings: [],
    routing: undefined,
    metadata: undefined,
    input: { model: model ?? '', messages: [{ role: 'user', content: text }], ...body },
    outputBytes: 200,
    ...parts,
    attempts,
  };
}

/** Dollars for a million tokens of the simulator's models, which are nano-dollars for one, by a thousand. */
const PRICES: Readonly<Record<string, readonly [input: number, output: number]>> = {
  'sim/small': [0.1, 0.4],
  'sim/large': [2, 8],
};

/** An attempt of a target of the simulator, at its own price. */
export function answerAt(
  target: string,
  {
    usage = { inputTokens: 100, outputTokens: 40 },
    latencyMs = 100,
  }: { usage?: Usage | undefined; latencyMs?: number } = {},
): RecordedAttempt {
  const [input, output] = PRICES[target] ?? [0, 0];
  const { inputTokens = 0, outputTokens = 0 } = usage;
  const costNanoUsd = Math.round((inputTokens * input + outputTokens * output) * 1000);
  return { target, kind: 'first', outcome: 'completed', startMs: 0, latencyMs, usage, costNanoUsd };
}

/** What is recorded of a request that a limit refused. */
export const REFUSED: RecordedParts = {
  target: null,
  attempts: [],
  status: 'failed',
  finishReason: null,
  errorCode: 'limit_requests',
  errorOrigin: 'policy',
  latencyMs: 0,
  outputBytes: null,
};
