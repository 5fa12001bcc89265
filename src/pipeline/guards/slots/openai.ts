import { REASONING_ENTRIES } from '../../../core/inference/reasoning-entries.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { NOBODY, type SlotCollector, type Whereabouts, collectContent, eachObject, roleOf } from './collector.ts';
import {
  CHAT,
  MESSAGE,
  PLAIN_CHAT,
  PLAIN_MESSAGE,
  TOOL,
  isPlain,
  noteRest,
  noteStops,
  noteToolName,
} from './known-fields.ts';
import { collectSchema } from './schema.ts';
import type { Role } from './slot.ts';

const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
};

/** The texts of a chat. @see https://platform.openai.com/docs/api-reference/chat/create (checked 2026-11-22) */
export function collectOpenAiChat(into: SlotCollector, body: JsonObject): void {
  eachObject('/messages', body['messages'], (path, message, at) => {
    const role = roleOf(ROLES, message['role']);
    const where: Whereabouts = { place: role === 'tool' ? 'tool-results' : 'input', role, message: at };
    collectContent(into, `${path}/content`, message['content'], where, collectPart);
    if (isPlain(message, PLAIN_MESSAGE)) return;
    collectName(into, `${path}/name`, message['name'], where);
    collectTurn(into, path, message, where);
    noteRest(into, message, MESSAGE);
  });
  if (isPlain(body, PLAIN_CHAT)) return;
  const { documents } = body;
  const found: Whereabouts = { place: 'retrieved', role: 'none', message: -1 };
  if (Array.isArray(documents)) documents.forEach((one, at) => into.value(`/documents/${at}`, one, found));
  for (const name of ['chat_template_kwargs', 'web_search_options']) into.value(`/${name}`, body[name], NOBODY);
  noteStops(into, body['stop']);
  noteRest(into, body, CHAT);
  collectPrediction(into, body);
  collectTools(into, body);
  const format = body['response_format'];
  if (isJsonObject(format)) collectFormat(into, '/response_format/json_schema', format['json_schema']);
}

const PLAIN_NAME = /^[A-Za-z][\w.-]{0,23}$/;
const NUMBER = /\d{5}/;

/** Who speaks: models read it. Names of tools are told apart from texts. */
function collectName(into: SlotCollector, path: string, name: Json | undefined, where: Whereabouts): void {
  if (where.role === 'tool') noteToolName(into, name);
  else if (typeof name === 'string' && (!PLAIN_NAME.test(name) || NUMBER.test(name))) into.text(path, name, where);
}

function collectPart(into: SlotCollector, path: string, part: JsonObject, where: Whereabouts): void {
  into.member(path, part, 'text', where);
  into.member(path, part, 'refusal', where);
  switch (part['type']) {
    case 'text':
    case 'refusal':
      break;
    case 'image_url':
      into.note('image');
      break;
    case 'input_audio':
      into.note('audio');
      break;
    case 'video_url':
      into.note('video');
      break;
    case 'file':
      into.note('file');
      into.member(`${path}/file`, part['file'], 'filename', where);
      break;
    default:
      into.note('other');
  }
}

/**
 * What only the assistant should say: calls, refusals, thoughts, and what clients leave on answers that they send back. It
 * is looked at whoever says it.
 */
function collectTurn(into: SlotCollector, path: string, message: JsonObject, where: Whereabouts): void {
  for (const name of ['refusal', 'reasoning_content', 'reasoning']) into.member(path, message, name, where);
  collectThoughts(into, `${path}/${REASONING_ENTRIES}`, message[REASONING_ENTRIES], where);
  collectThoughts(into, `${path}/reasoning_details`, message['reasoning_details'], where);
  for (const name of ['parsed', 'annotations']) into.value(`${path}/${name}`, message[name], where);
  if (isJsonObject(message['audio'])) into.note('audio');
  const called: Whereabouts = { ...where, place: 'tool-arguments' };
  eachObject(`${path}/tool_calls`, message['tool_calls'], (at, call) => {
    collectCall(into, `${at}/function`, call['function'], called);
    if (!isJsonObject(call['custom'])) return;
    into.text(`${at}/custom/input`, call['custom']['input'], called);
    noteToolName(into, call['custom']['name']);
  });
  collectCall(into, `${path}/function_call`, message['function_call'], called);
}

function collectCall(into: SlotCollector, path: string, call: Json | undefined, where: Whereabouts): void {
  if (!isJsonObject(call)) return;
  noteToolName(into, call['name']);
  if (typeof call['arguments'] === 'string') into.json(`${path}/arguments`, call['arguments'], where);
  else into.value(`${path}/arguments`, call['arguments'], where);
  into.value(`${path}/parsed_arguments`, call['parsed_arguments'], where);
}

/** A thought with a proof goes back as it came, or as one without. */
function collectThoughts(into: SlotCollector, path: string, list: Json | undefined, where: Whereabouts): void {
  eachObject(path, list, (at, entry) => {
    if (typeof entry['data'] === 'string') into.sealed(where);
    const isSigned = typeof entry['signature'] === 'string';
    const proof = isSigned ? { path: `${at}/signature`, value: null } : undefined;
    for (const name of ['text', 'summary']) into.thought(`${at}/${name}`, entry[name], where, proof);
  });
}

/** What the answer is expected to be: nobody of the conversation says it. */
function collectPrediction(into: SlotCollector, { prediction }: JsonObject): void {
  if (isJsonObject(prediction)) collectContent(into, '/prediction/content', prediction['content'], NOBODY, collectPart);
}

function collectTools(into: SlotCollector, body: JsonObject): void {
  eachObject('/tools', body['tools'], (path, tool) => {
    for (const kind of ['function', 'custom']) collectTool(into, `${path}/${kind}`, tool[kind]);
    noteRest(into, tool, TOOL);
  });
  eachObject('/functions', body['functions'], (path, tool) => collectTool(into, path, tool));
}

/** A function or a custom tool: what it is for, and what is said of its arguments. */
export function collectTool(into: SlotCollector, path: string, tool: Json | undefined, depth = 0): void {
  if (!isJsonObject(tool)) return;
  for (const name of ['description', 'server_description']) into.member(path, tool, name, NOBODY);
  for (const name of ['parameters', 'output_schema']) collectSchema(into, `${path}/${name}`, tool[name]);
  for (const name of ['filters', 'user_location']) into.value(`${path}/${name}`, tool[name], NOBODY);
  collectGrammar(into, `${path}/format`, tool['format']);
  if (tool['input_image_mask'] !== undefined) into.note('image');
  noteToolName(into, tool['name']);
  noteRest(into, tool, TOOL);
  if (depth < MOST_DEPTH)
    eachObject(`${path}/tools`, tool['tools'], (at, one) => collectTool(into, at, one, depth + 1));
  else if (tool['tools'] !== undefined) into.note('other');
}

/** Namespaces of tools hold tools, and none a namespace. */
const MOST_DEPTH = 2;

/** How the input of a custom tool is written, as each of the two APIs has it. */
function collectGrammar(into: SlotCollector, path: string, format: Json | undefined): void {
  if (!isJsonObject(format)) return;
  into.member(path, format, 'definition', NOBODY);
  into.member(`${path}/grammar`, format['grammar'], 'definition', NOBODY);
}

/** A form of answers: its description and its schema. */
export function collectFormat(into: SlotCollector, path: string, format: Json | undefined): void {
  if (!isJsonObject(format)) return;
  into.member(path, format, 'description', NOBODY);
  collectSchema(into, `${path}/schema`, format['schema']);
}
