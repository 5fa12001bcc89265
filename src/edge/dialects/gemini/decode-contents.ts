import type { Message, TextPart, UserPart } from '../../../core/inference/content.ts';
import type { Fields } from '../decoding/fields.ts';
import { invalidField } from '../read-fields.ts';
import { CallIds } from './call-ids.ts';
import { ModelTurn } from './decode-model-turn.ts';
import { decodeUserPart, kindOf } from './decode-parts.ts';
import { objectsOf } from './objects.ts';

/** `systemInstruction`, as the message that stands before all others. */
export function decodeSystem(body: Fields): Message[] {
  const instruction = body.object('systemInstruction');
  if (!instruction) return [];
  const content = objectsOf(instruction, 'parts').flatMap(decodeSystemPart);
  instruction.ignore('role');
  instruction.close();
  if (content.length === 0) return [];
  body.uses('system-prompt', 'systemInstruction');
  return [{ role: 'system', content }];
}

function decodeSystemPart(part: Fields): TextPart[] {
  const text = part.requiredText('text');
  part.ignore('thought', 'thoughtSignature');
  part.close();
  return text === '' ? [] : [{ type: 'text', text }];
}

/** @throws request_invalid, capability_unsupported */
export function decodeContents(body: Fields): Message[] {
  const ids = new CallIds();
  const messages: Message[] = [];
  let turn: ModelTurn | undefined;
  const contents = objectsOf(body, 'contents');
  for (const content of contents) {
    const role = content.oneOf('role', ['user', 'model', 'function']) ?? 'user';
    if (role === 'model') {
      turn ??= beginTurn(messages, ids);
      readModelParts(content, turn);
    } else {
      turn = undefined;
      addUser(messages, readUserParts(content, ids));
    }
    content.close();
  }
  if (turn) body.uses('prefill', `contents[${contents.length - 1}]`);
  // A model that said nothing, which other providers take for a mistake.
  return messages.filter(({ role, content }) => role !== 'assistant' || content.length > 0);
}

function beginTurn(messages: Message[], ids: CallIds): ModelTurn {
  const turn = new ModelTurn(ids);
  messages.push({ role: 'assistant', content: turn.content });
  return turn;
}

function readModelParts(content: Fields, turn: ModelTurn): void {
  for (const part of objectsOf(content, 'parts')) {
    const kind = kindOf(part) ?? 'text';
    if (kind !== 'text' && kind !== 'functionCall') {
      throw invalidField(part.path, `\`${part.path}\` is ${kind}, which belongs into content of the user.`);
    }
    turn.add(part, kind);
    part.close();
  }
}

function readUserParts(content: Fields, ids: CallIds): readonly UserPart[] {
  return objectsOf(content, 'parts').flatMap((part) => {
    const kind = kindOf(part);
    const decoded = kind === undefined ? [] : [decodeUserPart(part, kind, ids)];
    part.close();
    return decoded;
  });
}

/** Results that come in contents of their own still answer the same turn of the model, and stand first in theirs. */
function addUser(messages: Message[], content: readonly UserPart[]): void {
  const before = messages.at(-1);
  const joins = before?.role === 'user' && content.some(isToolResult);
  const all = joins ? [...before.content, ...content] : content;
  const results = all.filter(isToolResult);
  const ordered = results.length === 0 ? all : [...results, ...all.filter((part) => !isToolResult(part))];
  messages.splice(joins ? -1 : messages.length, joins ? 1 : 0, { role: 'user', content: ordered });
}

function isToolResult(part: UserPart): boolean {
  return part.type === 'tool-result';
}
