import { isRecord } from '../../format/is-record.ts';
import type { Patch } from './trace-types.ts';

export interface ShownPatch {
  readonly op: Patch['op'];
  readonly path: string;
  /** Undefined where there was nothing, or it is not known. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What stands at a JSON pointer; undefined where there is nothing. */
export function valueAt(body: unknown, pointer: string): unknown {
  const parts = pointer.split('/').slice(1);
  return parts.reduce<unknown>((value, part) => {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) return value[Number(name)] as unknown;
    return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }, body);
}

function shown(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value, undefined, 2);
}

/** Changes beside what stood there before, as far as the client's body was kept. */
export function shownPatches(patches: readonly Patch[], input: unknown): readonly ShownPatch[] {
  return patches.map(({ op, path, value }) => ({
    op,
    path,
    before: op === 'insert' ? undefined : shown(valueAt(input, path)),
    after: op === 'remove' ? undefined : shown(value),
  }));
}
