/** How a field was before a change, and how it is after. */
export interface FieldChange {
  /** `limits.requests`, `targets[1].model`. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed' | 'same';
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const WHOLE = '';

/** Field by field, in the order of the fields, those that went away where they stood. */
export function diffStates(before: unknown, after: unknown): FieldChange[] {
  const old = flattened(before);
  const now = flattened(after);
  return [...inOrder([...old.keys()], [...now.keys()])].map((path) => {
    const was = old.get(path);
    const is = now.get(path);
    return { path, kind: kindOf(was, is), before: was, after: is };
  });
}

function kindOf(was: string | undefined, is: string | undefined): FieldChange['kind'] {
  if (was === undefined) return 'added';
  if (is === undefined) return 'removed';
  return was === is ? 'same' : 'changed';
}

/** New fields follow the field that they follow in the new state. */
function inOrder(old: readonly string[], now: readonly string[]): Set<string> {
  const left = new Set(old);
  const paths = new Set<string>();
  const rest = [...old];
  for (const path of now) {
    while (left.has(path) && rest.length > 0 && rest[0] !== path && !now.includes(rest[0] ?? '')) {
      paths.add(rest.shift() ?? '');
    }
    if (rest[0] === path) rest.shift();
    paths.add(path);
  }
  for (const path of rest) paths.add(path);
  return paths;
}

/** Path → text of each value that has none under it; nothing of a state that was not there. */
function flattened(state: unknown): Map<string, string> {
  const found = new Map<string, string>();
  if (state !== null && state !== undefined) collect(state, WHOLE, found);
  return found;
}

function collect(value: unknown, path: string, found: Map<string, string>): void {
  if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null)) {
    for (const [place, item] of value.entries()) collect(item, `${path}[${place}]`, found);
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    for (const [name, member] of Object.entries(value)) {
      collect(member, path === WHOLE ? name : `${path}.${name}`, found);
    }
  } else {
    found.set(path, textOf(value));
  }
}

/** Texts that a reader could take for another value keep their quotes. */
function textOf(value: unknown): string {
  const isPlain = typeof value === 'string' && value !== '' && !/^(?:null|true|false|[-\d[{"].*)$/.test(value);
  return isPlain ? value : (JSON.stringify(value) ?? 'undefined');
}
