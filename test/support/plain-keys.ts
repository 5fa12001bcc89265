/**
 * Whether JSON writes every key of a value without escapes. Laws over parsed JSON leave other keys out:
 * V8 14 may read a key that begins with an escape as the key of one backslash, where it met that in its place before.
 */
export function hasPlainKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => isPlain(key) && hasPlainKeys(member));
}

function isPlain(key: string): boolean {
  return JSON.stringify(key) === `"${key}"`;
}
