import type { BodyFacts, Operation } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import {
  invalidField,
  isAbsent,
  optionalFlag,
  optionalObject,
  optionalText,
  requireMessages,
  requiredModel,
} from '../read-fields.ts';

/**
 * What the gateway itself has to know of an OpenAI body; the rest is the provider's to judge.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create (checked 2026-11-21)
 * @throws request_invalid
 */
export function readFacts(body: JsonObject, operation: Operation): BodyFacts {
  const model = requiredModel(body);
  if (operation === 'embeddings') requireInput(body);
  else requireMessages(body);
  const user = optionalText(body, 'user');
  const safetyIdentifier = optionalText(body, 'safety_identifier');
  return {
    model,
    stream: optionalFlag(body, 'stream'),
    user: user ?? safetyIdentifier,
    metadata: optionalObject(body, 'metadata'),
  };
}

function requireInput(body: JsonObject): void {
  const { input } = body;
  if (isAbsent(input) || input === '')
    throw invalidField('input', '`input` must be a text or a list of texts to embed.');
}
