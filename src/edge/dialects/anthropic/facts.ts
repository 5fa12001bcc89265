import type { BodyFacts, Operation } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import {
  invalidField,
  optionalFlag,
  optionalObject,
  optionalText,
  requireMessages,
  requiredModel,
} from '../read-fields.ts';

/**
 * What the gateway itself has to know of an Anthropic body; the rest is the provider's to judge.
 *
 * @see https://docs.anthropic.com/en/api/messages (checked 2026-11-21)
 * @throws request_invalid
 */
export function readFacts(body: JsonObject, operation: Operation): BodyFacts {
  const model = requiredModel(body);
  requireMessages(body);
  if (operation !== 'token-count') requireMaxTokens(body);
  const metadata = optionalObject(body, 'metadata');
  return {
    model,
    stream: optionalFlag(body, 'stream'),
    user: metadata && optionalText(metadata, 'user_id', 'metadata.user_id'),
    metadata,
  };
}

function requireMaxTokens(body: JsonObject): void {
  const maxTokens = body['max_tokens'];
  if (typeof maxTokens === 'number' && Number.isInteger(maxTokens) && maxTokens > 0) return;
  throw invalidField('max_tokens', '`max_tokens` must be a whole number of tokens, 1 or more, such as 1024.');
}
