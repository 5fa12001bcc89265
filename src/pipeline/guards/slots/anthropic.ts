import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { pointerPart } from '../../../core/json-spans.ts';
import { NOBODY, type SlotCollector, type Whereabouts, collectContent, eachObject, roleOf } from './collector.ts';
import { ANTHROPIC_MESSAGE, ANTHROPIC_TOOL, MESSAGES, noteRest, noteStops, noteToolName } from './known-fields.ts';
import { collectFormat } from './openai.ts';
import { collectSchema } from './schema.ts';
import type { Role } from './slot.ts';

const ROLES: Readonly<Record<string, Role>> = { user: 'user', assistant: 'assistant', system: 'system' };

/** How deep blocks stand in blocks: a text in a document in a tool's result. */
const MOST_DEPTH = 3;

const CALLS: ReadonlySet<string> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);
/** What only the provider can read, or nobody may change. */
const SEALED: ReadonlySet<string> = new Set([
  'type',
  'encrypted_content',
  'encrypted_stdout',
  'encrypted_index',
  'cache_control',
  'caller',
  'file_id',
]);

/** The texts of a request for a message. @see https://docs.anthropic.com/en/api/messages (checked 2026-11-22) */
export function collectAnthropic(into: SlotCollector, body: JsonObject): void {
  collectBlocks(into, '/system', body['system'], { place: 'input', role: 'system', message: -1 });
  eachObject('/messages', body['messages'], (path, message, at) => {
    const where: Whereabouts = { place: 'input', role: roleOf(ROLES, message['role']), message: at };
    collectBlocks(into, `${path}/content`, message['content'], where);
    noteRest(into, message, ANTHROPIC_MESSAGE);
  });
  noteRest(into, body, MESSAGES);
  noteStops(into, body['stop_sequences']);
  eachObject('/tools', body['tools'], (path, tool) => {
    into.member(path, tool, 'description', NOBODY);
    collectSchema(into, `${path}/input_schema`, tool['input_schema']);
    for (const name of ['input_examples', 'user_location']) into.value(`${path}/${name}`, tool[name], NOBODY);
    noteToolName(into, tool['name']);
    noteRest(into, tool, ANTHROPIC_TOOL);
  });
  const config = body['output_config'];
  if (isJsonObject(config)) collectFormat(into, '/output_config/format', config['format']);
  collectFormat(into, '/output_format', body['output_format']);
}

/** A text, or a list of blocks; what should be neither is read as it is. */
function collectBlocks(
  into: SlotCollector,
  path: string,
  content: Json | undefined,
  where: Whereabouts,
  depth = 0,
): void {
  if (depth > MOST_DEPTH && Array.isArray(content)) into.note('other');
  else collectContent(into, path, content, where, (...block) => collectBlock(...block, depth + 1));
}

function collectBlock(into: SlotCollector, path: string, block: JsonObject, where: Whereabouts, depth: number): void {
  const { type } = block;
  const { message } = where;
  switch (type) {
    case 'text':
      into.member(path, block, 'text', where);
      collectCitations(into, `${path}/citations`, block['citations'], where);
      break;
    case 'image':
      into.note('image');
      break;
    case 'document':
      collectDocument(into, path, block, message, depth);
      break;
    case 'search_result':
      for (const name of ['title', 'source']) into.member(path, block, name, found(message));
      collectBlocks(into, `${path}/content`, block['content'], found(message), depth);
      break;
    case 'tool_result':
      collectBlocks(into, `${path}/content`, block['content'], result(message), depth);
      break;
    case 'thinking':
      collectThinking(into, path, block, where);
      break;
    case 'redacted_thinking':
      into.sealed(where);
      break;
    case 'compaction':
      into.member(path, block, 'content', where);
      break;
    case 'container_upload':
      into.note('file');
      break;
    default:
      collectServed(into, path, block, message, depth);
  }
}

const found = (message: number): Whereabouts => ({ place: 'retrieved', role: 'tool', message });
const result = (message: number): Whereabouts => ({ place: 'tool-results', role: 'tool', message });

/** Calls of tools, whoever runs them, and what came of those that run at the provider. */
function collectServed(into: SlotCollector, path: string, block: JsonObject, message: number, depth: number): void {
  const { type } = block;
  if (typeof type === 'string' && CALLS.has(type)) {
    noteToolName(into, block['name']);
    into.value(`${path}/input`, block['input'], { place: 'tool-arguments', role: 'assistant', message });
  } else if (typeof type === 'string' && type.endsWith('_tool_result')) {
    collectResult(into, `${path}/content`, block['content'], message, depth);
  } else if (type !== 'tool_reference' && type !== 'fallback') into.note('other');
}

/** A list of blocks, of what a search found, or one object that says how it went: its texts, but for what is sealed. */
function collectResult(
  into: SlotCollector,
  path: string,
  content: Json | undefined,
  message: number,
  depth: number,
): void {
  into.text(path, content, result(message));
  if (isJsonObject(content)) collectOutcome(into, path, content, message, depth);
  else eachObject(path, content, (at, one) => collectOutcome(into, at, one, message, depth));
}

function collectOutcome(into: SlotCollector, path: string, outcome: JsonObject, message: number, depth: number): void {
  const isFound = outcome['type'] === 'web_search_result';
  const where = isFound ? found(message) : result(message);
  for (const [name, value] of Object.entries(outcome)) {
    if (SEALED.has(name)) continue;
    const at = `${path}/${pointerPart(name)}`;
    if (typeof value === 'string') into.text(at, value, where);
    else if (isJsonObject(value) && value['type'] === 'document') collectDocument(into, at, value, message, depth);
    else if (name === 'content') collectBlocks(into, at, value, where, depth);
  }
}

function collectDocument(into: SlotCollector, path: string, block: JsonObject, message: number, depth: number): void {
  const where = found(message);
  for (const name of ['title', 'context']) into.member(path, block, name, where);
  const { source } = block;
  if (!isJsonObject(source)) return;
  switch (source['type']) {
    case 'text':
      into.member(`${path}/source`, source, 'data', where);
      break;
    case 'content':
      collectBlocks(into, `${path}/source/content`, source['content'], where, depth);
      break;
    default:
      into.note('file');
  }
}

/** What an earlier answer cited. */
function collectCitations(into: SlotCollector, path: string, citations: Json | undefined, where: Whereabouts): void {
  eachObject(path, citations, (at, citation) => {
    for (const name of ['cited_text', 'document_title', 'title', 'url', 'source'])
      into.member(at, citation, name, where);
  });
}

/** A thought that has a proof goes back as it came, or as one without. */
function collectThinking(into: SlotCollector, path: string, block: JsonObject, where: Whereabouts): void {
  const { signature } = block;
  const isSigned = typeof signature === 'string' && signature !== '' && signature !== UNSIGNED;
  const proof = isSigned ? { path: `${path}/signature`, value: UNSIGNED } : undefined;
  into.thought(`${path}/thinking`, block['thinking'], where, proof);
}
