import { type Json, type JsonObject, isJsonObject, parseJson } from '../../src/core/json.ts';
import { JSON_HEADERS, type ReceivedRequest, SSE_HEADERS, type UpstreamAnswer, startUpstream } from './upstream.ts';
import { anthropicFrame } from './wire-texts.ts';

/** What the model says to one request. */
export interface GuardSaid {
  readonly text?: string;
  /** Arguments of a call of a tool, as JSON text. */
  readonly args?: string;
  readonly tool?: string;
  /** How many characters each piece of a stream has, over and over; 4 where absent. */
  readonly sizes?: readonly number[];
  /** What follows the last piece of a stream. */
  readonly ending?: UpstreamAnswer['ending'];
}

/** What is said depends on what was sent, and on how often it was asked before. */
type Says = GuardSaid | ((body: string, times: number) => GuardSaid);

export interface GuardUpstream {
  readonly url: string;
  /** What is said to requests that have this word in them. */
  say(word: string, says: Says): void;
  /** What models were sent with this word in it. */
  sent(word: string): readonly ReceivedRequest[];
  /** What judges were asked with this word in it. */
  asked(word: string): readonly string[];
  close(): Promise<void>;
}

/** A judge finds fault with a text that has these words. */
export const FAULT = 'nasty gremlins';

const WORD = /zq[a-p]+zq/;
let count = 0;

/** A word for one request of a test: nothing that a guard looks for, and in no other request. */
export function newWord(): string {
  count += 1;
  const letters = count.toString(16).padStart(5, '0');
  return `zq${letters.replaceAll(/./g, (digit) => 'abcdefghijklmnop'.charAt(Number.parseInt(digit, 16)))}zq`;
}

/**
 * Stands in for OpenAI, Anthropic and Google, for a moderation endpoint, and for judges, which are models with `judge` in
 * their names: those with `fails`, `hangs` or `babbles` as well do that.
 */
export async function startGuardUpstream(): Promise<GuardUpstream> {
  const upstream = await startUpstream();
  const says = new Map<string, Says>();
  const sent = new Map<string, ReceivedRequest[]>();
  const asked = new Map<string, string[]>();
  upstream.answer((request) => {
    const [word = ''] = WORD.exec(request.body) ?? [];
    const body = parseJson(request.body);
    const model = isJsonObject(body) && typeof body['model'] === 'string' ? body['model'] : '';
    if (request.path.endsWith('/moderations') || model.includes('judge')) {
      keep(asked, word, request.body);
      return judgement(request, model, isJsonObject(body) ? body['input'] : undefined);
    }
    const before = sent.get(word)?.length ?? 0;
    keep(sent, word, request);
    const said = says.get(word) ?? {};
    return answerTo(request, typeof said === 'function' ? said(request.body, before) : said);
  });
  return {
    url: upstream.url,
    say: (word, what) => void says.set(word, what),
    sent: (word) => sent.get(word) ?? [],
    asked: (word) => asked.get(word) ?? [],
    close: () => upstream.close(),
  };
}

function keep<T>(into: Map<string, T[]>, word: string, what: T): void {
  into.set(word, [...(into.get(word) ?? []), what]);
}

function judgement({ path, body }: ReceivedRequest, model: string, input: Json | undefined): UpstreamAnswer {
  if (model.includes('hangs')) return { headers: JSON_HEADERS, ending: 'stall' };
  if (model.includes('fails')) return { ...json({ error: { message: 'down' } }), status: 500 };
  const isBabble = model.includes('babbles');
  if (path.endsWith('/moderations')) {
    const texts = Array.isArray(input) ? input : [input];
    const results = texts.map((text) => {
      const violence = typeof text === 'string' && text.includes(FAULT) ? 0.99 : 0.01;
      return { flagged: violence > 0.5, categories: { violence: violence > 0.5 }, category_scores: { violence } };
    });
    return json({ id: 'modr-1', model, results: isBabble ? 'yes' : results });
  }
  const score = body.includes(FAULT) ? 0.99 : 0.01;
  const text = isBabble ? 'I would rather not say.' : JSON.stringify({ score, categories: { violence: score } });
  return chat({ text }, false);
}

function answerTo({ path, body }: ReceivedRequest, said: GuardSaid): UpstreamAnswer {
  const isStream = /"stream":\s*true/.test(body) || path.includes(':streamGenerateContent');
  if (path.includes('mbed')) return embedded(path, body);
  if (path.endsWith('/chat/completions')) return chat(said, isStream);
  if (path.endsWith('/completions')) return completion(said, isStream);
  if (path.endsWith('/responses')) return response(said, isStream);
  return path.includes('/messages') ? message(said, isStream) : gemini(said, isStream);
}

function json(body: object): UpstreamAnswer {
  return { headers: JSON_HEADERS, chunks: [JSON.stringify(body)] };
}

function stream(frames: readonly object[], { ending }: GuardSaid, last: readonly string[] = []): UpstreamAnswer {
  const chunks = frames.map((frame) => {
    const name = 'type' in frame ? `event: ${String(frame.type)}\n` : '';
    return `${name}data: ${JSON.stringify(frame)}\n\n`;
  });
  return ending === undefined || ending === 'end'
    ? { headers: SSE_HEADERS, chunks: [...chunks, ...last] }
    : { headers: SSE_HEADERS, chunks, ending };
}

/** Only whole characters: half of one is no text. */
function piecesOf(text: string, { sizes = [4] }: GuardSaid): string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < characters.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    pieces.push(characters.slice(at, at + size).join(''));
    at += size;
  }
  return pieces;
}

const called = (own: object) => ({ tool_calls: [{ index: 0, ...own }] });
const completed = (text: string, stop: string | null) => [{ index: 0, text, logprobs: null, finish_reason: stop }];
const part = (text: string) => ({ type: 'output_text', text, annotations: [] });
const candidate = (parts: readonly object[], own: object = {}) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...own }],
  modelVersion: 'gemini-2.5-flash',
});

/** @see https://platform.openai.com/docs/api-reference/chat (checked 2026-11-22) */
function chat(said: GuardSaid, isStream: boolean): UpstreamAnswer {
  const { text, args, tool = 'send' } = said;
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  const head = { id: 'chatcmpl-1', created: 1_741_570_283, model: 'gpt-5-mini' };
  const stop = args === undefined ? 'stop' : 'tool_calls';
  if (!isStream) {
    const calls = [{ id: 'call_1', type: 'function', function: { name: tool, arguments: args } }];
    const answer = { role: 'assistant', content: text ?? null, ...(args === undefined ? {} : { tool_calls: calls }) };
    const choices = [{ index: 0, message: answer, finish_reason: stop }];
    return json({ ...head, object: 'chat.completion', choices, usage });
  }
  const deltas: object[] = [
    { role: 'assistant', content: '' },
    ...piecesOf(text ?? '', said).map((content) => ({ content })),
    ...(args === undefined
      ? []
      : [called({ id: 'call_1', type: 'function', function: { name: tool, arguments: '' } })]),
    ...piecesOf(args ?? '', said).map((piece) => called({ function: { arguments: piece } })),
  ];
  const chunk = (choices: readonly object[], own: object = {}) => {
    return { ...head, object: 'chat.completion.chunk', choices, ...own };
  };
  const frames = deltas.map((delta) => chunk([{ index: 0, delta, finish_reason: null }]));
  if (said.ending === 'stall') return stream(frames, said);
  return stream([...frames, chunk([{ index: 0, delta: {}, finish_reason: stop }]), chunk([], { usage })], said, [
    'data: [DONE]\n\n',
  ]);
}

function completion(said: GuardSaid, isStream: boolean): UpstreamAnswer {
  const head = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'gpt-3.5-turbo-instruct' };
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  if (!isStream) return json({ ...head, choices: completed(said.text ?? '', 'stop'), usage });
  const frames = piecesOf(said.text ?? '', said).map((text) => ({ ...head, choices: completed(text, null) }));
  if (said.ending === 'stall') return stream(frames, said);
  return stream([...frames, { ...head, choices: completed('', 'stop') }, { ...head, choices: [], usage }], said, [
    'data: [DONE]\n\n',
  ]);
}

/** @see https://platform.openai.com/docs/api-reference/responses-streaming (checked 2026-11-22) */
function response(said: GuardSaid, isStream: boolean): UpstreamAnswer {
  const { text, args, tool = 'send' } = said;
  const content = [part(text ?? '')];
  const words = { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content };
  const call = {
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: tool,
    arguments: args ?? '',
    status: 'completed',
  };
  const output: JsonObject[] = [...(text === undefined ? [] : [words]), ...(args === undefined ? [] : [call])];
  const head = { id: 'resp_1', object: 'response', created_at: 1_741_570_283, model: 'gpt-5-mini' };
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  const whole = { ...head, status: 'completed', output, usage };
  if (!isStream) return json(whole);
  const frames: JsonObject[] = [
    { type: 'response.created', response: { ...head, status: 'in_progress', output: [] } },
    ...output.flatMap((item, at) => itemFrames(item, at, text ?? '', args ?? '', said)),
  ];
  if (said.ending !== 'stall') frames.push({ type: 'response.completed', response: whole });
  return stream(
    frames.map((frame, at) => ({ ...frame, sequence_number: at })),
    said,
  );
}

function itemFrames(item: JsonObject, at: number, text: string, args: string, said: GuardSaid): JsonObject[] {
  const place = { item_id: item['id'] ?? '', output_index: at };
  const done = { type: 'response.output_item.done', output_index: at, item };
  const begun = (own: JsonObject): JsonObject => {
    return {
      type: 'response.output_item.added',
      output_index: at,
      item: { ...item, ...own, status: 'in_progress' },
    };
  };
  if (item['type'] === 'function_call') {
    const deltas = piecesOf(args, said).map((delta) => ({
      type: 'response.function_call_arguments.delta',
      ...place,
      delta,
    }));
    const end = { type: 'response.function_call_arguments.done', ...place, arguments: args };
    return [begun({ arguments: '' }), ...deltas, ...(said.ending === 'stall' ? [] : [end, done])];
  }
  const deltas = piecesOf(text, said).map((delta) => {
    return { type: 'response.output_text.delta', ...place, content_index: 0, delta };
  });
  const frames: JsonObject[] = [
    begun({ content: [] }),
    { type: 'response.content_part.added', ...place, content_index: 0, part: part('') },
    ...deltas,
  ];
  if (said.ending === 'stall') return frames;
  return [
    ...frames,
    { type: 'response.output_text.done', ...place, content_index: 0, text },
    { type: 'response.content_part.done', ...place, content_index: 0, part: part(text) },
    done,
  ];
}

/** @see https://platform.claude.com/docs/en/build-with-claude/streaming (checked 2026-11-22) */
function message(said: GuardSaid, isStream: boolean): UpstreamAnswer {
  const { text, args, tool = 'send' } = said;
  const usage = { input_tokens: 10, output_tokens: 5 };
  const stop = args === undefined ? 'end_turn' : 'tool_use';
  const head = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-haiku-4-5', stop_sequence: null };
  const call = (input: Json | undefined) => ({ type: 'tool_use', id: 'toolu_1', name: tool, input: input ?? {} });
  if (!isStream) {
    const texts = text === undefined ? [] : [{ type: 'text', text }];
    const content = [...texts, ...(args === undefined ? [] : [call(parseJson(args))])];
    return json({ ...head, content, stop_reason: stop, usage });
  }
  const blocks = [
    ...(text === undefined
      ? []
      : [
          {
            start: { type: 'text', text: '' },
            deltas: piecesOf(text, said).map((piece): object => ({ type: 'text_delta', text: piece })),
          },
        ]),
    ...(args === undefined
      ? []
      : [
          {
            start: call({}),
            deltas: piecesOf(args, said).map((piece): object => ({ type: 'input_json_delta', partial_json: piece })),
          },
        ]),
  ];
  const started = { ...head, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  const chunks = [
    anthropicFrame('message_start', { message: started }),
    ...blocks.flatMap(({ start, deltas }, index) => [
      anthropicFrame('content_block_start', { index, content_block: start }),
      ...deltas.map((delta) => anthropicFrame('content_block_delta', { index, delta })),
      ...(said.ending === 'stall' ? [] : [anthropicFrame('content_block_stop', { index })]),
    ]),
  ];
  if (said.ending === 'stall') return { headers: SSE_HEADERS, chunks, ending: 'stall' };
  const delta = { stop_reason: stop, stop_sequence: null };
  const end = [anthropicFrame('message_delta', { delta, usage }), anthropicFrame('message_stop', {})];
  return { headers: SSE_HEADERS, chunks: [...chunks, ...end] };
}

/** @see https://ai.google.dev/api/generate-content (checked 2026-11-22) */
function gemini(said: GuardSaid, isStream: boolean): UpstreamAnswer {
  const { text, args, tool = 'send' } = said;
  const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };
  const call = args === undefined ? [] : [{ functionCall: { name: tool, args: parseJson(args) ?? {} } }];
  const end = { finishReason: 'STOP' };
  if (!isStream) {
    return json({ ...candidate([...(text === undefined ? [] : [{ text }]), ...call], end), usageMetadata });
  }
  const frames = piecesOf(text ?? '', said).map((piece) => candidate([{ text: piece }]));
  if (said.ending === 'stall') return stream([...frames, ...(call.length > 0 ? [candidate(call)] : [])], said);
  return stream([...frames, { ...candidate(call.length > 0 ? call : [{ text: '' }], end), usageMetadata }], said);
}

function embedded(path: string, body: string): UpstreamAnswer {
  const asked = parseJson(body);
  const inputs = isJsonObject(asked) ? (asked['input'] ?? asked['requests']) : undefined;
  const many = Array.isArray(inputs) ? inputs : [inputs];
  if (path.includes(':batchEmbed')) return json({ embeddings: many.map(() => ({ values: [0.1, 0.2] })) });
  if (path.includes(':embed')) return json({ embedding: { values: [0.1, 0.2] } });
  const data = many.map((_, index) => ({ object: 'embedding', index, embedding: [0.1, 0.2] }));
  const usage = { prompt_tokens: 3, total_tokens: 3 };
  return json({ object: 'list', data, model: 'text-embedding-3-small', usage });
}
