import type { Call } from '../../../core/call.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { canonicalForm } from './canonical.ts';
import { digest } from './digest.ts';
import { leftOutOf } from './left-out.ts';

/** A chat request as what its user asked last, and all that it is asked in. */
export interface SplitRequest {
  /** The text of the last message, which is the user's and has nothing but text. */
  readonly asked: string;
  /** 32 hex digits: everything else that changes the answer. */
  readonly context: string;
}

/**
 * Of a call that has a key: what cannot be read in one way has none.
 * @returns undefined where the last word is not a user's, is more than text, or the request cannot be compared
 */
export function splitRequest(call: Call): SplitRequest | undefined {
  if (call.operation !== 'chat') return undefined;
  const { resolved } = call.body;
  const halves = HALVES[call.dialect](resolved);
  if (!halves || halves.asked.trim() === '') return undefined;
  const context = canonicalForm(halves.rest, leftOutOf(call, resolved), call.body.digests);
  return context === undefined ? undefined : { asked: halves.asked, context: digest(context) };
}

interface Halves {
  readonly asked: string;
  /** The body with nothing where that text was. */
  readonly rest: JsonObject;
}

const HALVES: Readonly<Record<Call['dialect'], (body: JsonObject) => Halves | undefined>> = {
  openai: (body) => ofMessages(body, 'messages'),
  anthropic: (body) => ofMessages(body, 'messages'),
  responses: (body) =>
    typeof body['input'] === 'string'
      ? { asked: body['input'], rest: { ...body, input: [{ role: 'user', content: '' }] } }
      : ofMessages(body, 'input'),
  gemini: (body) => ofList(body, 'contents', (content) => isUsers(content, true) && ofMember(content, 'parts')),
};

function ofMessages(body: JsonObject, name: string): Halves | undefined {
  return ofList(body, name, (message) => isUsers(message, false) && ofMember(message, 'content'));
}

/** Gemini's clients may leave the role of a lone question out. */
function isUsers({ role, type }: JsonObject, mayLack: boolean): boolean {
  return (role === 'user' || (mayLack && role === undefined)) && (type === undefined || type === 'message');
}

function ofList(
  body: JsonObject,
  name: string,
  split: (last: JsonObject) => Halves | undefined | false,
): Halves | undefined {
  const list = body[name];
  if (!Array.isArray(list)) return undefined;
  const last = list.at(-1);
  const halves = isJsonObject(last) ? split(last) : undefined;
  return halves
    ? { asked: halves.asked, rest: { ...body, [name]: list.with(list.length - 1, halves.rest) } }
    : undefined;
}

function ofMember(message: JsonObject, name: string): Halves | undefined {
  const content = message[name];
  if (typeof content === 'string') return { asked: content, rest: { ...message, [name]: '' } };
  // Google takes one part where a list is expected.
  const parts = Array.isArray(content) ? content : [content];
  const texts: string[] = [];
  const rest: Json[] = [];
  for (const part of parts) {
    const text = isJsonObject(part) && isText(part) ? asString(part['text']) : undefined;
    if (text === undefined || !isJsonObject(part)) return undefined;
    texts.push(text);
    rest.push({ ...part, text: '' });
  }
  return texts.length === 0 ? undefined : { asked: texts.join('\n'), rest: { ...message, [name]: rest } };
}

/** What a part of text may have; where it has more, that is asked as well. */
const OF_TEXT: ReadonlySet<string> = new Set(['type', 'text', 'cache_control', 'prompt_cache_breakpoint']);

function isText(part: JsonObject): boolean {
  const { type } = part;
  if (type !== undefined && type !== 'text' && type !== 'input_text') return false;
  return Object.keys(part).every((name) => OF_TEXT.has(name));
}
