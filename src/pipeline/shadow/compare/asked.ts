import type { Call } from '../../../core/call.ts';
import type { Message } from '../../../core/inference/content.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import { type Json, isJsonObject, parseJson } from '../../../core/json.ts';

/** What of a request its answers are held to. */
export interface Asked {
  /** Undefined where no form was asked for. */
  readonly format: NonNullable<InferenceRequest['responseFormat']> | undefined;
  /** The last turns, for a judge. */
  readonly conversation: string;
}

const LAST_TURNS = 8;
const MOST_CHARS = 16_000;

/** Undefined where the request is in no form that is read here. */
export function askedOf(call: Pick<Call, 'inference'>): Asked | undefined {
  try {
    const { messages, responseFormat } = call.inference;
    return { format: responseFormat, conversation: conversationOf(messages) };
  } catch {
    return undefined;
  }
}

function conversationOf(messages: readonly Message[]): string {
  const turns = messages.filter(({ role }) => role !== 'system').slice(-LAST_TURNS);
  const said = turns.map(({ role, content }) => {
    const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : [`(${part.type})`]));
    return `${role}: ${texts.join('\n')}`;
  });
  const whole = said.join('\n\n');
  // What was said last is what is answered.
  return whole.length <= MOST_CHARS ? whole : `…${whole.slice(-MOST_CHARS)}`;
}

/** Whether an answer has the form that was asked for: JSON, and what a schema says of its outermost value. */
export function hasFormat(text: string, format: NonNullable<Asked['format']>): boolean {
  const value = parseJson(text);
  if (value === undefined) return false;
  if (format.type === 'json') return isJsonObject(value);
  const { type, required } = format.schema;
  if (type === 'object' && !isJsonObject(value)) return false;
  if (type === 'array' && !Array.isArray(value)) return false;
  return !isJsonObject(value) || namesIn(required).every((name) => value[name] !== undefined);
}

function namesIn(required: Json | undefined): readonly string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}
