import type { BodyFacts } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import { invalidField, isAbsent, optionalFlag, optionalObject, optionalText, requiredModel } from '../read-fields.ts';

/** What a request may go on from in place of `input`. */
const CONTINUED = ['previous_response_id', 'prompt', 'conversation'];

/**
 * What the gateway itself has to know of a request for a response; the rest is the provider's to judge.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/create (checked 2026-11-21)
 * @throws request_invalid
 */
export function readFacts(body: JsonObject): BodyFacts {
  const model = requiredModel(body);
  requireInput(body);
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
  if (typeof input === 'string' || Array.isArray(input)) return;
  if (isAbsent(input) && CONTINUED.some((name) => !isAbsent(body[name]))) return;
  throw invalidField(
    'input',
    '`input` must be a text, or a list of items such as {"role": "user", "content": "Hello"}.',
  );
}
