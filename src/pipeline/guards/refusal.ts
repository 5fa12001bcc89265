import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/events.ts';
import type { Reply } from '../../core/reply.ts';
import type { GuardPolicy } from './engine/guard-policy.ts';
import { eventReply } from './event-reply.ts';
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
  return eventReply(call, events, blockedTerminal(undefined), true);
}
