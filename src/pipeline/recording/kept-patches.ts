import type { BodyPatch } from '../../core/body-patch.ts';
import { type Json, isJsonObject } from '../../core/json.ts';

/** Stand in the place of a value that is left out of the record. */
const TOO_LARGE = '[large value not kept]';
const TEXT = '[text not kept]';
const MOST_CHARS = 256;
const MOST_NODES = 32;

/** What the fields of any dialect are called that carry what somebody said. */
const PROMPT_FIELDS: ReadonlySet<string> = new Set([
  'messages',
  'system',
  'tools',
  'functions',
  'input',
  'instructions',
  'prompt',
  'contents',
  'systemInstruction',
  'system_instruction',
  // Many chats in one.
  'requests',
]);
/** Members of a prompt that are the gateway's own words wherever it sets them. */
const OWN_MEMBERS: ReadonlySet<string> = new Set(['cache_control', 'thoughtSignature', 'thought_signature']);

/**
 * What a record says of the changes to a body. What is set within a prompt (a text that became a block, a conversation
 * that was put together) is somebody's text, however short, and so is a large value: texts are kept as the input, under
 * its bounds and policy, or not at all.
 */
export function keptPatches(patches: readonly BodyPatch[]): readonly BodyPatch[] {
  if (areKept(patches)) return patches;
  return patches.map((patch) => {
    const instead = insteadOf(patch);
    return instead === undefined ? patch : { ...patch, value: instead };
  });
}

function areKept(patches: readonly BodyPatch[]): boolean {
  for (const patch of patches) if (insteadOf(patch) !== undefined) return false;
  return true;
}

/** What is said in place of the patch's value; undefined where that is kept. */
function insteadOf(patch: BodyPatch): string | undefined {
  if (patch.op === 'remove') return undefined;
  if (isPrompt(patch.path)) return TEXT;
  const { value } = patch;
  if (typeof value === 'number') return undefined;
  if (typeof value === 'string') return value.length > MOST_CHARS ? TOO_LARGE : undefined;
  return spend(value, { nodes: MOST_NODES, chars: MOST_CHARS }) ? undefined : TOO_LARGE;
}

/** Most changes are of the same few fields. */
const MOST_PATHS = 256;
const MOST_PATH_CHARS = 64;
const knownPaths = new Map<string, boolean>();

function isPrompt(path: string): boolean {
  let known = knownPaths.get(path);
  if (known === undefined) {
    known = isWithinPrompt(path);
    if (knownPaths.size < MOST_PATHS && path.length <= MOST_PATH_CHARS) knownPaths.set(path, known);
  }
  return known;
}

function isWithinPrompt(path: string): boolean {
  const end = path.indexOf('/', 1);
  if (!PROMPT_FIELDS.has(end < 0 ? path.slice(1) : path.slice(1, end))) return false;
  return !OWN_MEMBERS.has(path.slice(path.lastIndexOf('/') + 1));
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
