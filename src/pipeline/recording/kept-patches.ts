import type { BodyPatch } from '../../core/body-patch.ts';
import { type Json, isJsonObject } from '../../core/json.ts';

/** Stands in the place of a value that is left out of the record. */
const TOO_LARGE = '[large value not kept]';
const MOST_CHARS = 256;
const MOST_NODES = 32;

/**
 * What a record says of the changes to a body. A large value is somebody's text (a conversation that was put together),
 * and texts are kept as the input, under its bounds and policy, or not at all.
 */
export function keptPatches(patches: readonly BodyPatch[]): readonly BodyPatch[] {
  if (patches.every(isSmall)) return patches;
  return patches.map((patch) => (patch.op === 'set' && !isSmall(patch) ? { ...patch, value: TOO_LARGE } : patch));
}

function isSmall(patch: BodyPatch): boolean {
  return patch.op === 'remove' || spend(patch.value, { nodes: MOST_NODES, chars: MOST_CHARS });
}

interface Room {
  nodes: number;
  chars: number;
}

/** False once there is no room left, which ends the walk: a large value is not looked at as a whole. */
function spend(value: Json, room: Room): boolean {
  room.nodes -= 1;
  if (typeof value === 'string') room.chars -= value.length;
  if (room.nodes < 0 || room.chars < 0) return false;
  if (Array.isArray(value)) return value.length <= room.nodes && value.every((item) => spend(item, room));
  if (!isJsonObject(value)) return true;
  for (const name in value) {
    room.chars -= name.length;
    const member = value[name];
    if (member !== undefined && !spend(member, room)) return false;
  }
  return true;
}
