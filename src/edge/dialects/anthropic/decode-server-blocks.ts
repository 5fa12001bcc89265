import type { TextPart } from '../../../core/inference/content.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { readCache } from './decode-cache.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LOSSES } from './losses.ts';

const CALLS = new Set(['server_tool_use', 'mcp_tool_use']);

/** Blocks of Anthropic's own tools, in the history of a conversation that began there. */
const RESULTS: ReadonlySet<string> = new Set([
  'web_search_tool_result',
  'web_fetch_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
  'mcp_tool_result',
  'advisor_tool_result',
  'tool_reference',
]);

/** What only Anthropic can read, and what is no text. */
const SEALED = new Set(['encrypted_content', 'encrypted_stdout', 'encrypted_index', 'cache_control', 'caller']);

/**
 * A call or a result of a tool that ran at Anthropic, as text: without it the model would not know what the
 * assistant's words that follow are about.
 *
 * @throws capability_unsupported where the block is no text at all
 */
export function decodeServerBlock(block: Fields, type: string): readonly TextPart[] {
  if (type === 'container_upload') throw refusedField(block.path, `(${type}) ${LOSSES.upload}`);
  if (type === 'fallback') return leaveOutHop(block);
  if (type === 'compaction') return decodeSummary(block);
  if (!CALLS.has(type) && !RESULTS.has(type)) throw refusedField(block.path, `(${type}) ${LOSSES.unknownBlock}`);
  const text = CALLS.has(type) ? callText(block) : resultText(block, type);
  block.decoding.note(block.path, `(${type}) ${LOSSES.serverTool}`);
  block.ignore('id', 'tool_use_id', 'caller', 'server_name', 'is_error');
  return [{ type: 'text', text, ...given({ cache: readCache(block) }) }];
}

function callText(block: Fields): string {
  const name = block.requiredText('name');
  return `[Called ${name} with ${readable(block.requiredJson('input'))}]`;
}

function resultText(block: Fields, type: string): string {
  if (type === 'tool_reference') return `[The tool ${block.requiredText('tool_name')} is available]`;
  const content = block.raw('content');
  return `[${type}: ${typeof content === 'string' ? content : readable(content ?? [])}]`;
}

function leaveOutHop(block: Fields): readonly TextPart[] {
  block.decoding.note(block.path, `(fallback) ${LOSSES.hop}`);
  block.ignore('from', 'to', 'trigger');
  return [];
}

/** A compaction that failed has no text. */
function decodeSummary(block: Fields): readonly TextPart[] {
  block.decoding.note(block.path, `(compaction) ${LOSSES.summary}`);
  block.ignore('encrypted_content');
  const text = block.text('content') ?? '';
  const cache = readCache(block);
  return text === '' ? [] : [{ type: 'text', text, ...given({ cache }) }];
}

function readable(value: unknown): string {
  return JSON.stringify(value, (key: string, member: unknown) => {
    if (SEALED.has(key)) return undefined;
    return isJsonObject(member) && isBase64(member) ? { ...member, data: '(left out)' } : member;
  });
}

function isBase64(source: JsonObject): boolean {
  return asString(source['type']) === 'base64';
}
