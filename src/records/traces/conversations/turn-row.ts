import { type StoredTrace, traces } from '../schema.ts';

/** What a thread shows of a request; the rest is not read. */
export const TURN_COLUMNS = {
  traceId: traces.traceId,
  startedAt: traces.startedAt,
  status: traces.status,
  userId: traces.userId,
  model: traces.model,
  target: traces.target,
  promptVersion: traces.promptVersion,
  inputTokens: traces.inputTokens,
  outputTokens: traces.outputTokens,
  cacheReadInputTokens: traces.cacheReadInputTokens,
  cacheCreationInputTokens: traces.cacheCreationInputTokens,
  reasoningOutputTokens: traces.reasoningOutputTokens,
  costNanoUsd: traces.costNanoUsd,
  costKnown: traces.costKnown,
  latencyMs: traces.latencyMs,
  ttftMs: traces.ttftMs,
  finishReason: traces.finishReason,
  errorCode: traces.errorCode,
  errorMessage: traces.errorMessage,
  errorOrigin: traces.errorOrigin,
  input: traces.input,
  output: traces.output,
} as const;

export type TurnRow = Pick<StoredTrace, keyof typeof TURN_COLUMNS>;
