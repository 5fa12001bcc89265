import { crc32 } from 'node:zlib';

/** Up to here a body is compared as a whole, bytes. */
const WHOLE_BYTES = 1024;
const END_BYTES = WHOLE_BYTES / 2;
/** The same where it has to be sure. */
const SURE_BYTES = 64 * 1024;
const SURE_END_BYTES = SURE_BYTES / 2;

/** What a glance tells bodies apart by: a checksum of their length and bytes, of long ones only the first and last. */
export function glance(body: Buffer): number {
  return printOf(body, WHOLE_BYTES, END_BYTES);
}

/** The same with all of a body, up to 64 KB; of longer ones their first and last 32 KB. */
export function closeLook(body: Buffer): number {
  return printOf(body, SURE_BYTES, SURE_END_BYTES);
}

/** Whether a glance has seen all of it. */
export function isSeenWhole(body: Buffer): boolean {
  return body.length <= WHOLE_BYTES;
}

/** 32 bits. */
function printOf(body: Buffer, wholeBytes: number, endBytes: number): number {
  if (body.length <= wholeBytes) return crc32(body, body.length);
  return crc32(body.subarray(-endBytes), crc32(body.subarray(0, endBytes), body.length));
}
