import { isAbsent } from '../read-fields.ts';
import { Fields } from '../decoding/fields.ts';
import { listOf } from './names.ts';

/** A list of objects, or the one object that may stand in its place. */
export function objectsOf(parent: Fields, name: string): readonly Fields[] {
  const value = parent.raw(name);
  if (isAbsent(value)) return [];
  const path = parent.at(name);
  return listOf(value).map((one, at) => new Fields(one, `${path}[${at}]`, parent.decoding));
}
