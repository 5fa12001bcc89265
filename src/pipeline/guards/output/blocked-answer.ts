import type { StreamEvent, Terminal } from '../../../core/events.ts';
import type { Usage } from '../../../core/usage.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { RefusalLanguage } from '../refusal.ts';

/** What stands in place of an answer that nobody is to read: that it was refused, and what it cost all the same. */
export function blockedAnswer(events: readonly StreamEvent[], text: string): StreamEvent[] {
  const choices = new Set([0]);
  for (const event of events) if ('choice' in event) choices.add(event.choice);
  return [
    ...events.filter(({ type }) => type === 'message-start').slice(0, 1),
    ...[...choices].flatMap((choice): StreamEvent[] => [
      { type: 'refusal-delta', choice, text },
      { type: 'finish', choice, reason: 'content-filter' },
    ]),
    ...events.filter(({ type }) => type === 'usage'),
    { type: 'end' },
  ];
}

export function blockedTerminal(usage: Usage | undefined): Terminal {
  return { kind: 'completed', finishReason: 'content-filter', usage };
}

export function refusalText({ settings }: GuardPolicy, language: RefusalLanguage = 'en'): string {
  return settings.refusal[language];
}

/** What a client is told whose answer waits for somebody's approval. */
export function parkedText(id: string, language: RefusalLanguage = 'en'): string {
  return language === 'zh'
    ? `该回答需经人工审核后才能给出。审核编号：${id}`
    : `Somebody has to approve this answer first. Review: ${id}`;
}
