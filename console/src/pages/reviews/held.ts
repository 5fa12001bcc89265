import type { Message } from '../requests/messages.ts';
import { isRecord } from '../../format/is-record.ts';

/** An answer that waits, as the gateway tells of it: what the model said, and the tools that it wants called. */
export interface Held {
  readonly text: string;
  readonly messages: readonly Message[];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown) => (Array.isArray(value) ? value.filter(isRecord) : []);

/** What was said, one message for each choice. */
export function readHeld(held: unknown): Held {
  if (!isRecord(held)) return { text: '', messages: [] };
  const texts = listOf(held['texts']);
  const calls = listOf(held['tool_calls']);
  const choices = [...new Set([...texts, ...calls].map((one) => Number(one['choice'] ?? 0)))].toSorted((a, b) => a - b);
  const messages = choices.map((choice): Message => {
    const isOf = (one: Readonly<Record<string, unknown>>) => Number(one['choice'] ?? 0) === choice;
    return {
      role: 'assistant',
      parts: [
        ...texts.filter(isOf).map((one) => ({ kind: 'text' as const, text: textOf(one['text']) })),
        ...calls.filter(isOf).map((one) => ({
          kind: 'tool-call' as const,
          id: undefined,
          name: textOf(one['name']),
          value: argumentsOf(one['arguments']),
        })),
      ],
    };
  });
  return { text: texts.map((one) => textOf(one['text'])).join('\n\n'), messages };
}

function argumentsOf(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
