import type { AssistantPart, Message, TextPart, UserPart } from '../../../core/inference/content.ts';
import { decodeAssistantBlock, decodeUserBlock } from './decode-blocks.ts';
import { contentOf } from './decode-content.ts';
import { decodeText } from './decode-media.ts';
import type { Fields } from '../decoding/fields.ts';

type UserMessage = Extract<Message, { role: 'user' }>;

/** `system`, as the message that stands before all others. */
export function decodeSystem(fields: Fields): Message[] {
  const content = contentOf(fields, 'system', decodeSystemBlock);
  if (content.length === 0) return [];
  fields.uses('system-prompt', 'system');
  return [{ role: 'system', content }];
}

/** @throws request_invalid where a block is not one that its message may have */
export function decodeMessages(fields: Fields): Message[] {
  const messages: Message[] = [];
  const turns = fields.objects('messages');
  for (const turn of turns) {
    const message = decodeMessage(turn);
    const before = messages.at(-1);
    // Results that come in a message of their own still answer the same assistant's turn.
    if (message.role === 'user' && before?.role === 'user' && message.content.some(isToolResult)) {
      messages[messages.length - 1] = userMessage([...before.content, ...message.content]);
    } else messages.push(message);
  }
  if (messages.at(-1)?.role === 'assistant') fields.uses('prefill', `messages[${turns.length - 1}]`);
  return messages;
}

function decodeMessage(turn: Fields): Message {
  const role = turn.requiredOneOf('role', ['user', 'assistant', 'system']);
  if (!turn.has('content')) throw turn.invalid('content', 'is missing: it must be a string or a list of blocks');
  const message = messageOf(turn, role);
  turn.close();
  return message;
}

function messageOf(turn: Fields, role: Message['role']): Message {
  switch (role) {
    case 'user':
      return userMessage(contentOf<UserPart>(turn, 'content', decodeUserBlock));
    case 'assistant':
      return { role, content: contentOf<AssistantPart>(turn, 'content', decodeAssistantBlock) };
    default:
      turn.decoding.uses('system-mid-conversation', turn.path);
      return { role, content: contentOf(turn, 'content', decodeSystemBlock) };
  }
}

function decodeSystemBlock(block: Fields): readonly TextPart[] {
  block.requiredOneOf('type', ['text']);
  return [decodeText(block)];
}

/** Results of tools stand first. */
function userMessage(content: readonly UserPart[]): UserMessage {
  const results = content.filter(isToolResult);
  if (results.length === 0) return { role: 'user', content };
  return { role: 'user', content: [...results, ...content.filter((part) => !isToolResult(part))] };
}

function isToolResult(part: UserPart): boolean {
  return part.type === 'tool-result';
}
