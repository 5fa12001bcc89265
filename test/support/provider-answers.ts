import { parseExact } from '../../src/core/inference/exact-json.ts';
import { isJsonObject, parseJson } from '../../src/core/json.ts';
import { JSON_HEADERS, type ReceivedRequest, SSE_HEADERS, type UpstreamAnswer } from './upstream.ts';
import { anthropicFrame } from './wire-texts.ts';

/** One part of what a model says. */
export type SaidPart =
  | { readonly text: string }
  /** Without a signature: as OpenAI-shaped servers give it. */
  | { readonly thinking: string; readonly signature?: string }
  | { readonly redacted: string }
  | { readonly refusal: string }
  | { readonly call: string; readonly name: string; readonly args: string };

/** One answer of a model, to be written in the documented form of any provider. */
export interface Said {
  readonly parts: readonly SaidPart[];
  /** The provider's own word. */
  readonly stop: string;
  /** The provider's own object. */
  readonly usage: object;
}

type Answering = (request: Pick<ReceivedRequest, 'body'>) => UpstreamAnswer;

/**
 * Answers as Anthropic does, streamed where the request asks for it: the first request gets the first answer, and so on.
 * @see https://platform.claude.com/docs/en/api/messages, https://platform.claude.com/docs/en/build-with-claude/streaming (checked 2026-11-21)
 */
export function claudeSays(...answers: readonly Said[]): Answering {
  return inTurn(answers, (said, isStream) => (isStream ? anthropicStream(said) : anthropicWhole(said)));
}

/**
 * Answers as OpenAI-shaped servers do. Several answers to one request (`n`) are a list.
 * @see https://platform.openai.com/docs/api-reference/chat, https://platform.openai.com/docs/api-reference/chat-streaming (checked 2026-11-21)
 */
export function gptSays(...answers: readonly Said[]): Answering {
  return inTurn(answers, (said, isStream) => (isStream ? openAiStream(said) : openAiWhole(said)));
}

/** The last answer is given again to whoever asks once more. */
function inTurn(answers: readonly Said[], write: (said: Said, isStream: boolean) => UpstreamAnswer): Answering {
  let at = 0;
  return ({ body }) => {
    const said = answers[Math.min(at, answers.length - 1)];
    at += 1;
    const json = parseJson(body);
    if (!said) throw new Error('nothing to say');
    return write(said, isJsonObject(json) && json['stream'] === true);
  };
}

const CLAUDE = 'claude-sonnet-4-6';
const GPT = 'gpt-5-mini-2025-08-07';

function anthropicMessage(content: readonly object[], stop: string | null, usage: object): object {
  const head = { id: 'msg_01XFDUDYJgAACzvnptvVoYEL', type: 'message', role: 'assistant', model: CLAUDE };
  return { ...head, content, stop_reason: stop, stop_sequence: null, usage };
}

function anthropicWhole({ parts, stop, usage }: Said): UpstreamAnswer {
  return wholeAnswer(anthropicMessage(parts.map(anthropicBlock), stop, usage), 'request-id');
}

function anthropicBlock(part: SaidPart): object {
  if ('text' in part) return { type: 'text', text: part.text };
  if ('thinking' in part) return { type: 'thinking', thinking: part.thinking, signature: part.signature ?? '' };
  if ('redacted' in part) return { type: 'redacted_thinking', data: part.redacted };
  if ('refusal' in part) return { type: 'text', text: part.refusal };
  return { type: 'tool_use', id: part.call, name: part.name, input: parseExact(part.args || '{}') };
}

/** The input's tokens stand in the first event, and all of them in the last but one. */
function anthropicStream({ parts, stop, usage }: Said): UpstreamAnswer {
  const frames = [
    anthropicFrame('message_start', { message: anthropicMessage([], null, { ...usage, output_tokens: 1 }) }),
    anthropicFrame('ping', {}),
    ...parts.flatMap(anthropicBlockFrames),
    anthropicFrame('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage }),
    anthropicFrame('message_stop', {}),
  ];
  return { headers: { ...SSE_HEADERS, 'request-id': 'req_1' }, chunks: frames };
}

function anthropicBlockFrames(part: SaidPart, index: number): string[] {
  return [
    anthropicFrame('content_block_start', { index, content_block: emptyBlock(part) }),
    ...anthropicDeltas(part).map((delta) => anthropicFrame('content_block_delta', { index, delta })),
    anthropicFrame('content_block_stop', { index }),
  ];
}

function emptyBlock(part: SaidPart): object {
  if ('thinking' in part) return { type: 'thinking', thinking: '', signature: '' };
  if ('redacted' in part) return anthropicBlock(part);
  if ('call' in part) return { type: 'tool_use', id: part.call, name: part.name, input: {} };
  return { type: 'text', text: '' };
}

function anthropicDeltas(part: SaidPart): object[] {
  if ('redacted' in part) return [];
  if ('thinking' in part) {
    const thinking = piecesOf(part.thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece }));
    return part.signature === undefined
      ? thinking
      : [...thinking, { type: 'signature_delta', signature: part.signature }];
  }
  if ('call' in part) {
    return ['', ...piecesOf(part.args)].map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
  }
  const text = 'text' in part ? part.text : part.refusal;
  return piecesOf(text).map((piece) => ({ type: 'text_delta', text: piece }));
}

function openAiWhole({ parts, stop, usage }: Said): UpstreamAnswer {
  const joined = (pick: (part: SaidPart) => string[]): string | null => parts.flatMap(pick).join('') || null;
  const reasoning = joined((part) => ('thinking' in part ? [part.thinking] : []));
  const calls = parts.flatMap((part) => ('call' in part ? [openAiCall(part)] : []));
  const message = {
    role: 'assistant',
    content: joined((part) => ('text' in part ? [part.text] : [])),
    refusal: joined((part) => ('refusal' in part ? [part.refusal] : [])),
    ...(reasoning === null ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    annotations: [],
  };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: stop }];
  return wholeAnswer({ ...openAiHead('chat.completion'), choices, usage }, 'x-request-id');
}

function openAiHead(object: string): object {
  return { id: 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG', object, created: 1_741_570_283, model: GPT };
}

function openAiCall({ call, name, args }: Extract<SaidPart, { call: string }>): object {
  return { id: call, type: 'function', function: { name, arguments: args } };
}

/** The frame with the usage comes only where it is asked for, as it is by the gateway. */
function openAiStream({ parts, stop, usage }: Said): UpstreamAnswer {
  let calls = 0;
  const deltas = parts.flatMap((part): object[] => {
    if ('text' in part) return piecesOf(part.text).map((content) => ({ content }));
    if ('thinking' in part) return piecesOf(part.thinking).map((reasoning_content) => ({ reasoning_content }));
    if ('refusal' in part) return piecesOf(part.refusal).map((refusal) => ({ refusal }));
    if ('redacted' in part) throw new Error('this API has no sealed reasoning');
    const index = calls;
    calls += 1;
    const first = { index, ...openAiCall({ ...part, args: '' }) };
    const more = piecesOf(part.args).map((piece) => ({ index, function: { arguments: piece } }));
    return [first, ...more].map((call) => ({ tool_calls: [call] }));
  });
  const frames = [
    openAiChunk([{ index: 0, delta: { role: 'assistant', content: '', refusal: null }, finish_reason: null }]),
    ...deltas.map((delta) => openAiChunk([{ index: 0, delta, logprobs: null, finish_reason: null }])),
    openAiChunk([{ index: 0, delta: {}, logprobs: null, finish_reason: stop }]),
    openAiChunk([], usage),
    'data: [DONE]\n\n',
  ];
  return { headers: { ...SSE_HEADERS, 'x-request-id': 'req_1' }, chunks: frames };
}

function openAiChunk(choices: readonly object[], usage: object | null = null): string {
  return `data: ${JSON.stringify({ ...openAiHead('chat.completion.chunk'), choices, usage })}\n\n`;
}

function wholeAnswer(body: object, idHeader: string): UpstreamAnswer {
  return { headers: { ...JSON_HEADERS, [idHeader]: 'req_1' }, chunks: [JSON.stringify(body)] };
}

/** In three, at places that fall inside words and numbers. */
function piecesOf(text: string): string[] {
  const size = Math.max(1, Math.ceil(text.length / 3));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
}
