import type { Dialect } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { boundedJson } from './bounded-json.ts';

/** Where in a prompt a segment stands. `settings`: what changes how a provider reads the messages that follow. */
export type PromptPart = 'tools' | 'system' | 'settings' | 'messages';

/** A piece of a prompt that is read as one: a tool, a block of text, a call. */
export interface Segment {
  /** Its place in the client's body: `tools[2]`, `system`, `messages[0].content[1]`. */
  readonly name: string;
  readonly part: PromptPart;
  /** A text as it is; anything else as JSON in the client's order of keys. */
  readonly text: string;
  /** An image or a file, whose bytes say nothing about how many tokens it is. */
  readonly isMedia: boolean;
}

type Segments = Segment[];

/** What a message has beside what it says; ids and marks are no part of the prompt. */
const ENVELOPE: ReadonlySet<string> = new Set(['role', 'content', 'parts', 'cache_control']);
/** Members of a message that are named; clients write others, whose names are texts of theirs. */
const MEMBERS: ReadonlySet<string> = new Set([
  'type',
  'name',
  'tool_calls',
  'tool_call_id',
  'function_call',
  'call_id',
  'arguments',
  'output',
  'refusal',
  'audio',
  'annotations',
  'reasoning',
  'reasoning_content',
  'summary',
  'encrypted_content',
  'action',
]);
const MEDIA = /image|audio|video|file|document|inline_?data/i;
/** A text says no more than this, whatever its block carries beside it. */
const TEXT_TYPES: ReadonlySet<unknown> = new Set([undefined, 'text', 'input_text', 'output_text', 'message']);

/**
 * A chat request's prompt, in the order in which its provider sees it: tools, system, messages. Marks of the prompt
 * cache are left out, since they are no text: where they stand differs, what is cached by them does not.
 */
export function segmentsOf(dialect: Dialect, body: JsonObject): readonly Segment[] {
  const segments: Segments = [];
  addTools(segments, body['tools']);
  if (dialect === 'anthropic') addAnthropic(segments, body);
  else if (dialect === 'responses') addResponses(segments, body);
  else if (dialect === 'gemini') addGemini(segments, body);
  else addOpenAi(segments, body);
  return segments;
}

function addAnthropic(segments: Segments, body: JsonObject): void {
  addContent(segments, 'system', 'system', body['system']);
  // Another choice of tools, or another way to think, makes the cached messages useless.
  addSetting(segments, 'tool_choice', body['tool_choice']);
  addSetting(segments, 'thinking', body['thinking']);
  addMessages(segments, 'messages', body['messages'], 'content');
}

function addOpenAi(segments: Segments, body: JsonObject): void {
  // A schema is put before the system message.
  addSetting(segments, 'response_format', body['response_format']);
  addMessages(segments, 'messages', body['messages'], 'content');
}

function addResponses(segments: Segments, body: JsonObject): void {
  const { text, input } = body;
  addSetting(segments, 'text.format', isJsonObject(text) ? text['format'] : undefined);
  addContent(segments, 'instructions', 'system', body['instructions']);
  if (typeof input === 'string') addContent(segments, 'input', 'messages', input);
  else addMessages(segments, 'input', input, 'content');
}

function addGemini(segments: Segments, body: JsonObject): void {
  const [name, system] = body['systemInstruction']
    ? ['systemInstruction', body['systemInstruction']]
    : ['system_instruction', body['system_instruction']];
  if (isJsonObject(system)) addContent(segments, name, 'system', system['parts'], 'parts');
  else addContent(segments, name, 'system', system);
  addMessages(segments, 'contents', body['contents'], 'parts');
}

/** Gemini puts several functions into one tool; each is a segment. */
function addTools(segments: Segments, tools: Json | undefined): void {
  if (!Array.isArray(tools)) return;
  for (const [at, tool] of tools.entries()) {
    const functions = isJsonObject(tool) ? (tool['functionDeclarations'] ?? tool['function_declarations']) : undefined;
    if (!Array.isArray(functions)) add(segments, `tools[${at}]`, 'tools', tool);
    else
      for (const [index, one] of functions.entries())
        add(segments, `tools[${at}].functionDeclarations[${index}]`, 'tools', one);
  }
}

function addSetting(segments: Segments, name: string, value: Json | undefined): void {
  if (value !== undefined && value !== null) add(segments, name, 'settings', value);
}

function addMessages(segments: Segments, name: string, messages: Json | undefined, field: 'content' | 'parts'): void {
  if (!Array.isArray(messages)) return;
  for (const [at, message] of messages.entries()) {
    const where = `${name}[${at}]`;
    if (!isJsonObject(message)) {
      add(segments, where, 'messages', message);
      continue;
    }
    const isSystem = message['role'] === 'system' || message['role'] === 'developer';
    const part = isSystem ? 'system' : 'messages';
    addContent(segments, where, part, message[field], field);
    const rest = Object.fromEntries(
      Object.entries(message).filter(([key]) => !ENVELOPE.has(key) && !isEnvelopeType(key, message)),
    );
    if (Object.keys(rest).length > 0) add(segments, `${where}.${membersIn(rest)}`, part, rest);
  }
}

function membersIn(rest: JsonObject): string {
  const names = Object.keys(rest);
  const known = names.filter((name) => MEMBERS.has(name));
  return (known.length === names.length ? known : [...known, 'other']).join('+');
}

/** Of items of Responses: that it is a message is said by its having a content. */
function isEnvelopeType(key: string, message: JsonObject): boolean {
  return (
    (key === 'type' && message['type'] === 'message') ||
    (key === 'id' && message['content'] !== undefined) ||
    key === 'status'
  );
}

/** One text, or blocks; where there is one block it is named like a text, which means the same. */
function addContent(
  segments: Segments,
  name: string,
  part: PromptPart,
  content: Json | undefined,
  field?: string,
): void {
  if (content === undefined || content === null) return;
  if (!Array.isArray(content)) return add(segments, name, part, content);
  const place = field === undefined ? name : `${name}.${field}`;
  for (const [at, block] of content.entries())
    add(segments, content.length === 1 ? name : `${place}[${at}]`, part, block);
}

function add(segments: Segments, name: string, part: PromptPart, value: Json): void {
  const plain = typeof value === 'string' ? value : textOfBlock(value);
  if (plain !== undefined) segments.push({ name, part, text: plain, isMedia: false });
  else segments.push({ name, part, text: boundedJson(value, withoutMarks), isMedia: isMediaBlock(value) });
}

function textOfBlock(block: Json): string | undefined {
  if (!isJsonObject(block) || !TEXT_TYPES.has(block['type'])) return undefined;
  const { text } = block;
  return typeof text === 'string' && block['functionCall'] === undefined ? text : undefined;
}

function withoutMarks(object: JsonObject): [string, Json | undefined][] {
  return Object.entries(object).filter(([name]) => name !== 'cache_control');
}

function isMediaBlock(block: Json): boolean {
  if (!isJsonObject(block)) return false;
  const { type } = block;
  return typeof type === 'string'
    ? MEDIA.test(type) && !type.startsWith('file_search')
    : Object.keys(block).some((key) => MEDIA.test(key));
}
