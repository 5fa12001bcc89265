import { skipString } from '../../../core/json-spans.ts';

const QUOTE = 0x22;

/** Of bodies that several ask about. */
const known = new WeakMap<Buffer, number>();

/** How deep a JSON text is nested: 0 for a plain value, 1 for `{}`. It is read once, however many policies ask. */
export function jsonDepth(bytes: Buffer): number {
  let depth = known.get(bytes);
  if (depth === undefined) {
    depth = depthOf(bytes);
    known.set(bytes, depth);
  }
  return depth;
}

/** It reads bytes, so that no depth is too much for it. */
function depthOf(bytes: Buffer): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      continue;
    }
    if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    at += 1;
  }
  return deepest;
}
