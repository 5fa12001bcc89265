import type { PathFacts } from '../../call-factory.ts';
import type { BodyFacts, Operation } from '../../../core/call.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import { invalidField, optionalObject } from '../read-fields.ts';
import { listOf, member } from './names.ts';

/**
 * What the gateway itself has to know of a request; the rest is the provider's to judge. The model and the wish to
 * stream stand in the path.
 *
 * @see https://ai.google.dev/api/generate-content (checked 2026-11-21)
 * @throws request_invalid
 */
export function readFacts(body: JsonObject, operation: Operation, path: PathFacts): BodyFacts {
  requireInput(body, operation);
  return {
    model: path.model ?? '',
    stream: path.stream ?? false,
    user: undefined,
    metadata: optionalObject(body, 'labels'),
  };
}

function requireInput(body: JsonObject, operation: Operation): void {
  if (operation === 'embeddings') requireEmbeddable(body);
  else requireContents(operation === 'token-count' ? countedRequest(body) : body);
}

/** What `countTokens` counts: a whole request, or bare contents. */
export function countedRequest(body: JsonObject): JsonObject {
  const request = member(body, 'generateContentRequest');
  return isJsonObject(request) ? request : body;
}

function requireContents(body: JsonObject): void {
  if (listOf(body['contents']).length > 0) return;
  throw invalidField(
    'contents',
    '`contents` must be a list with at least one content, such as [{"role": "user", "parts": [{"text": "Hello"}]}].',
  );
}

function requireEmbeddable({ content, requests }: JsonObject): void {
  if (isJsonObject(content) || (Array.isArray(requests) && requests.length > 0)) return;
  throw invalidField(
    'content',
    '`content` must be what to embed, such as {"parts": [{"text": "Hello"}]}; `requests` must be a list of such.',
  );
}
