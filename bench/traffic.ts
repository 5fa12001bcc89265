/** The requests that the load sends and the answers that the upstream gives, so that both sides agree. */

export const CHAT_PATH = '/v1/chat/completions';
export const UPSTREAM_MODEL = 'bench-1';

/** What a model is called whose streams come one event at a time. */
export function pacedModel(model: string): string {
  return `${model}${PACED}`;
}

/** How the upstream knows such a request: a gateway passes the model's name on, headers of its client it does not. */
export const PACED_MARK = '-paced"';
const PACED = PACED_MARK.slice(0, -1);

const PROMPT_BYTES = 1024;
/** SSE events before `[DONE]`: one opens, one closes, the rest carry a part of the answer each. */
const STREAM_EVENTS = 64;
const ANSWER_PARTS = Array.from({ length: STREAM_EVENTS - 2 }, (_, at) => `part-${at} of it `);
const ANSWER_TEXT = ANSWER_PARTS.join('');
const USAGE = { prompt_tokens: 210, completion_tokens: ANSWER_PARTS.length, total_tokens: 210 + ANSWER_PARTS.length };
const HEAD = { id: 'chatcmpl-bench', created: 1_700_000_000, model: UPSTREAM_MODEL };
const DONE = 'data: [DONE]\n\n';

/** What people write to a shop; one sentence over and over would be looked at by guards in ways that no letter is. */
const LETTER =
  'Hello, I bought the grey walking jacket in your spring sale and it came last Tuesday, two days later than the page ' +
  'said. The size is right and the colour is fine, but the zip on the left pocket catches halfway, and after the first ' +
  'walk in the rain the lining was wet at both shoulders, although the label says that it keeps water out for eight ' +
  'hours. I still have the box, the labels and the invoice from 14 March. Could you tell me whether I can swap it for ' +
  'another one of the same kind, or whether it is better to send it back and order again while the price is 89.90? My ' +
  'sister has the older model from 2023, which never had this trouble, so if there are any of those left I would take ' +
  'one of them as well. We leave for the coast on Friday in two weeks and I would like to have this settled by then. ' +
  'If somebody wants to see it, I can bring it to the shop near the station after work, or send pictures of the zip. ' +
  'Thank you for your help, and for the friendly note that came with the parcel. ';

/** Stands in each prompt, and is written over by loads whose every request is another one: digits of this length. */
export const SERIAL = '00000000';

/** What a client posts: a prompt of 1 KB, or of as many bytes. */
export function requestBody(model: string, stream: boolean, promptBytes = PROMPT_BYTES): string {
  const content = `Order ${SERIAL}. ${LETTER.repeat(Math.ceil(promptBytes / LETTER.length))}`.slice(0, promptBytes);
  return JSON.stringify({ model, messages: [{ role: 'user', content }], ...(stream ? { stream } : {}) });
}

/** The answer in one piece, about 1 KB. */
export function wholeAnswer(): string {
  const message = { role: 'assistant', content: ANSWER_TEXT, refusal: null };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
  return JSON.stringify({ ...HEAD, object: 'chat.completion', choices, usage: USAGE });
}

function chunk(rest: object): string {
  return `data: ${JSON.stringify({ ...HEAD, object: 'chat.completion.chunk', ...rest })}\n\n`;
}

/** The answer as SSE frames, one an entry; the usage frame only where the client asks for it, as OpenAI does. */
export function streamFrames(includeUsage: boolean): string[] {
  const event = (delta: object, finishReason: string | null): string =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }] });
  return [
    event({ role: 'assistant', content: '' }, null),
    ...ANSWER_PARTS.map((content) => event({ content }, null)),
    event({}, 'stop'),
    ...(includeUsage ? [chunk({ choices: [], usage: USAGE })] : []),
    DONE,
  ];
}

interface ChatAnswer {
  readonly choices?: readonly {
    readonly message?: { readonly content?: string };
    readonly delta?: { readonly content?: string };
  }[];
}

function textOfStream(body: string, events: number | undefined): string {
  if (!body.endsWith(DONE)) throw new Error(`a stream ended without [DONE]: …${body.slice(-200)}`);
  const frames = body.slice(0, -DONE.length).split('\n\n').slice(0, -1);
  if (events !== undefined && frames.length !== events) {
    throw new Error(`a stream had ${frames.length} events, not ${events}`);
  }
  const answers = frames.map((frame) => JSON.parse(frame.slice('data: '.length)) as ChatAnswer);
  return answers.map(({ choices }) => choices?.[0]?.delta?.content ?? '').join('');
}

/**
 * Throws where a client would read another answer than the upstream gave.
 * @param regrouped the text may come in other pieces than the upstream's
 */
export function assertRightAnswer(body: string, stream: boolean, regrouped = false): void {
  const text = stream
    ? textOfStream(body, regrouped ? undefined : STREAM_EVENTS)
    : (JSON.parse(body) as ChatAnswer).choices?.[0]?.message?.content;
  if (text !== ANSWER_TEXT) throw new Error(`the answer is not the upstream's: ${body.slice(0, 200)}`);
}
