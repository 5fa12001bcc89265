import { type JsonObject, asString, isJsonObject } from '../../src/core/json.ts';
import type { Place } from '../../src/core/screening.ts';
import {
  type GuardParts,
  type GuardTexts,
  chatRequest,
  geminiRequest,
  messagesRequest,
  object,
  objectsIn,
  readChat,
  readGemini,
  readMessages,
  readResponses,
  responsesRequest,
  text,
} from './guard-shapes.ts';

/** What a client reads, in no dialect. */
export interface GuardAnswer extends GuardParts {
  readonly status: number;
  readonly id: string | null;
  /** As it came. */
  readonly raw: string;
  readonly headers: Headers;
  readonly error: { readonly type: string | undefined; readonly message: string } | undefined;
}

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
  read(raw: string): GuardParts;
}

const CHAT_PLACES = ['input', 'tool-results', 'tool-arguments'] as const;
const BOTH = ['output', 'tool-arguments'] as const;
const NO_WORDS: GuardParts = { text: '', refusal: '', calls: [], stop: undefined };

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

function apisOf(kind: Kind): GuardApi[] {
  return kind.streams.map((isStream) => ({
    ...kind,
    isStream,
    request: (model, texts) => kind.request(model, texts, isStream),
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
