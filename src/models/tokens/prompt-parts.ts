import type { AudioPart, DocumentPart, ImagePart, Message, ToolResultPart } from '../../core/inference/content.ts';
import type { InferenceRequest } from '../../core/inference/request.ts';

/** A prompt taken apart into what is counted in different ways. */
export interface PromptParts {
  readonly texts: readonly string[];
  readonly messages: number;
  readonly names: number;
  readonly toolCalls: number;
  readonly images: readonly ImagePart[];
  readonly documents: readonly DocumentPart[];
  readonly audio: readonly AudioPart[];
}

type Part = Message['content'][number] | ToolResultPart['content'][number];

type Mutable = { -readonly [K in keyof PromptParts]: PromptParts[K] extends readonly (infer T)[] ? T[] : number };

export function promptParts(messages: InferenceRequest['messages']): PromptParts {
  const parts: Mutable = { texts: [], messages: 0, names: 0, toolCalls: 0, images: [], documents: [], audio: [] };
  for (const message of messages) addMessage(parts, message);
  return parts;
}

function addMessage(parts: Mutable, message: Message): void {
  const results = message.content.filter(({ type }) => type === 'tool-result').length;
  // In OpenAI's form each result is a message, beside what else the user says in the turn.
  parts.messages += results === 0 ? 1 : results + (message.content.length > results ? 1 : 0);
  if (message.name !== undefined) {
    parts.names += 1;
    parts.texts.push(message.name);
  }
  for (const part of message.content) addPart(parts, part);
}

function addPart(parts: Mutable, part: Part): void {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      parts.texts.push(part.text);
      return;
    case 'tool-call':
      parts.toolCalls += 1;
      parts.texts.push(part.name, part.argumentsText);
      return;
    case 'tool-result':
      for (const inner of part.content) addPart(parts, inner);
      return;
    case 'image':
      parts.images.push(part);
      return;
    case 'audio':
      parts.audio.push(part);
      return;
    case 'document':
      addDocument(parts, part);
      return;
  }
}

function addDocument(parts: Mutable, part: DocumentPart): void {
  for (const text of [part.title, part.context]) if (text !== undefined) parts.texts.push(text);
  if (part.source.kind === 'text') parts.texts.push(part.source.text);
  else parts.documents.push(part);
}
