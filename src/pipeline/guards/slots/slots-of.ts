import type { Call } from '../../../core/call.ts';
import { collectAnthropic } from './anthropic.ts';
import { SlotCollector } from './collector.ts';
import { collectGemini, collectGeminiEmbeddings } from './gemini.ts';
import { collectOpenAiOther } from './openai-others.ts';
import { collectOpenAiChat } from './openai.ts';
import { collectResponses } from './responses.ts';
import type { TextSlot, UnreadKind } from './slot.ts';

type Asked = Pick<Call, 'body' | 'dialect' | 'operation' | 'form' | 'resource'>;

/** What a request says, and what of it nobody can read. */
export interface RequestTexts {
  /** In the order of its body. Fields that its dialect does not know are not among them. */
  readonly slots: readonly TextSlot[];
  /** The kinds of content in it that guards cannot read. */
  readonly unread: readonly UnreadKind[];
}

/** @throws request_invalid where the body is no JSON object */
export function textsOf(call: Asked): RequestTexts {
  const into = new SlotCollector();
  if (call.resource) into.note('other');
  else collect(into, call);
  return { slots: into.slots, unread: into.unread };
}

function collect(into: SlotCollector, { dialect, operation, body }: Asked): void {
  const { resolved } = body;
  const isChat = operation === 'chat' || operation === 'token-count';
  if (dialect === 'gemini') {
    if (operation === 'embeddings') collectGeminiEmbeddings(into, resolved);
    else collectGemini(into, resolved);
  } else if (!isChat) collectOpenAiOther(into, operation, resolved);
  else if (dialect === 'anthropic') collectAnthropic(into, resolved);
  else if (dialect === 'responses') collectResponses(into, resolved);
  else collectOpenAiChat(into, resolved);
}
