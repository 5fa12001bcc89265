import { isRecord } from '../../format/is-record.ts';
import type { Column, Dialect, Headers, Parameters, Prompt, Turn } from './draft.ts';
import { toolFields } from './tools.ts';
import { Wrong, jsonIn } from './wrong.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What an API has no field for. */
export type LeftOut = 'seed' | 'stop' | 'json';

export interface Asked {
  readonly path: string;
  readonly body: Fields;
  readonly headers: Readonly<Record<string, string>>;
  /** What was set and is not sent. */
  readonly leftOut: readonly LeftOut[];
}

/** Anthropic's API wants a limit in every request. */
const MESSAGES_MAX_TOKENS = 1024;

const PATHS: Readonly<Record<Dialect, string>> = {
  chat: '/v1/chat/completions',
  messages: '/v1/messages',
  responses: '/v1/responses',
};

/**
 * A streamed request of one column.
 * @throws Wrong where something that was typed cannot be sent
 */
export function askedOf(prompt: Prompt, column: Column, headers: Headers): Asked {
  const { dialect, parameters } = column;
  const model = column.model.trim();
  if (model === '') throw new Wrong('model');
  if (!prompt.turns.some((turn) => turn.text.trim() !== '' || turn.calls.length > 0)) throw new Wrong('turns');
  const said = {
    chat: () => chatBody(prompt, parameters),
    messages: () => messagesBody(prompt, parameters),
    responses: () => responsesBody(prompt, parameters),
  }[dialect]();
  return {
    path: PATHS[dialect],
    body: { model, ...said, ...toolFields(dialect, prompt.tools, prompt.toolChoice), stream: true },
    headers: headersOf(headers),
    leftOut: leftOutOf(dialect, parameters),
  };
}

function leftOutOf(dialect: Dialect, { seed, stop, format }: Parameters): readonly LeftOut[] {
  if (dialect === 'chat') return [];
  return [
    ...(seed.trim() === '' ? [] : (['seed'] as const)),
    ...(dialect === 'responses' && stop.trim() !== '' ? (['stop'] as const) : []),
    ...(dialect === 'messages' && format === 'json' ? (['json'] as const) : []),
  ];
}

function number(name: string, text: string): number | undefined {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Wrong('number', name);
  return value;
}

/** Without the fields that were not set. */
function given(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function sampling({ temperature, topP }: Parameters): Fields {
  return { temperature: number('temperature', temperature), top_p: number('top_p', topP) };
}

function stopsIn(text: string): readonly string[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.length === 0 ? undefined : lines;
}

function schemaIn(text: string): Fields {
  const schema = jsonIn('schema', text);
  if (!isRecord(schema)) throw new Wrong('schema', '{ … }');
  return schema;
}

/** The strict mode of OpenAI's API takes only schemas that are closed. */
const named = (schema: Fields): Fields => ({
  name: 'answer',
  strict: schema['additionalProperties'] === false,
  schema,
});

const filled = (turns: readonly Turn[]): readonly Turn[] =>
  turns.filter(({ text, calls, role }) => text !== '' || calls.length > 0 || role === 'tool');

function chatBody({ system, turns }: Prompt, parameters: Parameters): Fields {
  const { maxTokens, stop, seed, effort, format, schema } = parameters;
  const opening = system.trim() === '' ? [] : [{ role: 'system', content: system }];
  return given({
    messages: [...opening, ...filled(turns).map(chatMessage)],
    ...sampling(parameters),
    max_completion_tokens: number('max_tokens', maxTokens),
    stop: stopsIn(stop),
    seed: number('seed', seed),
    reasoning_effort: effort === '' ? undefined : effort,
    response_format: chatFormat(format, schema),
    stream_options: { include_usage: true },
  });
}

function chatFormat(format: Parameters['format'], schema: string): Fields | undefined {
  if (format === 'json') return { type: 'json_object' };
  return format === 'schema' ? { type: 'json_schema', json_schema: named(schemaIn(schema)) } : undefined;
}

function chatMessage({ role, text, calls, callId }: Turn): Fields {
  if (role === 'tool') return { role, tool_call_id: callId, content: text };
  if (calls.length === 0) return { role, content: text };
  return {
    role,
    content: text === '' ? null : text,
    tool_calls: calls.map(({ id, name, arguments: args }) => ({
      id,
      type: 'function',
      function: { name, arguments: args },
    })),
  };
}

function messagesBody({ system, turns }: Prompt, parameters: Parameters): Fields {
  const { maxTokens, stop, effort, format, schema } = parameters;
  const config = given({
    effort: effort === '' ? undefined : effort,
    format: format === 'schema' ? { type: 'json_schema', schema: schemaIn(schema) } : undefined,
  });
  return given({
    system: system.trim() === '' ? undefined : system,
    messages: joined(filled(turns).map(messagesTurn)),
    max_tokens: number('max_tokens', maxTokens) ?? MESSAGES_MAX_TOKENS,
    ...sampling(parameters),
    stop_sequences: stopsIn(stop),
    output_config: Object.keys(config).length === 0 ? undefined : config,
  });
}

interface Blocks {
  readonly role: string;
  readonly content: readonly Fields[];
}

function messagesTurn({ role, text, calls, callId }: Turn): Blocks {
  if (role === 'tool') return { role: 'user', content: [{ type: 'tool_result', tool_use_id: callId, content: text }] };
  const said = text === '' ? [] : [{ type: 'text', text }];
  const called = calls.map(({ id, name, arguments: args }) => ({
    type: 'tool_use',
    id,
    name,
    input: args.trim() === '' ? {} : jsonIn('turns', args),
  }));
  return { role, content: [...said, ...called] };
}

/** Results of tools have to stand in one message with what the user says next. */
function joined(messages: readonly Blocks[]): readonly Blocks[] {
  const all: Blocks[] = [];
  for (const message of messages) {
    const last = all.at(-1);
    if (last?.role === message.role) {
      all.splice(-1, 1, { role: last.role, content: [...last.content, ...message.content] });
    } else {
      all.push(message);
    }
  }
  return all;
}

function responsesBody({ system, turns }: Prompt, parameters: Parameters): Fields {
  const { maxTokens, effort, format, schema } = parameters;
  return given({
    instructions: system.trim() === '' ? undefined : system,
    input: filled(turns).flatMap(responsesItems),
    ...sampling(parameters),
    max_output_tokens: number('max_tokens', maxTokens),
    reasoning: effort === '' ? undefined : { effort },
    text: responsesFormat(format, schema),
    store: false,
  });
}

function responsesFormat(format: Parameters['format'], schema: string): Fields | undefined {
  if (format === 'json') return { format: { type: 'json_object' } };
  return format === 'schema' ? { format: { type: 'json_schema', ...named(schemaIn(schema)) } } : undefined;
}

function responsesItems({ role, text, calls, callId }: Turn): readonly Fields[] {
  if (role === 'tool') return [{ type: 'function_call_output', call_id: callId, output: text }];
  const said = text === '' ? [] : [{ role, content: text }];
  const called = calls.map(({ id, name, arguments: args }) => ({
    type: 'function_call',
    call_id: id,
    name,
    arguments: args,
  }));
  return [...said, ...called];
}

const PLAIN = /^[\x20-\x7e]*$/;

function headersOf({ user, conversation, metadata, cache, cacheTags, prefer }: Headers): Record<string, string> {
  const texts: Readonly<Record<string, string>> = {
    'x-causeway-user': user,
    'x-causeway-conversation': conversation,
    'x-causeway-metadata': metadata.trim() === '' ? '' : metadataText(metadata),
    'x-causeway-cache': cache,
    'x-causeway-cache-tags': cacheTags,
    'x-causeway-prefer': prefer,
  };
  const set = Object.entries(texts)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== '');
  const wrong = set.find(([, value]) => !PLAIN.test(value));
  if (wrong) throw new Wrong('header', wrong[0]);
  return Object.fromEntries(set);
}

/** In the letters that a header may have. */
function metadataText(text: string): string {
  const value = jsonIn('metadata', text);
  if (!isRecord(value)) throw new Wrong('metadata', '{ … }');
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (letter) => String.raw`\u` + letter.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}
