import type { Fields } from '../anthropic/fields.ts';

/** @throws request_invalid where it is not there or not an object */
export function requiredObject(parent: Fields, name: string): Fields {
  const object = parent.object(name);
  if (object) return object;
  throw parent.invalid(name, 'is missing: it must be an object');
}

/** @throws request_invalid where it is not there, not a string or empty */
export function requiredName(fields: Fields, name: string): string {
  const text = fields.requiredText(name);
  if (text !== '') return text;
  throw fields.invalid(name, 'must not be empty');
}
