import type {
  AssistantPart,
  CacheBreakpoint,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../../core/inference/content.ts';
import { signatureFor } from '../../../core/inference/signatures.ts';
import { parseArguments } from '../../../core/inference/tool-arguments.ts';
import type { JsonObject } from '../../../core/json.ts';
import { audioBlock, contentBlocks, textBlocks } from './build-blocks.ts';
import type { Building } from './building.ts';
import { wireToolName } from './tool-names.ts';

/** A result without content, which the wire does not have. */
const NO_CONTENT: JsonObject = { text: '(empty)' };

/** The blocks of a user's turn: results of tools first, which have to follow their calls at once. */
export function userBlocks(parts: readonly UserPart[], building: Building): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const part of sorted(parts, ({ type }) => type === 'tool-result')) {
    blocks.push(...userPart(part, building));
    building.cachePoints.mark(blocks, cacheOf(part));
  }
  return blocks;
}

/** The blocks of an assistant's turn: calls of tools last, since their results follow. */
export function assistantBlocks(parts: readonly AssistantPart[], building: Building): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const part of sorted(parts, ({ type }) => type !== 'tool-call')) {
    blocks.push(...assistantPart(part, building));
    if (part.type === 'text' || part.type === 'tool-call') building.cachePoints.mark(blocks, part.cache);
  }
  if (!blocks.every(isReasoning)) return blocks;
  // A turn of reasoning alone is no answer.
  if (blocks.length > 0) {
    building.translation.lose('reasoning-history', 'is left out where nothing follows it in its turn');
  }
  return [];
}

export function isReasoning({ reasoningContent }: JsonObject): boolean {
  return reasoningContent !== undefined;
}

/** Those that `first` is true of before the others, each kind in its own order. */
function sorted<Part>(parts: readonly Part[], first: (part: Part) => boolean): Part[] {
  return [...parts.filter(first), ...parts.filter((part) => !first(part))];
}

/** A result's own parts cannot be marked, so the end of the result is. */
function cacheOf(part: UserPart): CacheBreakpoint | undefined {
  if (part.type === 'audio') return undefined;
  if (part.type !== 'tool-result') return part.cache;
  return part.cache ?? part.content.findLast(({ cache }) => cache !== undefined)?.cache;
}

function userPart(part: UserPart, building: Building): JsonObject[] {
  switch (part.type) {
    case 'audio':
      return [audioBlock(part)];
    case 'tool-result':
      return [toolResult(part, building)];
    default:
      return contentBlocks(part, building);
  }
}

function toolResult({ toolCallId, content, isError }: ToolResultPart, building: Building): JsonObject {
  const blocks = content.flatMap((part) => contentBlocks(part, building));
  return {
    toolResult: {
      toolUseId: building.callIds.ofResult(toolCallId),
      content: blocks.length === 0 ? [NO_CONTENT] : blocks,
      ...(isError ? failed(building) : {}),
    },
  };
}

/** Models that do not know it refuse it. */
function failed({ traits, translation }: Building): JsonObject {
  if (traits.maker !== 'other' && traits.maker !== 'gpt-oss') return { status: 'error' };
  translation.lose('tool-result-error');
  return {};
}

function assistantPart(part: AssistantPart, building: Building): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return textBlocks(part);
    case 'reasoning':
      return reasoningBlocks(part, building);
    default:
      return [toolUse(part, building)];
  }
}

function toolUse({ id, name, argumentsText }: ToolCallPart, building: Building): JsonObject {
  const { input, exact } = parseArguments(argumentsText);
  if (!exact) building.translation.lose('tool-arguments-not-json');
  return { toolUse: { toolUseId: building.callIds.ofCall(id), name: wireToolName(name), input } };
}

/** Proofs are given back to who made them. Those of another, where they stand alone, are nothing that could be missed. */
function reasoningBlocks({ text, signature, redacted }: ReasoningPart, building: Building): JsonObject[] {
  const sealed = redacted === undefined ? undefined : signatureFor('converse', redacted);
  if (sealed !== undefined) return [{ reasoningContent: { redactedContent: sealed } }];
  const proof = signature === undefined ? undefined : signatureFor('converse', signature);
  if (proof !== undefined) return [{ reasoningContent: { reasoningText: { text, signature: proof } } }];
  if (text !== '' || redacted !== undefined) building.translation.lose('reasoning-history');
  return [];
}
