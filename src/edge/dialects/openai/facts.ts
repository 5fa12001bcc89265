import type { BodyFacts, Operation } from '../../../core/call.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import {
  invalidField,
  isAbsent,
  optionalFlag,
  optionalObject,
  optionalText,
  requireMessages,
  requiredModel,
} from '../read-fields.ts';
import { defaultModel } from './default-model.ts';

/**
 * What the gateway itself has to know of an OpenAI body; the rest is the provider's to judge.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create (checked 2026-11-21)
 * @throws request_invalid
 */
export function readFacts(body: JsonObject, operation: Operation): BodyFacts {
  const model = defaultModel(body, operation) ?? requiredModel(body);
  requireInput(body, operation);
  const user = optionalText(body, 'user');
  const safetyIdentifier = optionalText(body, 'safety_identifier');
  return {
    model,
    stream: asksStream(body, operation),
    user: user ?? safetyIdentifier,
    metadata: FORMS.has(operation) ? formMetadata(body) : optionalObject(body, 'metadata'),
  };
}

/** Operations whose bodies may be forms, where every field is a text. */
const FORMS: ReadonlySet<Operation> = new Set(['transcription', 'audio-translation', 'image-edit', 'image-variation']);

/** What an operation cannot do without, where it is not in a file. */
const INPUTS: Readonly<Partial<Record<Operation, { readonly field: string; readonly says: string }>>> = {
  completion: { field: 'prompt', says: 'a text or a list of texts to complete' },
  embeddings: { field: 'input', says: 'a text or a list of texts to embed' },
  moderation: { field: 'input', says: 'a text, or a list of texts or parts, to look at' },
  speech: { field: 'input', says: 'the text to speak' },
  image: { field: 'prompt', says: 'a text that says what to draw' },
};

function requireInput(body: JsonObject, operation: Operation): void {
  if (operation === 'chat') {
    requireMessages(body);
    return;
  }
  if (operation === 'rerank') {
    requireDocuments(body);
    return;
  }
  const input = INPUTS[operation];
  if (!input) return;
  const value = body[input.field];
  // A completion may begin with nothing, and OpenAI takes null for that.
  const isMissing = operation === 'completion' ? value === undefined : isAbsent(value) || value === '';
  if (isMissing) {
    throw invalidField(input.field, `\`${input.field}\` must be ${input.says}.`);
  }
}

function requireDocuments({ query, documents }: JsonObject): void {
  if (typeof query !== 'string') throw invalidField('query', '`query` must be the text to rank by.');
  if (Array.isArray(documents) && documents.length > 0) return;
  throw invalidField('documents', '`documents` must be a list with at least one document to rank.');
}

/** Speech is streamed as events where its format says so; as a file it comes in pieces anyway. */
function asksStream(body: JsonObject, operation: Operation): boolean {
  const { stream } = body;
  if (FORMS.has(operation) && typeof stream === 'string') return /^(true|1)$/i.test(stream);
  return optionalFlag(body, 'stream') || (operation === 'speech' && body['stream_format'] === 'sse');
}

function formMetadata({ metadata }: JsonObject): JsonObject | undefined {
  return isJsonObject(metadata) ? metadata : undefined;
}
