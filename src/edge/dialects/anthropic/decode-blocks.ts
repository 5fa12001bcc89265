import type { AssistantPart, TextPart, ToolResultPart, UserPart } from '../../../core/inference/content.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import { invalidField } from '../read-fields.ts';
import { readCache } from './decode-cache.ts';
import { contentOf } from './decode-content.ts';
import { decodeDocument, decodeImage, decodeSearchResult, decodeText } from './decode-media.ts';
import { decodeServerBlock } from './decode-server-blocks.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LOSSES } from './losses.ts';

const USER_ONLY = new Set(['image', 'document', 'tool_result']);
const ASSISTANT_ONLY = new Set(['tool_use', 'thinking', 'redacted_thinking']);

/** @throws request_invalid, capability_unsupported */
export function decodeUserBlock(block: Fields): readonly UserPart[] {
  const type = block.requiredText('type');
  switch (type) {
    case 'image':
      return [decodeImage(block)];
    case 'document':
      return decodeDocument(block);
    case 'tool_result':
      return [decodeToolResult(block)];
    default:
      if (ASSISTANT_ONLY.has(type)) throw misplaced(block, type, 'an assistant');
      return decodeSharedBlock(block, type);
  }
}

/** @throws request_invalid, capability_unsupported */
export function decodeAssistantBlock(block: Fields): readonly AssistantPart[] {
  const type = block.requiredText('type');
  switch (type) {
    case 'tool_use':
      return [decodeToolUse(block)];
    case 'thinking':
      return [decodeThinking(block)];
    case 'redacted_thinking':
      block.decoding.uses('reasoning-history', block.path);
      block.decoding.uses('redacted-reasoning', block.path);
      return [{ type: 'reasoning', text: '', redacted: block.requiredText('data') }];
    default:
      if (USER_ONLY.has(type)) throw misplaced(block, type, 'a user');
      return decodeSharedBlock(block, type);
  }
}

/** What may stand in any message becomes text there. */
function decodeSharedBlock(block: Fields, type: string): readonly TextPart[] {
  if (type === 'text') return [decodeText(block)];
  if (type === 'search_result') return [decodeSearchResult(block)];
  return decodeServerBlock(block, type);
}

function misplaced(block: Fields, type: string, owner: string): Error {
  return invalidField(block.path, `\`${block.path}\` is a ${type} block, which belongs into ${owner} message.`);
}

function decodeToolUse(block: Fields): AssistantPart {
  const caller = block.object('caller');
  if (caller && caller.text('type') !== 'direct') block.note('caller', LOSSES.caller);
  block.uses('tool-call-id', 'id');
  return {
    type: 'tool-call',
    id: block.requiredText('id'),
    name: block.requiredText('name'),
    argumentsText: JSON.stringify(block.requiredJson('input')),
    ...given({ cache: readCache(block) }),
  };
}

function decodeThinking(block: Fields): AssistantPart {
  const text = block.requiredText('thinking');
  const signature = block.text('signature');
  block.decoding.uses('reasoning-history', block.path);
  if (signature === undefined || signature === '' || signature === UNSIGNED) return { type: 'reasoning', text };
  block.uses('reasoning-signature', 'signature');
  return { type: 'reasoning', text, signature };
}

function decodeToolResult(block: Fields): ToolResultPart {
  const isError = block.flag('is_error');
  if (isError) block.uses('tool-result-error', 'is_error');
  return {
    type: 'tool-result',
    toolCallId: block.requiredText('tool_use_id'),
    content: contentOf(block, 'content', decodeResultBlock),
    ...given({ isError, cache: readCache(block) }),
  };
}

function decodeResultBlock(block: Fields): ToolResultPart['content'] {
  const type = block.requiredText('type');
  switch (type) {
    case 'image':
      block.decoding.uses('tool-result-image', block.path);
      return [decodeImage(block)];
    case 'document':
      block.decoding.uses('tool-result-document', block.path);
      return decodeResultDocument(block);
    default:
      if (ASSISTANT_ONLY.has(type) || type === 'tool_result') {
        throw invalidField(
          block.path,
          `\`${block.path}\` is a ${type} block, which cannot be part of a tool's result.`,
        );
      }
      return decodeSharedBlock(block, type);
  }
}

/** Images that stood inside come behind it, and are then images of the result. */
function decodeResultDocument(block: Fields): ToolResultPart['content'] {
  const [document, ...images] = decodeDocument(block);
  if (images.length > 0) block.decoding.uses('tool-result-image', block.path);
  return [document, ...images];
}
