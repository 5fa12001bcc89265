import { type Message, type Part, readInput } from '../requests/messages.ts';
import { isRecord } from '../../format/is-record.ts';
import type { Trace } from '../requests/trace-types.ts';
import { type Column, type Dialect, NO_PARAMETERS, type Parameters, type Prompt, newColumn, newTurn } from './draft.ts';
import { readTools } from './tools.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What of a recorded request has no place here. */
type Loss = 'dialect' | 'media' | 'reasoning' | 'other' | 'tools' | 'noInput';

export interface FromTrace {
  readonly prompt: Prompt;
  readonly column: Column;
  readonly losses: readonly Loss[];
  /** Fields of the body that are not carried over, by name. */
  readonly dropped: readonly string[];
}

const DIALECT_OF: Readonly<Record<string, Dialect>> = { openai: 'chat', anthropic: 'messages', responses: 'responses' };

/** Carried over, or without a meaning here. */
const KNOWN = new Set([
  'model',
  'messages',
  'input',
  'contents',
  'system',
  'instructions',
  'systemInstruction',
  'system_instruction',
  'prompt',
  'stream',
  'stream_options',
  'store',
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'stop',
  'stop_sequences',
  'seed',
  'reasoning_effort',
  'reasoning',
  'output_config',
  'response_format',
  'text',
  'tools',
  'tool_choice',
  'generationConfig',
]);

/** A recorded request, to ask it again or otherwise. */
export function fromTrace(trace: Pick<Trace, 'dialect' | 'input' | 'model' | 'virtual_model'>): FromTrace {
  const messages = readInput(trace.input);
  const body = isRecord(trace.input) ? trace.input : {};
  const losses = new Set<Loss>();
  const dialect = DIALECT_OF[trace.dialect];
  if (dialect === undefined) losses.add('dialect');
  if (messages === undefined) losses.add('noInput');
  const system = (messages ?? []).filter(isSystem).flatMap(({ parts }) => parts);
  const turns = (messages ?? []).filter((message) => !isSystem(message)).flatMap((message) => turnsOf(message, losses));
  const column = newColumn(trace.virtual_model ?? trace.model ?? '');
  return {
    prompt: {
      system: textIn(system, losses),
      turns: turns.length > 0 ? turns : [newTurn('user')],
      tools: toolsIn(body, losses),
      toolChoice: choiceIn(body['tool_choice']),
    },
    column: { ...column, dialect: dialect ?? 'chat', parameters: parametersIn(body) },
    losses: [...losses],
    dropped: messages === undefined ? [] : Object.keys(body).filter((name) => !KNOWN.has(name)),
  };
}

function isSystem({ role }: Message): boolean {
  return role === 'system' || role === 'developer';
}

function textIn(parts: readonly Part[], losses: Set<Loss>): string {
  return parts
    .flatMap((part) => {
      if (part.kind === 'text' || part.kind === 'refusal') return [part.text];
      if (part.kind === 'media' || part.kind === 'reasoning') losses.add(part.kind);
      else if (part.kind === 'other') losses.add('other');
      return [];
    })
    .join('\n\n');
}

const jsonText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function turnsOf({ role, parts }: Message, losses: Set<Loss>) {
  const results = parts.flatMap((part) =>
    part.kind === 'tool-result' ? [newTurn('tool', jsonText(part.value), { callId: part.id ?? '' })] : [],
  );
  const calls = parts.flatMap((part) =>
    part.kind === 'tool-call' ? [{ id: part.id ?? '', name: part.name, arguments: jsonText(part.value) }] : [],
  );
  const text = textIn(parts, losses);
  const isSaid = text !== '' || calls.length > 0;
  return [...results, ...(isSaid ? [newTurn(role === 'assistant' ? 'assistant' : 'user', text, { calls })] : [])];
}

function toolsIn({ tools }: Fields, losses: Set<Loss>): string {
  if (!Array.isArray(tools) || tools.length === 0) return '';
  const text = JSON.stringify(tools, undefined, 2);
  try {
    readTools(text);
    return text;
  } catch {
    losses.add('tools');
    return '';
  }
}

function choiceIn(choice: unknown): string {
  if (choice === 'none' || choice === 'required') return choice;
  if (!isRecord(choice)) return 'auto';
  if (choice['type'] === 'any') return 'required';
  const named = isRecord(choice['function']) ? choice['function']['name'] : choice['name'];
  return typeof named === 'string' ? named : choice['type'] === 'none' ? 'none' : 'auto';
}

const inText = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : '';

function firstOf(...values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined && value !== null);
}

function parametersIn(body: Fields): Parameters {
  const of = (name: string): Fields => (isRecord(body[name]) ? body[name] : {});
  const gemini = of('generationConfig');
  const stop = firstOf(body['stop'], body['stop_sequences'], gemini['stopSequences']);
  const max = firstOf(body['max_completion_tokens'], body['max_tokens'], body['max_output_tokens']);
  return {
    ...NO_PARAMETERS,
    temperature: inText(firstOf(body['temperature'], gemini['temperature'])),
    topP: inText(firstOf(body['top_p'], gemini['topP'])),
    maxTokens: inText(firstOf(max, gemini['maxOutputTokens'])),
    stop: Array.isArray(stop) ? stop.map(inText).join('\n') : inText(stop),
    seed: inText(firstOf(body['seed'], gemini['seed'])),
    effort: inText(firstOf(body['reasoning_effort'], of('reasoning')['effort'], of('output_config')['effort'])),
    ...formatIn(firstOf(body['response_format'], of('text')['format'], of('output_config')['format'])),
  };
}

function formatIn(format: unknown): Partial<Parameters> {
  if (!isRecord(format)) return {};
  if (format['type'] === 'json_object') return { format: 'json' };
  if (format['type'] !== 'json_schema') return {};
  const schema = isRecord(format['json_schema']) ? format['json_schema']['schema'] : format['schema'];
  return { format: 'schema', schema: JSON.stringify(schema, undefined, 2) };
}
