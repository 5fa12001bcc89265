import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { NOBODY, type SlotCollector, type Whereabouts, collectContent, eachObject, roleOf } from './collector.ts';
import { ITEM, RESPONSES, noteRest, noteToolName } from './known-fields.ts';
import { collectFormat, collectTool } from './openai.ts';
import type { Role } from './slot.ts';

const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};

/** Fields with what a tool was called with: JSON as text, plain text, or a value. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  function_call: ['arguments', 'parsed_arguments'],
  mcp_call: ['arguments'],
  mcp_approval_request: ['arguments'],
  custom_tool_call: ['input'],
  web_search_call: ['action'],
  file_search_call: ['queries'],
  code_interpreter_call: ['code'],
  computer_call: ['action', 'actions'],
  local_shell_call: ['action'],
  shell_call: ['action'],
  apply_patch_call: ['operation'],
  image_generation_call: ['revised_prompt'],
  tool_search_call: ['arguments'],
};

/** Fields with what came of it. */
const RESULTS: Readonly<Record<string, readonly string[]>> = {
  function_call_output: ['output'],
  custom_tool_call_output: ['output'],
  mcp_call: ['output', 'error'],
  mcp_list_tools: ['tools', 'error'],
  code_interpreter_call: ['outputs'],
  local_shell_call_output: ['output'],
  shell_call_output: ['output'],
  apply_patch_call_output: ['output'],
  computer_call_output: ['acknowledged_safety_checks'],
  mcp_approval_response: ['reason'],
  tool_search_output: ['tools'],
};

/** Items with pictures. */
const PICTURES: ReadonlySet<string> = new Set(['computer_call_output', 'image_generation_call']);
/** Items without anything to read. */
const SILENT: ReadonlySet<string> = new Set(['item_reference', 'compaction']);

/** The texts of a request for a response. @see https://platform.openai.com/docs/api-reference/responses/create (checked 2026-11-22) */
export function collectResponses(into: SlotCollector, body: JsonObject): void {
  const { instructions, input, prompt, tools, text } = body;
  const system: Whereabouts = { place: 'input', role: 'system', message: -1 };
  if (Array.isArray(instructions)) collectItems(into, '/instructions', instructions, -1);
  else into.text('/instructions', instructions, system);
  into.text('/input', input, { place: 'input', role: 'user', message: 0 });
  if (Array.isArray(input)) collectItems(into, '/input', input, 0);
  if (isJsonObject(prompt)) collectVariables(into, prompt['variables']);
  eachObject('/tools', tools, (path, tool) => collectTool(into, path, tool));
  noteRest(into, body, RESPONSES);
  if (isJsonObject(text)) collectFormat(into, '/text/format', text['format']);
}

function collectItems(into: SlotCollector, path: string, items: readonly Json[], from: 0 | -1): void {
  for (const [at, item] of items.entries()) {
    if (isJsonObject(item)) collectItem(into, `${path}/${at}`, item, from < 0 ? -1 : at);
    else into.value(`${path}/${at}`, item, { place: 'input', role: 'user', message: from < 0 ? -1 : at });
  }
}

/** Of each kind of item, what is read of it beside what they all have. */
const KNOWN = new Map<string, ReadonlySet<string>>();

function knownOf(type: string): ReadonlySet<string> {
  if (!Object.hasOwn(CALLS, type) && !Object.hasOwn(RESULTS, type)) return ITEM;
  const known = KNOWN.get(type) ?? new Set([...ITEM, ...(CALLS[type] ?? []), ...(RESULTS[type] ?? [])]);
  KNOWN.set(type, known);
  return known;
}

function collectItem(into: SlotCollector, path: string, item: JsonObject, message: number): void {
  const { type: said, role: by } = item;
  const isMessage = by !== undefined || item['content'] !== undefined;
  const type = typeof said === 'string' ? said : isMessage ? 'message' : 'item_reference';
  noteRest(into, item, knownOf(type));
  noteToolName(into, item['name']);
  if (type === 'message') {
    const where: Whereabouts = { place: 'input', role: roleOf(ROLES, by), message };
    collectContent(into, `${path}/content`, item['content'], where, collectPart);
    return;
  }
  if (type === 'reasoning') {
    collectReasoning(into, path, item, message);
    return;
  }
  const called = Object.hasOwn(CALLS, type) ? CALLS[type] : undefined;
  const came = Object.hasOwn(RESULTS, type) ? RESULTS[type] : undefined;
  for (const name of called ?? []) {
    const where: Whereabouts = { place: 'tool-arguments', role: 'assistant', message };
    if (name === 'arguments' && typeof item[name] === 'string') into.json(`${path}/${name}`, item[name], where);
    else into.value(`${path}/${name}`, item[name], where);
  }
  for (const name of came ?? []) collectResult(into, `${path}/${name}`, item[name], message);
  if (type === 'file_search_call') collectFound(into, `${path}/results`, item['results'], message);
  if (PICTURES.has(type)) into.note('image');
  else if (!called && !came && !SILENT.has(type)) into.note('other');
}

/** A text, a list of parts, or a value. */
function collectResult(into: SlotCollector, path: string, output: Json | undefined, message: number): void {
  const where: Whereabouts = { place: 'tool-results', role: 'tool', message };
  const isParts = Array.isArray(output) && output.every((part) => isJsonObject(part) && isPart(part));
  if (isParts) collectContent(into, path, output, where, collectPart);
  else into.value(path, output, where);
}

function isPart({ type }: JsonObject): boolean {
  return typeof type === 'string' && (TEXTS.has(type) || type.startsWith('input_'));
}

/** What a search in files brought. */
function collectFound(into: SlotCollector, path: string, results: Json | undefined, message: number): void {
  eachObject(path, results, (at, result) => {
    for (const name of ['text', 'filename', 'attributes']) {
      into.value(`${at}/${name}`, result[name], { place: 'retrieved', role: 'tool', message });
    }
  });
}

/** What the server kept sealed belongs to what is shown. */
function collectReasoning(into: SlotCollector, path: string, item: JsonObject, message: number): void {
  if (typeof item['encrypted_content'] === 'string') into.note('reasoning');
  const where: Whereabouts = { place: 'input', role: 'assistant', message };
  for (const name of ['summary', 'content']) {
    eachObject(`${path}/${name}`, item[name], (at, part) => into.member(at, part, 'text', where));
  }
}

const TEXTS: ReadonlySet<string> = new Set([
  'input_text',
  'output_text',
  'text',
  'refusal',
  'summary_text',
  'reasoning_text',
]);

function collectPart(into: SlotCollector, path: string, part: JsonObject, where: Whereabouts): void {
  for (const name of ['text', 'refusal', 'filename']) into.member(path, part, name, where);
  for (const name of ['parsed', 'annotations']) into.value(`${path}/${name}`, part[name], where);
  const { type } = part;
  if (type === 'input_image' || type === 'computer_screenshot') into.note('image');
  else if (type === 'input_file') into.note('file');
  else if (type === 'input_audio') into.note('audio');
  else if (typeof type !== 'string' || !TEXTS.has(type)) into.note('other');
}

/** What is put into a prompt that is kept at OpenAI: texts, or parts. */
function collectVariables(into: SlotCollector, variables: Json | undefined): void {
  if (isJsonObject(variables)) into.value('/prompt/variables', variables, { ...NOBODY, role: 'user' });
}
