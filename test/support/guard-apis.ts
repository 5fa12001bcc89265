import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../src/core/json.ts';
import type { Place } from '../../src/core/screening.ts';

/** The texts of a request; what is left out is not there. */
export interface GuardTexts {
  readonly user: string;
  readonly system?: string | undefined;
  /** A value in the arguments of an earlier call of a tool. */
  readonly argument?: Json | undefined;
  /** What that call brought. */
  readonly result?: string | undefined;
  readonly retrieved?: string | undefined;
  /** The answer has to be as this says. */
  readonly schema?: JsonObject | undefined;
}

/** What a client reads, in no dialect. */
export interface GuardAnswer {
  readonly status: number;
  readonly id: string | null;
  /** As it came. */
  readonly raw: string;
  readonly headers: Headers;
  readonly text: string;
  readonly refusal: string;
  /** Arguments of calls, as values. */
  readonly calls: readonly (Json | undefined)[];
  readonly stop: string | undefined;
  readonly error: { readonly type: string | undefined; readonly message: string } | undefined;
}

type Parts = Pick<GuardAnswer, 'text' | 'refusal' | 'calls' | 'stop'>;

/** One way to ask for an answer. */
export interface GuardApi {
  readonly name: string;
  readonly isStream: boolean;
  /** The end of the names of the models behind it. */
  readonly models: string;
  /** Where its requests have texts. */
  readonly places: readonly Exclude<Place, 'output'>[];
  /** Where its answers have some. */
  readonly answers: readonly ('output' | 'tool-arguments')[];
  /** The dialect's own word for an answer that is blocked. */
  readonly blocked: string | undefined;
  /** The dialect's word for a request that is refused. */
  readonly refused: string;
  readonly failed: string;
  request(model: string, texts: GuardTexts): { readonly path: string; readonly body: JsonObject };
  read(raw: string): Parts;
}

const CHAT_PLACES = ['input', 'tool-results', 'tool-arguments'] as const;
const BOTH = ['output', 'tool-arguments'] as const;
const PARAMETERS = { type: 'object', properties: { value: {} } };
const TOOL = { name: 'send', description: 'Sends.', parameters: PARAMETERS };

/** The objects of a stream of events, or the one body. */
function objectsIn(raw: string): JsonObject[] {
  if (raw.trimStart().startsWith('{')) return [parseJson(raw)].filter((one) => isJsonObject(one));
  return raw.split(/\r?\n/).flatMap((line) => {
    const json = line.startsWith('data: ') ? parseJson(line.slice(6)) : undefined;
    return isJsonObject(json) ? [json] : [];
  });
}

const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const text = (value: Json | undefined): string => asString(value) ?? '';
const parsed = (pieces: Iterable<string>): (Json | undefined)[] => [...pieces].map((piece) => parseJson(piece || '{}'));

function hasTurn({ argument, result }: GuardTexts): boolean {
  return argument !== undefined || result !== undefined;
}

const FIRST = 'Go on.';

function chatRequest(model: string, texts: GuardTexts, isStream: boolean): JsonObject {
  const { user, system, argument = 'x', result = 'done', schema } = texts;
  const call = {
    id: 'c1',
    type: 'function',
    function: { name: 'send', arguments: JSON.stringify({ value: argument }) },
  };
  return {
    model,
    ...(isStream ? { stream: true, stream_options: { include_usage: true } } : {}),
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      ...(hasTurn(texts)
        ? [
            { role: 'user', content: FIRST },
            { role: 'assistant', content: null, tool_calls: [call] },
            { role: 'tool', tool_call_id: 'c1', content: result },
          ]
        : []),
      { role: 'user', content: user },
    ],
    tools: [{ type: 'function', function: TOOL }],
    ...(schema ? { response_format: { type: 'json_schema', json_schema: { name: 's', schema } } } : {}),
  };
}

function readChat(raw: string): Parts {
  const said = { text: '', refusal: '' };
  const calls = new Map<string, string>();
  let stop: string | undefined;
  for (const frame of objectsIn(raw)) {
    for (const choice of list(frame['choices'])) {
      const delta = object(choice['message'] ?? choice['delta']);
      said.text += text(delta['content']) + text(choice['text']);
      said.refusal += text(delta['refusal']);
      for (const [at, call] of list(delta['tool_calls']).entries()) {
        const key = String(call['index'] ?? at);
        calls.set(key, (calls.get(key) ?? '') + text(object(call['function'])['arguments']));
      }
      stop = asString(choice['finish_reason']) ?? stop;
    }
  }
  return { ...said, calls: parsed(calls.values()), stop };
}

function responsesRequest(model: string, texts: GuardTexts, isStream: boolean): JsonObject {
  const { user, system, argument = 'x', result = 'done', retrieved, schema } = texts;
  const found = { filename: 'a.txt', score: 0.5, text: retrieved ?? '' };
  return {
    model,
    store: false,
    ...(isStream ? { stream: true } : {}),
    ...(system === undefined ? {} : { instructions: system }),
    input: [
      ...(retrieved === undefined
        ? []
        : [{ type: 'file_search_call', id: 's1', status: 'completed', queries: ['q'], results: [found] }]),
      ...(hasTurn(texts)
        ? [
            { role: 'user', content: FIRST },
            { type: 'function_call', call_id: 'c1', name: 'send', arguments: JSON.stringify({ value: argument }) },
            { type: 'function_call_output', call_id: 'c1', output: result },
          ]
        : []),
      { role: 'user', content: [{ type: 'input_text', text: user }] },
    ],
    tools: [{ type: 'function', ...TOOL, strict: false }],
    ...(schema ? { text: { format: { type: 'json_schema', name: 's', schema } } } : {}),
  };
}

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** The text as it streamed, the rest as the last event has it. */
function readResponses(raw: string): Parts {
  const frames = objectsIn(raw);
  const isStream = !raw.trimStart().startsWith('{');
  const last = isStream ? object(frames.find(({ type }) => TERMINAL.has(text(type)))?.['response']) : frames[0];
  const parts = list(last?.['output']).flatMap(({ content }) => list(content));
  const deltas = (type: string) => frames.filter((frame) => frame['type'] === type).map(({ delta }) => text(delta));
  const calls = list(last?.['output']).filter(({ type }) => type === 'function_call');
  const reason = asString(object(last?.['incomplete_details'])['reason']);
  return {
    text: isStream
      ? deltas('response.output_text.delta').join('')
      : parts.map((part) => (part['type'] === 'output_text' ? text(part['text']) : '')).join(''),
    refusal: parts.map((part) => text(part['refusal'])).join(''),
    calls: parsed(calls.map((call) => text(call['arguments']))),
    stop: reason ?? asString(last?.['status']),
  };
}

function messagesRequest(model: string, texts: GuardTexts, isStream: boolean): JsonObject {
  const { user, system, argument = 'x', result = 'done', retrieved, schema } = texts;
  const source = { type: 'text', media_type: 'text/plain', data: retrieved ?? '' };
  return {
    model,
    max_tokens: 100,
    ...(isStream ? { stream: true } : {}),
    ...(system === undefined ? {} : { system }),
    messages: [
      ...(hasTurn(texts)
        ? [
            { role: 'user', content: FIRST },
            { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'send', input: { value: argument } }] },
          ]
        : []),
      {
        role: 'user',
        content: [
          ...(hasTurn(texts) ? [{ type: 'tool_result', tool_use_id: 'c1', content: result }] : []),
          ...(retrieved === undefined ? [] : [{ type: 'document', source }]),
          { type: 'text', text: user },
        ],
      },
    ],
    tools: [{ name: 'send', description: 'Sends.', input_schema: PARAMETERS }],
    ...(schema ? { output_config: { format: { type: 'json_schema', schema } } } : {}),
  };
}

function readMessages(raw: string): Parts {
  const said = { text: '', refusal: '' };
  const calls = new Map<string, string>();
  let stop: string | undefined;
  for (const frame of objectsIn(raw)) {
    const index = String(frame['index']);
    const delta = object(frame['delta']);
    const block = object(frame['content_block']);
    said.text += text(delta['text']);
    if (block['type'] === 'tool_use') calls.set(index, '');
    if (typeof delta['partial_json'] === 'string') calls.set(index, (calls.get(index) ?? '') + delta['partial_json']);
    for (const [at, one] of list(frame['content']).entries()) {
      said.text += text(one['text']);
      if (one['type'] === 'tool_use') calls.set(String(at), JSON.stringify(one['input']));
    }
    stop = asString(delta['stop_reason']) ?? asString(frame['stop_reason']) ?? stop;
  }
  return { ...said, calls: parsed(calls.values()), stop };
}

function geminiRequest(_model: string, texts: GuardTexts): JsonObject {
  const { user, system, argument = 'x', result = 'done', schema } = texts;
  return {
    ...(system === undefined ? {} : { systemInstruction: { parts: [{ text: system }] } }),
    contents: [
      ...(hasTurn(texts)
        ? [
            { role: 'user', parts: [{ text: FIRST }] },
            { role: 'model', parts: [{ functionCall: { name: 'send', args: { value: argument } } }] },
            { role: 'user', parts: [{ functionResponse: { name: 'send', response: { output: result } } }] },
          ]
        : []),
      { role: 'user', parts: [{ text: user }] },
    ],
    tools: [{ functionDeclarations: [TOOL] }],
    ...(schema ? { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema } } : {}),
  };
}

function readGemini(raw: string): Parts {
  let said = '';
  const calls: (Json | undefined)[] = [];
  let stop: string | undefined;
  for (const frame of objectsIn(raw)) {
    for (const candidate of list(frame['candidates'])) {
      for (const part of list(object(candidate['content'])['parts'])) {
        said += text(part['text']);
        if (isJsonObject(part['functionCall'])) calls.push(part['functionCall']['args']);
      }
      stop = asString(candidate['finishReason']) ?? stop;
    }
  }
  return { text: said, refusal: '', calls, stop };
}

const NO_WORDS: Parts = { text: '', refusal: '', calls: [], stop: undefined };

interface Kind extends Pick<
  GuardApi,
  'name' | 'models' | 'places' | 'answers' | 'blocked' | 'refused' | 'failed' | 'read'
> {
  readonly streams: readonly boolean[];
  request(model: string, texts: GuardTexts, isStream: boolean): { path: string; body: JsonObject };
}

const OPENAI = { refused: 'invalid_request_error', failed: 'server_error' };
const GEMINI = { refused: 'INVALID_ARGUMENT', failed: 'UNAVAILABLE' };

const KINDS: readonly Kind[] = [
  {
    name: 'chat',
    models: 'gpt',
    streams: [false, true],
    places: CHAT_PLACES,
    answers: BOTH,
    blocked: 'content_filter',
    ...OPENAI,
    request: (model, texts, isStream) => ({ path: '/v1/chat/completions', body: chatRequest(model, texts, isStream) }),
    read: readChat,
  },
  {
    name: 'responses',
    models: 'gpt',
    streams: [false, true],
    places: [...CHAT_PLACES, 'retrieved'],
    answers: BOTH,
    blocked: 'content_filter',
    ...OPENAI,
    request: (model, texts, isStream) => ({ path: '/v1/responses', body: responsesRequest(model, texts, isStream) }),
    read: readResponses,
  },
  {
    name: 'messages',
    models: 'claude',
    streams: [false, true],
    places: [...CHAT_PLACES, 'retrieved'],
    answers: BOTH,
    blocked: 'refusal',
    refused: 'invalid_request_error',
    failed: 'api_error',
    request: (model, texts, isStream) => ({ path: '/v1/messages', body: messagesRequest(model, texts, isStream) }),
    read: readMessages,
  },
  {
    name: 'gemini',
    models: 'google',
    streams: [false, true],
    places: CHAT_PLACES,
    answers: BOTH,
    blocked: 'SAFETY',
    ...GEMINI,
    request: (model, texts, isStream) => {
      const action = isStream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return { path: `/v1beta/models/${model}:${action}`, body: geminiRequest(model, texts) };
    },
    read: readGemini,
  },
  {
    name: 'completions',
    models: 'text',
    streams: [false, true],
    places: ['input'],
    answers: ['output'],
    blocked: 'content_filter',
    ...OPENAI,
    request: (model, { user }, isStream) => {
      return { path: '/v1/completions', body: { model, prompt: user, ...(isStream ? { stream: true } : {}) } };
    },
    read: readChat,
  },
  {
    name: 'embeddings',
    models: 'embed',
    streams: [false],
    places: ['input'],
    answers: [],
    blocked: undefined,
    ...OPENAI,
    request: (model, { user }) => ({ path: '/v1/embeddings', body: { model, input: ['hello', user] } }),
    read: () => NO_WORDS,
  },
  {
    name: 'embedContent',
    models: 'google-embed',
    streams: [false],
    places: ['input'],
    answers: [],
    blocked: undefined,
    ...GEMINI,
    request: (model, { user }) => {
      return { path: `/v1beta/models/${model}:embedContent`, body: { content: { parts: [{ text: user }] } } };
    },
    read: () => NO_WORDS,
  },
];

function apisOf({ streams, request, ...kind }: Kind): GuardApi[] {
  return streams.map((isStream) => ({
    ...kind,
    isStream,
    request: (model, texts) => request(model, texts, isStream),
  }));
}

const OWN = KINDS.flatMap(apisOf);
/** An Anthropic client of an OpenAI model. */
const CROSSING = OWN.filter(({ name }) => name === 'messages').map((api): GuardApi => {
  return { ...api, name: 'messages to OpenAI', models: 'gpt' };
});

/** Every way to ask, streamed and not. */
export const GUARD_APIS: readonly GuardApi[] = [...OWN, ...CROSSING];

/** The models behind them: what their names end with, and the target. */
export const GUARD_TARGETS: Readonly<Record<string, string>> = {
  gpt: 'gpt/gpt-5-mini',
  claude: 'claude/claude-haiku-4-5',
  google: 'google/gemini-2.5-flash',
  text: 'gpt/gpt-3.5-turbo-instruct',
  embed: 'gpt/text-embedding-3-small',
  'google-embed': 'google/gemini-embedding-001',
};

/** Sends a request and reads its answer to the end. */
export async function askGuarded(
  api: GuardApi,
  to: { readonly url: string; readonly apiKey: string },
  asked: GuardTexts & { readonly model: string; readonly headers?: Readonly<Record<string, string>> },
): Promise<GuardAnswer> {
  const { path, body } = api.request(asked.model, asked);
  const response = await fetch(`${to.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${to.apiKey}`,
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      ...asked.headers,
    },
    body: JSON.stringify(body),
  });
  const raw = await response.text();
  return {
    status: response.status,
    id: response.headers.get('x-causeway-request-id'),
    headers: response.headers,
    raw,
    ...api.read(raw),
    error: errorIn(raw),
  };
}

function errorIn(raw: string): GuardAnswer['error'] {
  for (const frame of objectsIn(raw)) {
    const inner = object(frame['response'])['error'];
    const error = frame['error'] ?? (isJsonObject(inner) ? inner : undefined);
    if (isJsonObject(error)) {
      return { type: asString(error['status']) ?? asString(error['type']), message: text(error['message']) };
    }
    if (frame['type'] === 'error') return { type: asString(frame['code']), message: text(frame['message']) };
  }
  return undefined;
}
