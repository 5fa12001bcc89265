import { isDeepStrictEqual } from 'node:util';

import type { Config } from './config.ts';
import type { FieldSchema } from './field-schema.ts';
import { joinKey } from './problems.ts';
import { FILE_SCHEMA } from './schema.ts';

/** The keys that differ and take effect only with the next start. */
export function restartKeys(before: Config, after: Config): string[] {
  return changedKeys(FILE_SCHEMA, before, after, '');
}

function changedKeys(schema: FieldSchema, before: unknown, after: unknown, key: string): string[] {
  if (schema['x-restart']) return isDeepStrictEqual(before, after) ? [] : [key];
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    changedKeys(field, valueAt(before, name), valueAt(after, name), joinKey(key, name)),
  );
}

function valueAt(section: unknown, name: string): unknown {
  return (section as Record<string, unknown> | undefined)?.[name];
}
