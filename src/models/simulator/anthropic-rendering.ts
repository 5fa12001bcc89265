import { type JsonObject, parseJson } from '../../core/json.ts';
import type { AnswerPart, Choice, Finish } from './answer.ts';
import { type Frame, FrameList, type Rendering } from './rendering.ts';

const STOP_REASONS: Record<Finish, string> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
};

const NO_CHOICE: Choice = { parts: [], finish: 'stop', stopSequence: undefined };

function choiceOf({ answer }: Rendering): Choice {
  const choice = answer.choices[0] ?? NO_CHOICE;
  // An empty text is no block at all.
  return { ...choice, parts: choice.parts.filter(({ kind, tokens }) => kind === 'tool-call' || tokens.length > 0) };
}

/** A whole message. @see https://docs.anthropic.com/en/api/messages (checked 2026-11-21) */
export function renderAnthropicWhole(rendering: Rendering): string {
  const { parts, finish, stopSequence } = choiceOf(rendering);
  const { answer } = rendering;
  return JSON.stringify({
    ...openMessage(rendering),
    content: parts.map((part, at) => blockOf(part, at, rendering.idLetters)),
    stop_reason: STOP_REASONS[finish],
    stop_sequence: stopSequence ?? null,
    usage: { ...inputUsage(rendering), ...outputUsage(rendering, answer.outputTokens), service_tier: 'standard' },
  });
}

function openMessage({ idLetters, prompt }: Rendering): JsonObject {
  return {
    model: prompt.model,
    id: `msg_01${idLetters.slice(0, 22)}`,
    type: 'message',
    role: 'assistant',
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

/** Cached tokens stand beside `input_tokens`, not in it. */
function inputUsage({ prompt, cached }: Rendering): JsonObject {
  const { read, written5m, written1h } = cached;
  return {
    input_tokens: prompt.tokens - read - written5m - written1h,
    cache_creation_input_tokens: written5m + written1h,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: written5m, ephemeral_1h_input_tokens: written1h },
  };
}

function outputUsage({ answer }: Rendering, outputTokens: number): JsonObject {
  const { reasoningTokens } = answer;
  const details = reasoningTokens > 0 ? { output_tokens_details: { thinking_tokens: reasoningTokens } } : {};
  return { output_tokens: outputTokens, ...details };
}

function blockOf(part: AnswerPart, at: number, letters: string): JsonObject {
  const text = part.tokens.join('');
  if (part.kind === 'text') return { type: 'text', text };
  if (part.kind === 'thinking') return { type: 'thinking', thinking: text, signature: signatureOf(letters) };
  // Arguments that the token limit cut off are not JSON, and the whole form has no way to show them.
  return { type: 'tool_use', id: toolUseId(letters, at), name: part.name, input: parseJson(text) ?? {} };
}

function toolUseId(letters: string, at: number): string {
  return `toolu_01${letters.slice(0, 20)}${at.toString(36).padStart(2, '0')}`;
}

/** Opaque to clients, who have to send it back. */
function signatureOf(letters: string): string {
  return Buffer.from(`simulated:${letters}`).toString('base64');
}

/** The events of a stream, from `message_start` to `message_stop`. */
export function renderAnthropicStream(rendering: Rendering): Frame[] {
  const { parts, finish, stopSequence } = choiceOf(rendering);
  const { cache_creation: byLifetime, ...input } = inputUsage(rendering);
  const opening = { ...input, cache_creation: byLifetime, output_tokens: 1, service_tier: 'standard' };
  const list = new FrameList();
  list.add(frame({ type: 'message_start', message: { ...openMessage(rendering), usage: opening } }));
  parts.forEach((part, index) => addBlock(list, part, index, rendering.idLetters));
  list.close();
  const usage = { ...input, ...outputUsage(rendering, rendering.answer.outputTokens) };
  const end = { stop_reason: STOP_REASONS[finish], stop_sequence: stopSequence ?? null };
  list.add(frame({ type: 'message_delta', delta: end, usage }));
  list.add(frame({ type: 'message_stop' }));
  return list.frames;
}

function addBlock(list: FrameList, part: AnswerPart, index: number, letters: string): void {
  const [type, field] = DELTAS[part.kind];
  list.add(frame({ type: 'content_block_start', index, content_block: openBlock(part, index, letters) }));
  if (index === 0) list.add(frame({ type: 'ping' }));
  if (part.kind === 'tool-call') list.say(delta(index, type, field, ''));
  for (const token of part.tokens) list.say(delta(index, type, field, token));
  if (part.kind === 'thinking') list.add(delta(index, 'signature_delta', 'signature', signatureOf(letters)));
  list.add(frame({ type: 'content_block_stop', index }));
}

const DELTAS = {
  text: ['text_delta', 'text'],
  thinking: ['thinking_delta', 'thinking'],
  'tool-call': ['input_json_delta', 'partial_json'],
} as const;

function frame(event: JsonObject & { type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** By hand, since there is one for each token. */
function delta(index: number, type: string, field: string, text: string): string {
  return (
    `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},` +
    `"delta":{"type":"${type}","${field}":${JSON.stringify(text)}}}\n\n`
  );
}

function openBlock(part: AnswerPart, at: number, letters: string): JsonObject {
  if (part.kind === 'text') return { type: 'text', text: '' };
  if (part.kind === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  return { type: 'tool_use', id: toolUseId(letters, at), name: part.name, input: {} };
}
