import type { Trace } from './trace-types.ts';

/** What two traces are held against each other by; times differ always, which says nothing. */
export function plainFacts(trace: Trace): Readonly<Record<string, unknown>> {
  const { tokens } = trace;
  return {
    project: trace.project,
    organisation: trace.organisation,
    user: trace.user_id,
    key: trace.key_id,
    conversation: trace.conversation_id,
    clientTrace: trace.w3c_trace_id,
    model: trace.model,
    virtualModel: trace.virtual_model,
    target: trace.target,
    responseModel: trace.response_model,
    endpoint: trace.endpoint,
    api: `${trace.dialect} ${trace.operation}`,
    promptVersion: trace.prompt_version,
    arm: trace.arm,
    streamed: trace.streamed,
    finishReason: trace.finish_reason,
    input: tokens.input,
    output: tokens.output,
    cached: tokens.cached ?? 0,
    cacheWrite: tokens.cache_write ?? 0,
    reasoning: tokens.reasoning ?? 0,
    cost: trace.cost_usd,
    saved: trace.saved_usd,
    attempts: trace.attempts.length,
  };
}
