import { REASONING_ENTRIES } from '../../../core/inference/reasoning-entries.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { NOBODY, type SlotCollector, type Whereabouts, eachObject } from './collector.ts';
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
    const { role: said } = message;
    // A role that nobody knows is taken for the user's, which is looked at most closely.
    const role = (typeof said === 'string' && Object.hasOwn(ROLES, said) ? ROLES[said] : undefined) ?? 'user';
    const where: Whereabouts = { place: role === 'tool' ? 'tool-results' : 'input', role, message: at };
    collectContent(into, `${path}/content`, message['content'], where);
    collectTurn(into, path, message, where);
  });
  collectPrediction(into, body);
  collectTools(into, body);
  const format = body['response_format'];
  if (isJsonObject(format)) collectFormat(into, '/response_format/json_schema', format['json_schema']);
}

/** A text, or a list of parts. */
function collectContent(into: SlotCollector, path: string, content: Json | undefined, where: Whereabouts): void {
  into.text(path, content, where);
  if (!Array.isArray(content)) return;
  for (const [at, part] of content.entries()) {
    if (isJsonObject(part)) collectPart(into, `${path}/${at}`, part, where);
    else into.text(`${path}/${at}`, part, where);
  }
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
    if (isJsonObject(call['custom'])) into.text(`${at}/custom/input`, call['custom']['input'], called);
  });
  collectCall(into, `${path}/function_call`, message['function_call'], called);
}

function collectCall(into: SlotCollector, path: string, call: Json | undefined, where: Whereabouts): void {
  if (!isJsonObject(call)) return;
  into.json(`${path}/arguments`, call['arguments'], where);
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
  if (isJsonObject(prediction)) collectContent(into, '/prediction/content', prediction['content'], NOBODY);
}

function collectTools(into: SlotCollector, body: JsonObject): void {
  eachObject('/tools', body['tools'], (path, tool) => {
    for (const kind of ['function', 'custom']) collectTool(into, `${path}/${kind}`, tool[kind]);
  });
  eachObject('/functions', body['functions'], (path, tool) => collectTool(into, path, tool));
}

/** A function or a custom tool: what it is for, and what is said of its arguments. */
export function collectTool(into: SlotCollector, path: string, tool: Json | undefined): void {
  if (!isJsonObject(tool)) return;
  into.member(path, tool, 'description', NOBODY);
  for (const name of ['parameters', 'output_schema']) collectSchema(into, `${path}/${name}`, tool[name]);
}

/** A form of answers: its description and its schema. */
export function collectFormat(into: SlotCollector, path: string, format: Json | undefined): void {
  if (!isJsonObject(format)) return;
  into.member(path, format, 'description', NOBODY);
  collectSchema(into, `${path}/schema`, format['schema']);
}
