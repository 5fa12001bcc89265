import type {
  AssistantPart,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../../core/inference/content.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { systemTexts } from '../system-texts.ts';
import { buildPart, contentOf, resultDocument, textPart } from './build-content.ts';
import { wireToolName } from './tool-names.ts';

const ERROR = 'Error: ';

/**
 * The conversation as Cohere takes it: one system message, which is the first, and results of tools as messages of
 * their own, right behind the calls.
 * @param instruction what the gateway itself has to say to the model
 * @throws capability_unsupported
 */
export function buildMessages(
  translation: Translation,
  capabilities: Capabilities | undefined,
  instruction: string | undefined,
): JsonObject[] {
  const { messages } = translation.request;
  const spoken = messages.flatMap((message) => {
    if (message.name !== undefined) translation.lose('participant-name');
    switch (message.role) {
      case 'system':
        return [];
      case 'assistant':
        return assistantMessages(message.content, translation, capabilities);
      default:
        return userMessages(message.content, translation);
    }
  });
  if (messages.at(-1)?.role === 'assistant') translation.lose('prefill');
  return [...systemMessages(translation, instruction), ...spoken];
}

function systemMessages(translation: Translation, instruction: string | undefined): JsonObject[] {
  const texts = systemTexts(translation);
  if (instruction !== undefined) texts.push(instruction);
  return texts.length === 0 ? [] : [{ role: 'system', content: texts.join('\n\n') }];
}

function userMessages(parts: readonly UserPart[], translation: Translation): JsonObject[] {
  const results = parts.filter((part) => part.type === 'tool-result');
  const said = parts.filter((part) => part.type !== 'tool-result');
  const images = results.flatMap((result) => resultImages(result, translation));
  const isSilent = said.length === 0 && images.length === 0 && results.length > 0;
  const content = images.length === 0 ? contentOf(said, translation) : [...images, ...partsOf(said, translation)];
  return [
    ...results.map((result) => resultMessage(result, translation)),
    ...(isSilent ? [] : [{ role: 'user', content }]),
  ];
}

function partsOf(parts: Parameters<typeof contentOf>[0], translation: Translation): JsonObject[] {
  return parts.map((part) => buildPart(part, translation));
}

/** Texts alone are one string; beside documents they are blocks. */
function resultMessage({ toolCallId, content, isError }: ToolResultPart, translation: Translation): JsonObject {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const text = `${isError ? ERROR : ''}${texts.join('\n\n')}`;
  const documents = content.flatMap((part) => (part.type === 'document' ? [resultDocument(part, translation)] : []));
  const written = documents.length === 0 ? text : [...(text === '' ? [] : [textPart(text)]), ...documents];
  return { role: 'tool', tool_call_id: toolCallId, content: written };
}

/** Images of a result, with a line that says whose they are. */
function resultImages({ toolCallId, content }: ToolResultPart, translation: Translation): JsonObject[] {
  const images = content.filter((part) => part.type === 'image');
  if (images.length === 0) return [];
  translation.lose('tool-result-image');
  return [
    textPart(`From the result of the tool call ${toolCallId}:`),
    ...images.map((image) => buildPart(image, translation)),
  ];
}

/** None where nothing is left of the turn, which Cohere refuses. */
function assistantMessages(
  parts: readonly AssistantPart[],
  translation: Translation,
  capabilities: Capabilities | undefined,
): JsonObject[] {
  const texts = parts.flatMap((part) => (part.type === 'text' || part.type === 'refusal' ? [part.text] : []));
  const calls = parts.filter((part) => part.type === 'tool-call');
  const reasoning = reasoningText(
    parts.filter((part) => part.type === 'reasoning'),
    translation,
  );
  // Texts of one answer may be pieces of one sentence, so that nothing is put between them.
  const text = texts.join('');
  if (calls.length > 0) {
    return [
      {
        role: 'assistant',
        ...(text === '' ? {} : { content: text }),
        ...(reasoning === '' ? {} : { tool_plan: reasoning }),
        tool_calls: calls.map(toolCall),
      },
    ];
  }
  if (reasoning === '' || capabilities?.reasoning !== true) {
    if (reasoning !== '') translation.lose('reasoning-history');
    return text === '' ? [] : [{ role: 'assistant', content: text }];
  }
  const thought = { type: 'thinking', thinking: reasoning };
  return [{ role: 'assistant', content: [thought, ...(text === '' ? [] : [textPart(text)])] }];
}

function toolCall({ id, name, argumentsText }: ToolCallPart): JsonObject {
  const args = argumentsText.trim() === '' ? '{}' : argumentsText;
  return { id, type: 'function', function: { name: wireToolName(name), arguments: args } };
}

/** Cohere proves no reasoning, so that every proof is another's. */
function reasoningText(parts: readonly ReasoningPart[], translation: Translation): string {
  for (const { signature, redacted } of parts) {
    if (redacted !== undefined) translation.lose('redacted-reasoning');
    else if (signature !== undefined && signature !== UNSIGNED) translation.lose('reasoning-signature');
  }
  return parts.map((part) => part.text).join('');
}
