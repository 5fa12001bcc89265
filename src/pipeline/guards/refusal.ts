import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/events.ts';
import { type Reply, endedStream } from '../../core/reply.ts';
import { addCausewayHeaders } from '../../core/reply-headers.ts';
import type { GuardPolicy } from './engine/guard-policy.ts';
import { blockedTerminal, refusalText } from './output/blocked-answer.ts';

export type RefusalLanguage = 'en' | 'zh';

/**
 * How a request is refused: with an answer in the client's dialect that ends by its content filter, or with an error.
 * @throws guard_blocked where the policy says so, or the request asks for no answer in words
 */
export function refuse(call: Call, policy: GuardPolicy, language: RefusalLanguage): Reply {
  const text = refusalText(policy, language);
  if (policy.settings.refusal.as === 'error' || call.operation !== 'chat') {
    throw new GatewayError('guard_blocked', { message: text });
  }
  const events: StreamEvent[] = [
    { type: 'message-start', model: call.facts.model },
    { type: 'text-delta', choice: 0, index: 0, text },
    // Nobody was asked. Clients add up what answers say here, and take it for granted.
    { type: 'usage', usage: { inputTokens: 0, outputTokens: 0 } },
    { type: 'finish', choice: 0, reason: 'content-filter' },
    { type: 'end' },
  ];
  const terminal = blockedTerminal(undefined);
  if (!call.facts.stream) {
    const headers = addCausewayHeaders(call, { 'content-type': 'application/json' });
    return { kind: 'translated', status: 200, headers, rewritten: true, events, terminal };
  }
  const stream = endedStream([{ events }], terminal);
  const headers = addCausewayHeaders(call, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  return { kind: 'stream', status: 200, headers, translated: true, rewritten: true, stream };
}
