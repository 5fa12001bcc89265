import { type Json, type JsonObject, isJsonObject } from './json.ts';
import { type Member, type Span, membersOf, pointerParts, rootSpan } from './json-spans.ts';
import { memberName } from './set-members.ts';
import { type Splice, applySplices } from './splice.ts';

/**
 * One change that the gateway makes to a client's body, listed on the record.
 * `set` replaces the value at the pointer, or adds it as the last member of its object; `remove` takes a member out;
 * `insert` puts a value into an array, before what stands at that place or behind the last.
 */
export type BodyPatch =
  | { readonly op: 'set'; readonly path: string; readonly value: Json }
  | { readonly op: 'insert'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/** Where things stand in one text; what several patches ask for is looked for once. */
class Layout {
  readonly bytes: Buffer;
  readonly root: Span;
  readonly #members = new Map<number, Member[]>();

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.root = rootSpan(bytes);
  }

  membersOf(span: Span): Member[] {
    const known = this.#members.get(span.start) ?? membersOf(this.bytes, span);
    this.#members.set(span.start, known);
    return known;
  }

  membersNamed(parent: Span, name: string): { all: Member[]; hits: number[] } {
    const all = this.membersOf(parent);
    const hits: number[] = [];
    const isArray = all[0] !== undefined && all[0].key === undefined;
    all.forEach((member, at) => {
      if (isArray ? String(at) === name : member.key === name) hits.push(at);
    });
    return { all, hits };
  }

  /** Where a key is doubled every twin is followed, since readers differ in which one they take. */
  spansAt(parts: readonly string[]): Span[] {
    let spans: Span[] = [this.root];
    for (const part of parts) {
      spans = spans.flatMap((span) => {
        const { all, hits } = this.membersNamed(span, part);
        return hits.map((at) => (all[at] as Member).value);
      });
    }
    return spans;
  }
}

function setSplices(layout: Layout, parent: Span, name: string, value: Json): Splice[] {
  const { all, hits } = layout.membersNamed(parent, name);
  const text = JSON.stringify(value);
  if (hits.length > 0) {
    return hits.map((at) => ({ ...(all[at] as Member).value, text }));
  }
  const isObject = layout.bytes[parent.start] === 0x7b;
  if (!isObject) return [];
  const at = parent.end - 1;
  const last = all.at(-1);
  const lead = last ? ',' : '';
  const from = last ? last.value.end : at;
  return [{ start: from, end: from, text: `${lead}${JSON.stringify(name)}:${text}` }];
}

function insertSplices(layout: Layout, parent: Span, name: string, value: Json): Splice[] {
  const isArray = layout.bytes[parent.start] === 0x5b;
  const all = layout.membersOf(parent);
  const at = placeIn(all.length, name);
  if (!isArray || at === undefined) return [];
  const text = JSON.stringify(value);
  const next = all[at];
  if (next) return [{ start: next.start, end: next.start, text: `${text},` }];
  const last = all.at(-1);
  const end = last?.value.end ?? parent.end - 1;
  return [{ start: end, end, text: last ? `,${text}` : text }];
}

/** Where something can be put into a list; undefined where there is no such place. */
function placeIn(length: number, name: string): number | undefined {
  const at = Number(name);
  return String(at) === name && Number.isInteger(at) && at >= 0 && at <= length ? at : undefined;
}

function removeSplices(layout: Layout, parent: Span, name: string): Splice[] {
  const { all, hits } = layout.membersNamed(parent, name);
  const gone = new Set(hits);
  return hits.map((at) => {
    const member = all[at] as Member;
    const next = all[at + 1];
    if (next) return { start: member.start, end: next.start, text: '' };
    let before = at - 1;
    while (before >= 0 && gone.has(before)) before -= 1;
    const start = before >= 0 ? (all[before] as Member).value.end : (all[0] as Member).start;
    return { start, end: member.value.end, text: '' };
  });
}

function splicesFor(layout: Layout, patch: BodyPatch): Splice[] {
  const parts = pointerParts(patch.path);
  const name = parts.at(-1);
  if (name === undefined) throw new RangeError('a patch of the whole body is not a patch');
  const parents = layout.spansAt(parts.slice(0, -1));
  return parents.flatMap((parent) => {
    if (patch.op === 'set') return setSplices(layout, parent, name, patch.value);
    if (patch.op === 'insert') return insertSplices(layout, parent, name, patch.value);
    return removeSplices(layout, parent, name);
  });
}

/** The client's bytes with the patches applied in order; every byte outside them stays. The bytes must be valid JSON. */
export function patchBytes(bytes: Buffer, patches: readonly BodyPatch[]): Buffer {
  let current = bytes;
  for (let at = 0; at < patches.length;) {
    const run = independentFrom(patches, at);
    const layout = new Layout(current);
    current = applySplices(
      current,
      run.flatMap((patch) => splicesFor(layout, patch)),
    );
    at += run.length;
  }
  return current;
}

/** The patch there and those right behind it that can be made in one go: none sets what another does, or what is beside or in it. */
function independentFrom(patches: readonly BodyPatch[], from: number): readonly BodyPatch[] {
  const parents: string[] = [];
  let end = from;
  for (let patch = patches[end]; patch && patch.op !== 'remove'; patch = patches[end]) {
    const touched = touchedBy(patch);
    const parent = parentOf(patch.path);
    const isTouched = (one: BodyPatch): boolean =>
      isWithin(touchedBy(one), touched) || isWithin(touched, touchedBy(one));
    if (patches.slice(from, end).some(isTouched)) break;
    if (parents.includes(parent)) break;
    parents.push(parent);
    end += 1;
  }
  return patches.slice(from, Math.max(end, from + 1));
}

/** What is put into a list moves what is behind it. */
function touchedBy({ op, path }: BodyPatch): string {
  return op === 'insert' ? parentOf(path) : path;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`);
}

/** The same patches on a parsed value; the input is not changed. */
export function patchJson(value: Json, patches: readonly BodyPatch[]): Json {
  let current = value;
  for (const patch of patches) {
    // Most set a member of the whole.
    const name = patch.op === 'set' ? memberName(patch.path) : undefined;
    if (patch.op === 'set' && name !== undefined && isJsonObject(current))
      current = withMember(current, name, patch.value);
    else current = patchOne(current, pointerParts(patch.path), patch);
  }
  return current;
}

function withMember(object: JsonObject, name: string, value: Json): JsonObject {
  return { ...object, [name]: value };
}

function patchOne(value: Json, parts: readonly string[], patch: BodyPatch): Json {
  const [head, ...rest] = parts;
  if (head === undefined) return value;
  if (Array.isArray(value)) return patchArray(value, head, rest, patch);
  if (!isJsonObject(value)) return value;
  if (rest.length > 0) {
    const child = value[head];
    return child === undefined ? value : { ...value, [head]: patchOne(child, rest, patch) };
  }
  if (patch.op === 'set') return withMember(value, head, patch.value);
  if (patch.op === 'insert') return value;
  const { [head]: _removed, ...kept } = value;
  return kept;
}

function patchArray(value: Json[], head: string, rest: readonly string[], patch: BodyPatch): Json[] {
  if (patch.op === 'insert' && rest.length === 0) {
    const place = placeIn(value.length, head);
    return place === undefined ? value : value.toSpliced(place, 0, patch.value);
  }
  const at = value.findIndex((_, index) => String(index) === head);
  if (at < 0) return value;
  if (rest.length > 0) return value.with(at, patchOne(value[at] as Json, rest, patch));
  return patch.op === 'set' ? value.with(at, patch.value) : value.toSpliced(at, 1);
}
