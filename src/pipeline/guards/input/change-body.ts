import type { CallBody } from '../../../core/call-body.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import { type Json, isJsonObject } from '../../../core/json.ts';
import { pointerPart, pointerParts } from '../../../core/json-spans.ts';
import type { TextSlot } from '../slots/slot.ts';

/** More changes than that are made as few large ones: each single one is looked for in the body anew. */
const MOST_PATCHES = 32;

/** What comes in the place of the value at a path. */
export interface Change {
  readonly path: string;
  readonly value: Json;
}

/** What is set where a slot has a new text: the text, and what its proof becomes. */
export function changesOf(slot: TextSlot, text: string): Change[] {
  const { proof } = slot;
  if (!proof) return [changeOf(slot, text)];
  return proof.path === slot.path ? [proof] : [changeOf(slot, text), proof];
}

/** What a slot's new text is in the body. */
export function changeOf({ path, encoding }: TextSlot, text: string): Change {
  return { path, value: encoding === 'value' ? parsed(text) : text };
}

/** Long numbers stay as they are, but in what is nested too deep to look for them. */
function parsed(text: string): Json {
  try {
    return parseExact(text);
  } catch {
    return JSON.parse(text) as Json;
  }
}

/** Changes what is asked for. The paths are all different, and none is within another. */
export function changeBody(body: CallBody, changes: readonly Change[]): void {
  const patches = changes.length > MOST_PATCHES ? collapsed(body, changes) : changes;
  for (const { path, value } of patches) body.amend({ op: 'set', path, value });
}

interface Node {
  readonly inner: Map<string, Node>;
  value: Json | undefined;
}

/** One change for each top-level field. */
function collapsed(body: CallBody, changes: readonly Change[]): Change[] {
  const root: Node = { inner: new Map(), value: undefined };
  for (const { path, value } of changes) {
    let node = root;
    for (const part of pointerParts(path)) {
      let next = node.inner.get(part);
      if (!next) node.inner.set(part, (next = { inner: new Map(), value: undefined }));
      node = next;
    }
    node.value = value;
  }
  const exact = body.exactJson;
  return [...root.inner].map(([name, node]) => {
    return { path: `/${pointerPart(name)}`, value: changed(exact[name] ?? null, node) };
  });
}

function changed(value: Json, { inner, value: set }: Node): Json {
  if (set !== undefined) return set;
  if (Array.isArray(value)) {
    const list = [...value];
    for (const [part, node] of inner) {
      const at = Number(part);
      const old = list[at];
      if (old !== undefined) list[at] = changed(old, node);
    }
    return list;
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, old]) => {
      const node = inner.get(name);
      return [name, node && old !== undefined ? changed(old, node) : old];
    }),
  );
}
