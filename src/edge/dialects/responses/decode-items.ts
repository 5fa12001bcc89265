import type {
  AssistantPart,
  Message,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
} from '../../../core/inference/content.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { parseArguments } from '../../../core/inference/tool-arguments.ts';
import { invalidField } from '../read-fields.ts';
import { type Fields } from '../decoding/fields.ts';
import { assistantContent, resultContent, systemContent, userContent } from './decode-content.ts';
import { LEFT_OUT, REFUSED, UNKNOWN_ITEM } from './left-out.ts';
import { unsealReasoning } from './sealed-reasoning.ts';

const ROLES = ['developer', 'system', 'user', 'assistant'] as const;

/** Puts items together to turns: what the assistant says in one go is one, and so are the results that follow. */
class Turns {
  readonly messages: Message[] = [];
  #said: AssistantPart[] | undefined;
  #results: ToolResultPart[] | undefined;

  get begun(): boolean {
    return this.messages.some(({ role }) => role !== 'system');
  }

  add(message: Message): void {
    this.#said = undefined;
    this.#results = undefined;
    this.messages.push(message);
  }

  say(parts: readonly AssistantPart[]): void {
    if (parts.length === 0) return;
    let said = this.#said;
    if (!said) {
      said = [];
      this.add({ role: 'assistant', content: said });
      this.#said = said;
    }
    said.push(...parts);
  }

  answer(result: ToolResultPart): void {
    let results = this.#results;
    if (!results) {
      results = [];
      this.add({ role: 'user', content: results });
      this.#results = results;
    }
    results.push(result);
  }
}

/**
 * `instructions` and `input` as one conversation.
 * @see https://platform.openai.com/docs/api-reference/responses/create#responses-create-input (checked 2026-11-21)
 */
export function decodeInput(body: Fields): readonly Message[] {
  const turns = new Turns();
  addInstructions(body, turns);
  const input = body.raw('input');
  if (typeof input === 'string') {
    turns.add({ role: 'user', content: [{ type: 'text', text: input }] });
    return turns.messages;
  }
  const items = body.objects('input');
  for (const item of items) {
    addItem(item, turns);
    item.close();
  }
  notePrefill(turns.messages, items.at(-1));
  return turns.messages;
}

function addInstructions(body: Fields, turns: Turns): void {
  const text = body.text('instructions');
  if (text === undefined || text === '') return;
  body.uses('system-prompt', 'instructions');
  turns.add({ role: 'system', content: [{ type: 'text', text }] });
}

function addItem(item: Fields, turns: Turns): void {
  const type = typeOf(item);
  // What an item is called and how far it came says nothing to another model.
  item.ignore('id', 'status');
  switch (type) {
    case 'message':
      return addMessage(item, turns);
    case 'function_call':
      return turns.say([decodeCall(item)]);
    case 'function_call_output':
      return turns.answer(decodeResult(item));
    case 'reasoning':
      return turns.say(decodeReasoning(item));
    case 'item_reference':
      throw invalidField(item.path, `\`${item.path}\` ${REFUSED['input[item_reference]']}.`);
    default:
      throw refusedField(item.at('type'), UNKNOWN_ITEM);
  }
}

/** Messages may leave their type out, and so may references, which have an id alone. */
function typeOf(item: Fields): string {
  const type = item.text('type');
  return type ?? (item.has('role') ? 'message' : 'item_reference');
}

function addMessage(message: Fields, turns: Turns): void {
  const role = message.requiredOneOf('role', ROLES);
  message.leaveOut('phase', LEFT_OUT['input[].phase']);
  if (role === 'assistant') turns.say(assistantContent(message));
  else if (role === 'user') turns.add({ role, content: userContent(message) });
  else {
    message.decoding.uses(turns.begun ? 'system-mid-conversation' : 'system-prompt', message.path);
    turns.add({ role: 'system', content: systemContent(message) });
  }
}

function decodeCall(call: Fields): ToolCallPart {
  const id = call.requiredName('call_id');
  call.uses('tool-call-id', 'call_id');
  const name = call.requiredName('name');
  const argumentsText = call.text('arguments') ?? '';
  if (!parseArguments(argumentsText).exact) call.uses('tool-arguments-not-json', 'arguments');
  // The SDK's helpers leave it on the calls that they parsed.
  call.ignore('parsed_arguments');
  leaveOutCaller(call);
  call.leaveOut('namespace', LEFT_OUT['input[].namespace']);
  return { type: 'tool-call', id, name, argumentsText };
}

function decodeResult(item: Fields): ToolResultPart {
  const toolCallId = item.requiredName('call_id');
  // The call has them too.
  item.ignore('name', 'namespace');
  leaveOutCaller(item);
  return { type: 'tool-result', toolCallId, content: resultContent(item) };
}

function leaveOutCaller(item: Fields): void {
  const caller = item.object('caller');
  if (caller && caller.text('type') !== 'direct') item.note('caller', LEFT_OUT['input[].caller']);
}

/** The text where the server shows it, else its summary; nothing of an item that has neither these nor a proof. */
function decodeReasoning(item: Fields): readonly ReasoningPart[] {
  const shown = textOf(item.objects('content'), '');
  const summary = textOf(item.objects('summary'), '\n\n');
  const text = shown === '' ? summary : shown;
  const { signature, redacted } = unsealReasoning(item.text('encrypted_content'));
  if (signature !== undefined) item.uses('reasoning-signature', 'encrypted_content');
  if (redacted !== undefined) item.uses('redacted-reasoning', 'encrypted_content');
  if (text !== '' || signature !== undefined || redacted !== undefined) {
    item.decoding.uses('reasoning-history', item.path);
  }
  if (signature !== undefined) return [{ type: 'reasoning', text, signature }];
  const said: ReasoningPart[] = text === '' ? [] : [{ type: 'reasoning', text }];
  return redacted === undefined ? said : [...said, { type: 'reasoning', text: '', redacted }];
}

function textOf(parts: readonly Fields[], between: string): string {
  return parts
    .map((part) => {
      const text = part.requiredText('text');
      part.ignore('type');
      part.close();
      return text;
    })
    .join(between);
}

/** A last turn of the assistant is to be continued, unless it only waits for the results of its calls. */
function notePrefill(messages: readonly Message[], last: Fields | undefined): void {
  const ending = messages.at(-1);
  if (!last || ending?.role !== 'assistant') return;
  const isPrefill = !ending.content.some(({ type }) => type === 'tool-call');
  if (isPrefill) last.decoding.uses('prefill', last.path);
}
