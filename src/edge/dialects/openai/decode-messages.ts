import type { AssistantPart, Message, ToolResultPart } from '../../../core/inference/content.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { cachedUpTo, readCache } from './decode-cache.ts';
import { decodeCalls } from './decode-calls.ts';
import { assistantContent, systemContent, toolContent, userContent } from './decode-content.ts';
import { decodeReasoningParts } from './decode-reasoning-parts.ts';
import { REFUSED } from './left-out.ts';

const ROLES = ['developer', 'system', 'user', 'assistant', 'tool', 'function'] as const;

/** What later messages need to know of earlier ones. */
interface Conversation {
  readonly messages: Message[];
  /** The id that was made for the last call of each function, in the form that has no ids. */
  readonly functionCalls: Map<string, string>;
  begun: boolean;
}

/**
 * The conversation. Results of tools that stand one after the other are one message.
 * @see https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages (checked 2026-11-21)
 */
export function decodeMessages(body: Fields): readonly Message[] {
  const conversation: Conversation = { messages: [], functionCalls: new Map(), begun: false };
  const all = body.objects('messages');
  let results: ToolResultPart[] | undefined;
  for (const message of all) {
    const role = message.requiredOneOf('role', ROLES);
    if (role === 'tool' || role === 'function') {
      const result = role === 'tool' ? decodeToolResult(message) : decodeFunctionResult(message, conversation);
      if (results) results.push(result);
      else conversation.messages.push({ role: 'user', content: (results = [result]) });
      conversation.begun = true;
    } else {
      results = undefined;
      conversation.messages.push(decodeMessage(message, role, conversation));
    }
    message.close();
  }
  notePrefill(conversation.messages, all.at(-1));
  return conversation.messages;
}

function decodeMessage(
  message: Fields,
  role: Exclude<(typeof ROLES)[number], 'tool' | 'function'>,
  conversation: Conversation,
): Message {
  const name = message.text('name');
  if (name !== undefined) message.uses('participant-name', 'name');
  const cache = readCache(message);
  if (role === 'developer' || role === 'system') {
    message.decoding.uses(conversation.begun ? 'system-mid-conversation' : 'system-prompt', message.path);
    return { role: 'system', content: cachedUpTo(systemContent(message), cache), ...given({ name }) };
  }
  conversation.begun = true;
  if (role === 'user') return { role, content: cachedUpTo(userContent(message), cache), ...given({ name }) };
  return { role, content: cachedUpTo(decodeAssistant(message, conversation), cache), ...given({ name }) };
}

/** In the order in which a model says them: it thinks, it speaks, it calls. */
function decodeAssistant(message: Fields, { functionCalls }: Conversation): readonly AssistantPart[] {
  if (message.has('audio')) throw message.refused('audio', REFUSED['messages[].audio']);
  // Answers come back as they were given: these say nothing that is not in the content.
  message.ignore('annotations', 'parsed');
  return [
    ...decodeReasoningParts(message),
    ...assistantContent(message),
    ...decodeRefusal(message),
    ...decodeCalls(message, functionCalls),
  ];
}

function decodeRefusal(message: Fields): readonly AssistantPart[] {
  const text = message.text('refusal');
  if (text === undefined || text === '') return [];
  message.uses('refusal-history', 'refusal');
  return [{ type: 'refusal', text }];
}

function decodeToolResult(message: Fields): ToolResultPart {
  const toolCallId = message.requiredText('tool_call_id');
  // Some clients still send the tool's name, which the call has too.
  message.ignore('name');
  const cache = readCache(message);
  return { type: 'tool-result', toolCallId, content: toolContent(message), ...given({ cache }) };
}

function decodeFunctionResult(message: Fields, { functionCalls }: Conversation): ToolResultPart {
  const toolCallId = functionCalls.get(message.requiredText('name'));
  if (toolCallId === undefined) {
    throw message.invalid('name', 'must be the name of a function that the assistant called before');
  }
  const text = message.text('content') ?? '';
  return { type: 'tool-result', toolCallId, content: text === '' ? [] : [{ type: 'text', text }] };
}

/** A last message of the assistant is to be continued, unless it only waits for the results of its calls. */
function notePrefill(messages: readonly Message[], last: Fields | undefined): void {
  const ending = messages.at(-1);
  if (!last || ending?.role !== 'assistant') return;
  const isPrefill = !ending.content.some(({ type }) => type === 'tool-call');
  if (isPrefill) last.decoding.uses('prefill', last.path);
}
