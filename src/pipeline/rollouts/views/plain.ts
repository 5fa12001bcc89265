import { type Target, targetName } from '../../../core/call.ts';
import type { Json } from '../../../core/json.ts';

/** Settings that were read, as JSON: near to how they stand in the file. What is not set is left out. */
export function plainOf(read: unknown): Json {
  if (Array.isArray(read)) return read.map(plainOf);
  if (typeof read === 'string' || typeof read === 'number' || typeof read === 'boolean') return read;
  if (typeof read !== 'object' || read === null) return null;
  if (isTarget(read)) return targetName(read);
  const members: Iterable<[unknown, unknown]> = read instanceof Map ? read : Object.entries(read);
  const set = [...members].filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [String(name), plainOf(value)]));
}

function isTarget(read: object): read is Target {
  const { provider, model, ...more } = { provider: undefined, model: undefined, ...read };
  return typeof provider === 'string' && typeof model === 'string' && Object.keys(more).length === 0;
}
