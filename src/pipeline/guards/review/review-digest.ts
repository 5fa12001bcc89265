import { createHash } from 'node:crypto';

import type { Call } from '../../../core/call.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Names what a client asks: the same for a request that is sent again, and another where anything but white space between
 * the parts of its JSON differs. Of the client's own bytes, before anything was changed in them. Members in another order
 * make another request: sorting them would cost hostile bodies tens of milliseconds, and clients that send a request
 * again write it as before.
 * @throws request_invalid where the body is no JSON
 */
export function requestDigest({ dialect, operation, endpoint, facts, body }: Call): string {
  const place = JSON.stringify([dialect, operation, endpoint, facts.model, facts.stream]);
  return createHash('sha256').update(`review 1\n${place}\n`).update(withoutSpace(body.raw)).digest('hex');
}

/** @param json bytes that are JSON */
function withoutSpace(json: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(json.length);
  let length = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (isText) {
      kept[length++] = byte;
      if (byte === BACKSLASH) kept[length++] = json[(at += 1)] ?? 0;
      else if (byte === QUOTE) isText = false;
    } else if (byte > 0x20) {
      // All that is allowed between the parts of JSON, and nothing else in it, is at or below the space.
      kept[length++] = byte;
      isText = byte === QUOTE;
    }
  }
  return kept.subarray(0, length);
}
