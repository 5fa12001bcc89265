import { type Json, isJsonObject } from '../../../../core/json.ts';
import type { Work } from './work.ts';

/** Whether two JSON values are the same; the order of members does not count. @throws TooMuchWork */
export function isSameJson(a: Json | undefined, b: Json | undefined, work: Work): boolean {
  work.take(1);
  if (typeof a === 'string' && typeof b === 'string' && a.length === b.length) work.take(a.length >> 6);
  if (a === b) return true;
  return work.deeper(() => {
    if (Array.isArray(a)) {
      return Array.isArray(b) && a.length === b.length && a.every((item, at) => isSameJson(item, b[at], work));
    }
    if (!isJsonObject(a) || !isJsonObject(b)) return false;
    const names = Object.keys(a);
    const others = Object.keys(b).length;
    work.take(names.length + others);
    if (names.length !== others) return false;
    return names.every((name) => Object.hasOwn(b, name) && isSameJson(a[name], b[name], work));
  });
}

/** Whether one of them is there twice. @throws TooMuchWork */
export function hasTwins(items: readonly Json[], work: Work): boolean {
  const plain = new Set<Json>();
  const others: Json[] = [];
  for (const item of items) {
    work.take(1);
    if (typeof item === 'object' && item !== null) {
      if (others.some((other) => isSameJson(item, other, work))) return true;
      others.push(item);
    } else if (plain.has(item)) return true;
    else plain.add(item);
  }
  return false;
}
