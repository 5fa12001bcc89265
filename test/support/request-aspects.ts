import { createHash } from 'node:crypto';

import type { Dialect } from '../../src/core/call.ts';
import type { AssistantPart, DocumentPart, Message, TextPart, UserPart } from '../../src/core/inference/content.ts';
import type { Feature } from '../../src/core/inference/features.ts';
import type { FunctionTool, InferenceRequest } from '../../src/core/inference/request.ts';
import { parseArguments } from '../../src/core/inference/tool-arguments.ts';
import { UNSIGNED } from '../../src/core/inference/unsigned.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';

/**
 * One thing that a request says, in a form in which two requests can be compared: what a protocol only writes in
 * another way (`mapped` in its table) is written in one way here.
 */
export interface Aspect {
  readonly name: string;
  /** Where one of these is approximated and noted, this aspect may differ. */
  readonly features: readonly Feature[];
  /** A protocol that needs it sets it where the client did not. */
  readonly hasDefault?: true;
  of(request: InferenceRequest, protocol: Dialect): unknown;
}

type Spoken = Exclude<Message, { role: 'system' }>;
type Part = UserPart | AssistantPart;

/** What a file is called where it has to have a name, before the ending that says what it is. */
const NAMELESS = 'document';

export const ASPECTS: readonly Aspect[] = [
  {
    name: 'instructions',
    features: ['json-object', 'json-schema', 'system-mid-conversation'],
    of: (request) => systemTexts(request),
  },
  {
    name: 'place of instructions',
    features: ['json-object', 'json-schema', 'system-mid-conversation'],
    of: (request) => placesOfSystem(request),
  },
  {
    name: 'conversation',
    features: ['tool-result-image', 'tool-result-document', 'system-mid-conversation'],
    of: conversation,
  },
  { name: 'arguments', features: [], of: (request) => parts(request, 'tool-call').map(argumentsOf) },
  {
    name: 'names',
    features: ['participant-name'],
    of: ({ messages }) => messages.map(({ name }) => name).filter(Boolean),
  },
  {
    name: 'reasoning',
    features: ['reasoning-history', 'reasoning-signature', 'redacted-reasoning'],
    of: (request) =>
      parts(request, 'reasoning')
        .map(({ text, signature, redacted }) => [text, proof(signature), redacted])
        .filter((said) => said.some(Boolean)),
  },
  {
    name: 'detail of images',
    features: ['image-detail', 'tool-result-image'],
    of: (request) => parts(request, 'image').map(({ detail = 'auto' }) => detail),
  },
  {
    name: 'titles',
    features: ['document-title', 'tool-result-document'],
    of: (request, protocol) => documents(request, protocol).map(({ title = NAMELESS }) => title.replace(/\.pdf$/, '')),
  },
  {
    name: 'citations',
    features: ['document-citations', 'tool-result-document'],
    of: (request, protocol) => documents(request, protocol).map(({ citations = false }) => citations),
  },
  { name: 'tools', features: ['strict-tools', 'json-schema'], of: (request) => tools(request) },
  { name: 'tool choice', features: ['json-schema'], of: (request) => toolChoice(request) },
  {
    name: 'parallel calls',
    features: ['json-schema'],
    of: (request) => tools(request).length > 0 && isParallel(request),
  },
  { name: 'maximum', features: ['max-output-tokens'], hasDefault: true, of: ({ maxOutputTokens }) => maxOutputTokens },
  { name: 'temperature', features: ['temperature'], of: ({ temperature = 1 }) => temperature },
  { name: 'top_p', features: ['top-p'], of: ({ topP = 1 }) => topP },
  { name: 'top_k', features: ['top-k'], of: ({ topK }) => topK },
  { name: 'stop', features: ['stop'], of: ({ stop = [] }) => stop },
  { name: 'seed', features: ['seed'], of: ({ seed }) => seed },
  { name: 'frequency penalty', features: ['frequency-penalty'], of: ({ frequencyPenalty = 0 }) => frequencyPenalty },
  { name: 'presence penalty', features: ['presence-penalty'], of: ({ presencePenalty = 0 }) => presencePenalty },
  { name: 'logit bias', features: ['logit-bias'], of: ({ logitBias = {} }) => logitBias },
  { name: 'log probabilities', features: ['logprobs'], of: ({ logprobs }) => logprobs },
  { name: 'format', features: ['json-object', 'json-schema'], of: (request) => format(request) },
  {
    name: 'thinking',
    features: ['reasoning-effort', 'reasoning-budget', 'reasoning-adaptive', 'reasoning-off', 'reasoning-display'],
    of: thinking,
  },
  { name: 'verbosity', features: ['verbosity'], of: ({ verbosity }) => verbosity },
  {
    name: 'tier',
    features: ['service-tier'],
    of: ({ serviceTier: tier }) => (tier === 'standard_only' ? 'default' : tier),
  },
  { name: 'user', features: ['user'], of: ({ user }) => (user ? pseudonym(user) : undefined) },
  { name: 'cache key', features: ['prompt-cache-key'], of: ({ promptCacheKey }) => promptCacheKey },
  { name: 'stream', features: ['streaming'], of: ({ stream }) => stream },
];

/** A protocol may hash ids that tell who it is. */
function pseudonym(user: string): string {
  return /^[0-9a-f]{64}$/.test(user) ? user : createHash('sha256').update(user).digest('hex');
}

/** Piece by piece: how many messages they stand in is their place. */
/** All of them as one text; where they stand is another aspect. */
function systemTexts({ messages }: InferenceRequest): string {
  return textOf(messages.flatMap((message) => (message.role === 'system' ? message.content : [])));
}

/** How many turns stand before the instructions, wherever there are some. */
function placesOfSystem(request: InferenceRequest): number[] {
  let turns = 0;
  const places = request.messages.flatMap((message) => {
    if (message.role === 'system') return textOf(message.content) === '' ? [] : [turns];
    turns += 1;
    return [];
  });
  return [...new Set(places)];
}

/** Blocks of text as one text, as a protocol has them that takes one: what stands between them is no content. */
function textOf(content: readonly TextPart[]): string {
  return plain(content.map((part) => part.text).join('\n\n'));
}

function plain(text: string): string {
  return text
    .split(/\n\n+/)
    .map((piece) => piece.trim())
    .filter(Boolean)
    .join('\n\n');
}

/** Who says what, in order. Empty turns are none, one user's turns in a row are one, and calls have numbers for ids. */
function conversation(request: InferenceRequest, protocol: Dialect): unknown[] {
  const ids = new CallNumbers();
  const turns: { role: Spoken['role']; said: unknown[] }[] = [];
  for (const message of request.messages) {
    if (message.role === 'system') continue;
    const content = contentOf(message, ids, protocol);
    const last = turns.at(-1);
    if (content.length === 0) continue;
    if (last?.role === 'user' && message.role === 'user') last.said.push(...content);
    else turns.push({ role: message.role, said: content });
  }
  return turns.map(({ role, said: content }) => [
    role,
    ...joined(role === 'user' ? resultsFirst(content) : callsLast(content)),
  ]);
}

function contentOf(message: Spoken, ids: CallNumbers, protocol: Dialect): unknown[] {
  // OpenAI has a refusal in a field of its own, behind the text.
  const content = protocol === 'openai' ? refusalsLast(message.content) : message.content;
  return content.flatMap((part: Part): unknown[] => {
    switch (part.type) {
      case 'reasoning':
        return [];
      case 'text':
      case 'refusal':
        return plain(part.text) === '' ? [] : [part.text];
      case 'image':
        return [{ image: part.source }];
      case 'audio':
        return [{ audio: part.base64 }];
      case 'document':
        return document(part, protocol);
      case 'tool-call':
        return [{ call: ids.ofCall(part.id), name: plainName(part.name) }];
      default:
        return [{ result: ids.ofResult(part.toolCallId), said: result(part, protocol) }];
    }
  });
}

function result({ content, isError = false }: Extract<UserPart, { type: 'tool-result' }>, protocol: Dialect): unknown {
  const inner = joined(
    content.flatMap((part) => contentOf({ role: 'user', content: [part] }, new CallNumbers(), protocol)),
  );
  if (protocol === 'anthropic') return { inner, isError };
  // There it stands in the text, and behind the answer nobody can tell.
  const [first] = inner;
  const text = typeof first === 'string' ? first : '';
  const said = isError ? [`Error: ${text}`, ...inner.slice(1)] : inner;
  return said.map((one) => (typeof one === 'string' ? one.replace(/^Error:\s*/, 'Error: ').trim() : one));
}

/** OpenAI has plain text as text, with what is said of it before it. */
function document(part: DocumentPart, protocol: Dialect): unknown[] {
  const { source, title, context } = part;
  const before = context === undefined ? [] : [context];
  if (protocol === 'anthropic') return [{ document: source, context }];
  if (source.kind !== 'text') return [...before, { document: source }];
  const said = [...(title === undefined ? [] : [`Document: ${title}`]), ...before, source.text];
  return said.filter((text) => plain(text) !== '');
}

/** Texts that stand next to each other, as one. */
function joined(content: readonly unknown[]): unknown[] {
  const all: unknown[] = [];
  for (const one of content) {
    const last = all.at(-1);
    if (typeof one === 'string' && typeof last === 'string') all[all.length - 1] = plain(`${last}\n\n${one}`);
    else all.push(typeof one === 'string' ? plain(one) : one);
  }
  return all;
}

function resultsFirst(content: readonly unknown[]): unknown[] {
  return [...content.filter((one) => has(one, 'result')), ...content.filter((one) => !has(one, 'result'))];
}

function callsLast(content: readonly unknown[]): unknown[] {
  return [...content.filter((one) => !has(one, 'call')), ...content.filter((one) => has(one, 'call'))];
}

function has(one: unknown, key: string): boolean {
  return typeof one === 'object' && one !== null && key in one;
}

/** As one, behind all else. */
function refusalsLast(content: readonly Part[]): readonly Part[] {
  const refusal = content.map((part) => (part.type === 'refusal' ? part.text : '')).join('');
  const others = content.filter(({ type }) => type !== 'refusal');
  return refusal === '' ? others : [...others, { type: 'refusal', text: refusal }];
}

/** Ids are replaced where they have to be; which result belongs to which call is what has to stay. */
class CallNumbers {
  readonly #open = new Map<string, number[]>();
  readonly #last = new Map<string, number>();
  #count = 0;

  ofCall(id: string): number {
    this.#count += 1;
    this.#open.set(id, [...(this.#open.get(id) ?? []), this.#count]);
    return this.#count;
  }

  ofResult(id: string): number | 'of no call' {
    const number = this.#open.get(id)?.shift() ?? this.#last.get(id) ?? 'of no call';
    if (number !== 'of no call') this.#last.set(id, number);
    return number;
  }
}

function parts<T extends Part['type']>({ messages }: InferenceRequest, type: T): Extract<Part, { type: T }>[] {
  return messages.flatMap(({ content }) =>
    (content as readonly Part[]).filter((part): part is Extract<Part, { type: T }> => part.type === type),
  );
}

/** The value, with its long numbers. */
function argumentsOf({ argumentsText }: { readonly argumentsText: string }): string {
  return JSON.stringify(parseArguments(argumentsText).input);
}

function proof(signature: string | undefined): string | undefined {
  return signature === UNSIGNED ? undefined : signature;
}

/** Those that are no text in this protocol. */
function documents(request: InferenceRequest, protocol: Dialect): DocumentPart[] {
  const all = parts(request, 'document');
  return protocol === 'anthropic' ? all : all.filter(({ source }) => source.kind !== 'text');
}

/**
 * A choice among some of them is one without the others. Tools that may not be called, are named in the history and
 * have nothing but a name are as good as none: Anthropic wants one for each call.
 */
function tools(request: InferenceRequest): unknown[] {
  const { tools: all, toolChoice: choice } = request;
  const offered = choice?.type === 'allowed' ? all.filter(({ name }) => choice.names.includes(name)) : all;
  const written = offered.map(({ name, description, parameters, strict = false }: FunctionTool) => ({
    name: plainName(name),
    description,
    parameters: opened({ type: 'object', properties: {}, ...parameters }, strict) as {
      readonly properties: JsonObject;
    },
    strict,
  }));
  if (choice?.type !== 'none') return written;
  const called = new Set(parts(request, 'tool-call').map(({ name }) => plainName(name)));
  return written.filter(
    ({ name, description, parameters }) =>
      !called.has(name) || description !== undefined || Object.keys(parameters.properties).length > 0,
  );
}

/** Where a tool is strict, objects are closed whether the schema says so or not. */
function opened(schema: Json, strict: boolean): Json {
  if (!strict || typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((one) => opened(one, strict));
  const { additionalProperties, ...rest } = schema;
  const kept = additionalProperties === false ? rest : schema;
  return Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, opened(value ?? null, strict)]));
}

/** Names that a protocol refuses are replaced by one like them, with a hash behind it. */
function plainName(name: string): string {
  return name
    .replaceAll(/[^a-zA-Z0-9_-]/g, '_')
    .replace(/_[0-9a-f]{12}$/, '')
    .slice(0, 40);
}

function toolChoice(request: InferenceRequest): unknown {
  const { toolChoice: choice } = request;
  if (tools(request).length === 0) return undefined;
  if (choice?.type === 'allowed') return { type: choice.required ? 'required' : 'auto' };
  if (choice?.type === 'tool') return { type: 'tool', name: plainName(choice.name) };
  return choice ?? { type: 'auto' };
}

function isParallel({ toolChoice: choice, parallelToolCalls = true }: InferenceRequest): boolean {
  return choice?.type === 'none' || parallelToolCalls;
}

/** Names and descriptions of a schema do not hold the answer to anything. */
function format({ responseFormat }: InferenceRequest): unknown {
  return responseFormat?.type === 'json-schema' ? opened(responseFormat.schema, true) : responseFormat?.type;
}

/** Models that are not told how much to think decide it themselves, and many do not think unless they are told to. */
function thinking({ reasoning }: InferenceRequest): unknown {
  const { effort, budgetTokens } = reasoning ?? {};
  const isAmountSaid = effort !== undefined || budgetTokens !== undefined;
  if (!isAmountSaid || reasoning?.enabled === false || effort === 'none') return 'as it comes';
  return { effort, budget: budgetTokens };
}
