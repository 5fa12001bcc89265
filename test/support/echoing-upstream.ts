import {
  JSON_HEADERS,
  type ReceivedRequest,
  SSE_HEADERS,
  type Upstream,
  type UpstreamAnswer,
  startUpstream,
} from './upstream.ts';
import { claudeSays, gptSays } from './provider-answers.ts';
import { anthropicFrame, openAiFrame } from './wire-texts.ts';

/** What the stand-in says, whatever it is asked. */
export interface Echo {
  readonly text: string;
  /** Arguments of the tool that it calls. */
  readonly args: object;
}

/** How a model of the stand-in behaves, by its name. */
export const BEHAVIOURS = ['answers', 'refuses', 'denies', 'fails', 'breaks'] as const;
type Behaviour = (typeof BEHAVIOURS)[number];
type Api = 'openai' | 'responses' | 'anthropic' | 'gemini';

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const STATUS: Partial<Record<Behaviour, number>> = { refuses: 400, denies: 401, fails: 500 };

/**
 * Speaks four APIs: repeats a text in answers, tool calls, refusals, failures and errors in the middle of a stream.
 * The name of the model says what it does.
 */
export async function startEchoingUpstream(echo: Echo): Promise<Upstream> {
  const upstream = await startUpstream();
  upstream.answer((request) => answerOf(apiOf(request), behaviourOf(request), echo, request));
  return upstream;
}

function apiOf({ path }: ReceivedRequest): Api {
  if (path.includes('/chat/completions')) return 'openai';
  if (path.includes('/responses')) return 'responses';
  return path.includes('/messages') ? 'anthropic' : 'gemini';
}

function behaviourOf({ path, body }: ReceivedRequest): Behaviour {
  const asked = `${path} ${/"model":\s*"[^"]*"/.exec(body)?.[0] ?? ''}`;
  return BEHAVIOURS.find((one) => asked.includes(one)) ?? 'answers';
}

function answerOf(api: Api, behaviour: Behaviour, echo: Echo, request: ReceivedRequest): UpstreamAnswer {
  const status = STATUS[behaviour];
  if (status !== undefined) {
    return { status, headers: JSON_HEADERS, chunks: [JSON.stringify(refusal(api, status, echo))] };
  }
  const isStream = /"stream":\s*true/.test(request.body) || request.path.includes('streamGenerateContent');
  if (behaviour === 'breaks') return { headers: SSE_HEADERS, chunks: [beginning(api, echo), errorEvent(api, echo)] };
  if (api === 'openai' || api === 'anthropic') return said(api, echo)(request);
  const whole = api === 'responses' ? response(echo) : geminiAnswer(echo);
  if (!isStream) return { headers: JSON_HEADERS, chunks: [JSON.stringify(whole)] };
  const end =
    api === 'responses' ? sse({ type: 'response.completed', sequence_number: 2, response: whole }) : sse(whole);
  return { headers: SSE_HEADERS, chunks: [beginning(api, echo), end] };
}

function said(api: 'openai' | 'anthropic', { text, args }: Echo) {
  const parts = [{ text }, { call: 'call_1', name: 'send', args: JSON.stringify(args) }];
  if (api === 'openai') return gptSays({ parts, stop: 'tool_calls', usage: USAGE });
  return claudeSays({ parts, stop: 'tool_use', usage: { input_tokens: 10, output_tokens: 5 } });
}

function response({ text, args }: Echo): object {
  const content = [{ type: 'output_text', text, annotations: [] }];
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_741_570_283,
    status: 'completed',
    model: 'gpt-5-mini',
    output: [
      { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content },
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'send', arguments: JSON.stringify(args) },
    ],
    usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
  };
}

function geminiAnswer({ text, args }: Echo): object {
  const content = { role: 'model', parts: [{ text }, { functionCall: { name: 'send', args } }] };
  const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };
  return { candidates: [{ index: 0, content, finishReason: 'STOP' }], usageMetadata, modelVersion: 'gemini-3' };
}

function refusal(api: Api, status: number, { text, args }: Echo): object {
  const message = `${text} ${JSON.stringify(args)}`;
  if (api === 'anthropic') {
    return { type: 'error', error: { type: status < 500 ? 'invalid_request_error' : 'api_error', message } };
  }
  if (api === 'gemini') {
    return { error: { code: status, message, status: status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL' } };
  }
  return {
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', param: null, code: null },
  };
}

/** The first words of a stream. */
function beginning(api: Api, { text }: Echo): string {
  if (api === 'openai') return openAiFrame({ role: 'assistant', content: text });
  if (api === 'gemini') return sse({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] } }] });
  if (api === 'responses') {
    const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
    return sse({ type: 'response.output_text.delta', sequence_number: 1, ...place, delta: text });
  }
  return (
    anthropicFrame('message_start', { message: { id: 'msg_1', model: 'claude', usage: { input_tokens: 10 } } }) +
    anthropicFrame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
    anthropicFrame('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
  );
}

function errorEvent(api: Api, echo: Echo): string {
  const { text } = echo;
  if (api === 'anthropic') return anthropicFrame('error', { error: { type: 'overloaded_error', message: text } });
  if (api === 'responses')
    return sse({ type: 'error', sequence_number: 2, code: 'server_error', message: text, param: null });
  return sse(refusal(api, 500, echo));
}

/** With the event's name where it has one. */
function sse(data: object): string {
  const name = 'type' in data ? `event: ${String(data.type)}\n` : '';
  return `${name}data: ${JSON.stringify(data)}\n\n`;
}
