import type { SimulatedDialect } from './simulated-dialect.ts';
import { type JsonObject, isJsonObject, parseJson } from '../../core/json.ts';
import { readAnthropicPrompt, readCountedPrompt } from './anthropic-prompt.ts';
import { type Answer, answerPrompt } from './answer.ts';
import { BoundedMap } from '../../core/bounded-map.ts';
import { embeddingsBody } from './embeddings-body.ts';
import { readOpenAiPrompt } from './openai-prompt.ts';
import { type Prompt, requireModel } from './prompt.ts';
import { Refusal } from './refusal.ts';

/** A request as it reaches the simulated provider, over a socket or within the process. */
export interface SimulatedRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a request asks for: an answer of the model, or a body that is there at once. */
export type Task =
  | { readonly kind: 'chat'; readonly model: string; readonly prompt: Prompt; answer(outputTokens: number): Answer }
  | {
      readonly kind: 'body';
      readonly model: string;
      readonly body: string;
      /** Undefined where nothing is billed. */
      readonly inputTokens: number | undefined;
    };

interface Operation {
  readonly dialect: SimulatedDialect;
  readTask(body: JsonObject): Task;
}

function chatTask(prompt: Prompt): Task {
  let answer: Answer | undefined;
  let length: number | undefined;
  return {
    kind: 'chat',
    model: prompt.model,
    prompt,
    answer: (outputTokens) => {
      if (!answer || length !== outputTokens) answer = answerPrompt(prompt, outputTokens);
      length = outputTokens;
      return answer;
    },
  };
}

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['/chat/completions', { dialect: 'openai', readTask: (body) => chatTask(readOpenAiPrompt(body)) }],
  ['/embeddings', { dialect: 'openai', readTask: bodyTask(embeddingsBody) }],
  ['/messages', { dialect: 'anthropic', readTask: (body) => chatTask(readAnthropicPrompt(body)) }],
  ['/messages/count_tokens', { dialect: 'anthropic', readTask: bodyTask(countBody) }],
]);

interface BodyAnswer {
  readonly body: string;
  readonly inputTokens: number | undefined;
}

function bodyTask(answer: (body: JsonObject) => BodyAnswer): (body: JsonObject) => Task {
  return (body) => ({ kind: 'body', model: requireModel(body), ...answer(body) });
}

/** Counting costs nothing. */
function countBody(body: JsonObject): BodyAnswer {
  return { body: JSON.stringify({ input_tokens: readCountedPrompt(body).tokens }), inputTokens: undefined };
}

/** `/v1/messages?beta=true` → `/messages`. */
export function operationPath(path: string): string {
  const query = path.indexOf('?');
  const bare = query < 0 ? path : path.slice(0, query);
  return bare.startsWith('/v1/') ? bare.slice('/v1'.length) : bare;
}

/** The dialect that a path belongs to; elsewhere only Anthropic's clients send a version. */
export function dialectOf({ path, headers }: Pick<SimulatedRequest, 'path' | 'headers'>): SimulatedDialect {
  const known = OPERATIONS.get(operationPath(path))?.dialect;
  return known ?? (headers['anthropic-version'] === undefined ? 'openai' : 'anthropic');
}

/** Load tests send the same body again and again; what it means is kept. */
const MOST_KEPT = 256;
const LONGEST_KEPT = 16_384;

export class TaskReader {
  readonly #kept = new BoundedMap<Task>(MOST_KEPT);

  /** @throws Refusal where the real provider would refuse the request */
  read({ method, path, body }: SimulatedRequest): Task {
    const name = operationPath(path);
    const operation = method === 'POST' ? OPERATIONS.get(name) : undefined;
    if (!operation) throw new Refusal(404, `Invalid URL (${method} ${path.slice(0, 200)})`);
    if (body.length > LONGEST_KEPT) return operation.readTask(parseBody(body));
    const key = `${name}\n${body}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const task = operation.readTask(parseBody(body));
    this.#kept.set(key, task);
    return task;
  }
}

function parseBody(text: string): JsonObject {
  const body = parseJson(text);
  if (isJsonObject(body)) return body;
  throw new Refusal(400, 'We could not parse the JSON body of your request: one JSON object is expected.');
}
