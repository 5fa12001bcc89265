import type { BodyPatch } from './body-patch.ts';
import type { Member } from './json-spans.ts';
import { type Splice, applySplices } from './splice.ts';

/**
 * What `patchBytes` makes of patches that set members of the whole object, in one pass over members that are known:
 * most requests have no others.
 * @param members of the whole, in their order
 * @returns undefined where there is a patch of another kind, or where the order of two would count
 */
export function setMembers(
  bytes: Buffer,
  members: readonly Member[],
  patches: readonly BodyPatch[],
): Buffer | undefined {
  const last = members.at(-1);
  if (last?.key === undefined) return undefined;
  const splices: Splice[] = [];
  let added = '';
  for (let at = 0; at < patches.length; at += 1) {
    const patch = patches[at];
    const name = patch?.op === 'set' ? memberName(patch.path) : undefined;
    if (patch?.op !== 'set' || name === undefined || isSetBefore(patches, at)) return undefined;
    const text = JSON.stringify(patch.value);
    const place = placeOf(members, name);
    if (place === DOUBLED) return undefined;
    const member = members[place];
    if (member) splices.push({ start: member.value.start, end: member.value.end, text });
    else added += `,${JSON.stringify(name)}:${text}`;
  }
  if (added !== '') splices.push({ start: last.value.end, end: last.value.end, text: added });
  return applySplices(bytes, splices);
}

const ABSENT = -1;
const DOUBLED = -2;

/** `/model` → `model`; undefined for what is deeper or has escapes. */
export function memberName(path: string): string | undefined {
  return path.lastIndexOf('/') === 0 && !path.includes('~') ? path.slice(1) : undefined;
}

function isSetBefore(patches: readonly BodyPatch[], end: number): boolean {
  const path = patches[end]?.path;
  for (let at = 0; at < end; at += 1) if (patches[at]?.path === path) return true;
  return false;
}

function placeOf(members: readonly Member[], name: string): number {
  let place = ABSENT;
  for (let at = 0; at < members.length; at += 1) {
    if (members[at]?.key !== name) continue;
    if (place !== ABSENT) return DOUBLED;
    place = at;
  }
  return place;
}
