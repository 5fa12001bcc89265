import { GatewayError } from '../../core/errors.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';

/** A `request_invalid` that names the field and says what would be right. */
export function invalidField(param: string, message: string): GatewayError {
  return new GatewayError('request_invalid', { message, param });
}

/** @throws request_invalid where it is missing, empty or not a string */
export function requiredModel(body: JsonObject): string {
  const { model } = body;
  if (typeof model === 'string' && model !== '') return model;
  throw invalidField('model', '`model` must be the name of a model. GET /v1/models lists the ones there are.');
}

/** @throws request_invalid where there is not at least one message */
export function requireMessages(body: JsonObject): void {
  const { messages } = body;
  if (Array.isArray(messages) && messages.length > 0) return;
  throw invalidField(
    'messages',
    '`messages` must be a list with at least one message, such as [{"role": "user", "content": "Hello"}].',
  );
}

/** Absent and null are false. @throws request_invalid where it is not a boolean */
export function optionalFlag(body: JsonObject, name: string): boolean {
  const value = body[name];
  if (isAbsent(value)) return false;
  if (typeof value === 'boolean') return value;
  throw invalidField(name, `\`${name}\` must be true or false.`);
}

/** @param shownAs the path of the field, where it is not on top of the body. @throws request_invalid */
export function optionalText(body: JsonObject, name: string, shownAs = name): string | undefined {
  const value = body[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === 'string') return value;
  throw invalidField(shownAs, `\`${shownAs}\` must be a string.`);
}

/** @throws request_invalid where it is there and not an object */
export function optionalObject(body: JsonObject, name: string): JsonObject | undefined {
  const value = body[name];
  if (isAbsent(value)) return undefined;
  if (isJsonObject(value)) return value;
  throw invalidField(name, `\`${name}\` must be an object.`);
}

/** Clients send null for "not set". */
export function isAbsent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}
