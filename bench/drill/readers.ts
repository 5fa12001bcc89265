import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

/** What a reader has seen; it is filled in on the way, so that something is known of what fails half-way. */
export interface Seen {
  requestId: string | undefined;
  text: string;
  /** Why the answer says that it is at its end. */
  finish: string | undefined;
  /** An error that the answer itself spoke of, where the client does not throw it. */
  failure: string | undefined;
  /** Tells, where somebody asked, that text has come. */
  onText?: () => void;
}

interface Question {
  readonly model: string;
  readonly prompt: string;
  readonly signal?: AbortSignal;
}

/** Asks with an official client as an app would, and reads the answer to its end. Throws what the client throws. */
export type Reader = (question: Question, seen: Seen) => Promise<void>;

const TIMEOUT_MS = 30_000;
const MAX_TOKENS = 200;
const REQUEST_ID = 'x-causeway-request-id';

/** Every official client of every dialect, in each way of reading that it offers, with its own retries off. */
export function officialReaders(url: string, apiKey: string): Readonly<Record<string, Reader>> {
  const options = { apiKey, maxRetries: 0, timeout: TIMEOUT_MS };
  return {
    ...chatReaders(new OpenAI({ ...options, baseURL: `${url}/v1` })),
    ...messagesReaders(new Anthropic({ ...options, baseURL: url })),
    ...responsesReaders(new OpenAI({ ...options, baseURL: `${url}/v1` })),
    ...geminiReaders(new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url, timeout: TIMEOUT_MS } })),
  };
}

export function nothingSeen(): Seen {
  return { requestId: undefined, text: '', finish: undefined, failure: undefined };
}

function addText(seen: Seen, text: string | null | undefined): void {
  if (!text) return;
  seen.text += text;
  seen.onText?.();
}

function noteResponse(seen: Seen, { headers }: Response): void {
  seen.requestId = headers.get(REQUEST_ID) ?? undefined;
}

/** Of an error that an official client threw. */
export function requestIdOf(error: unknown): string | undefined {
  const headers = error instanceof Error && 'headers' in error ? error.headers : undefined;
  return headers instanceof Headers ? (headers.get(REQUEST_ID) ?? undefined) : undefined;
}

const chatBody = ({ model, prompt }: Question) => ({ model, messages: [{ role: 'user' as const, content: prompt }] });
const noteChoice = (choice: OpenAI.ChatCompletion.Choice | undefined, seen: Seen): void => {
  addText(seen, choice?.message.content);
  seen.finish = choice?.finish_reason;
};

function chatReaders(client: OpenAI): Record<string, Reader> {
  return {
    'openai stream': async (question, seen) => {
      const asked = client.chat.completions.create({ ...chatBody(question), stream: true }, optionsOf(question));
      const { data, response } = await asked.withResponse();
      noteResponse(seen, response);
      for await (const { choices } of data) {
        addText(seen, choices[0]?.delta.content);
        seen.finish ??= choices[0]?.finish_reason ?? undefined;
      }
    },
    'openai whole': async (question, seen) => {
      const asked = client.chat.completions.create(chatBody(question), optionsOf(question));
      const { data, response } = await asked.withResponse();
      noteResponse(seen, response);
      noteChoice(data.choices[0], seen);
    },
    'openai helper': async (question, seen) => {
      const stream = client.chat.completions.stream({ ...chatBody(question), stream: true }, optionsOf(question));
      noteChoice((await stream.finalChatCompletion()).choices[0], seen);
    },
  };
}

function optionsOf({ signal }: Question): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

const messagesBody = ({ model, prompt }: Question) => ({
  model,
  max_tokens: MAX_TOKENS,
  messages: [{ role: 'user' as const, content: prompt }],
});
const noteMessage = ({ content, stop_reason: reason }: Anthropic.Message, seen: Seen): void => {
  for (const block of content) if (block.type === 'text') addText(seen, block.text);
  seen.finish = reason ?? undefined;
};

function messagesReaders(client: Anthropic): Record<string, Reader> {
  return {
    'anthropic stream': async (question, seen) => {
      const asked = client.messages.create({ ...messagesBody(question), stream: true }, optionsOf(question));
      const { data, response } = await asked.withResponse();
      noteResponse(seen, response);
      for await (const event of data) {
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') addText(seen, event.delta.text);
        if (event.type === 'message_delta') seen.finish = event.delta.stop_reason ?? undefined;
      }
    },
    'anthropic whole': async (question, seen) => {
      const { data, response } = await client.messages
        .create(messagesBody(question), optionsOf(question))
        .withResponse();
      noteResponse(seen, response);
      noteMessage(data, seen);
    },
    'anthropic helper': async (question, seen) => {
      noteMessage(await client.messages.stream(messagesBody(question), optionsOf(question)).finalMessage(), seen);
    },
  };
}

const responsesBody = ({ model, prompt }: Question) => ({ model, input: prompt });
const noteAnswer = (response: OpenAI.Responses.Response, seen: Seen): void => {
  addText(seen, response.output_text);
  if (response.status === 'completed') seen.finish = response.status;
  else seen.failure = response.error?.message ?? response.status;
};

function responsesReaders(client: OpenAI): Record<string, Reader> {
  return {
    'responses stream': async (question, seen) => {
      const asked = client.responses.create({ ...responsesBody(question), stream: true }, optionsOf(question));
      const { data, response } = await asked.withResponse();
      noteResponse(seen, response);
      for await (const event of data) {
        if (event.type === 'response.output_text.delta') addText(seen, event.delta);
        if (event.type === 'response.completed') seen.finish = event.type;
        if (event.type === 'response.failed') seen.failure = event.response.error?.message ?? event.type;
      }
    },
    'responses whole': async (question, seen) => {
      const { data, response } = await client.responses
        .create(responsesBody(question), optionsOf(question))
        .withResponse();
      noteResponse(seen, response);
      noteAnswer(data, seen);
    },
    'responses helper': async (question, seen) => {
      noteAnswer(await client.responses.stream(responsesBody(question), optionsOf(question)).finalResponse(), seen);
    },
  };
}

const geminiBody = ({ model, prompt, signal }: Question) => ({
  model,
  contents: prompt,
  ...(signal ? { config: { abortSignal: signal } } : {}),
});

function geminiReaders(client: GoogleGenAI): Record<string, Reader> {
  return {
    'gemini stream': async (question, seen) => {
      for await (const chunk of await client.models.generateContentStream(geminiBody(question))) {
        addText(seen, chunk.text);
        seen.finish ??= chunk.candidates?.[0]?.finishReason;
      }
    },
    'gemini whole': async (question, seen) => {
      const answer = await client.models.generateContent(geminiBody(question));
      addText(seen, answer.text);
      seen.finish = answer.candidates?.[0]?.finishReason;
    },
  };
}
