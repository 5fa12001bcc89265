import { crc32 } from 'node:zlib';

/** Up to here a body is compared as a whole, bytes. */
const WHOLE_BYTES = 2048;
const END_BYTES = WHOLE_BYTES / 2;
/** The same where it has to be sure. */
const SURE_BYTES = 64 * 1024;
const SURE_END_BYTES = SURE_BYTES / 2;

/** What a glance tells bodies apart by: their length and a checksum, of long ones only of their beginning and end. */
export function glance(body: Buffer): string {
  return printOf(body, WHOLE_BYTES, END_BYTES);
}

/** The same with all of a body, up to 64 KB; of longer ones their first and last 32 KB. */
export function closeLook(body: Buffer): string {
  return `all.${printOf(body, SURE_BYTES, SURE_END_BYTES)}`;
}

/** Whether a glance has seen all of it. */
export function isSeenWhole(body: Buffer): boolean {
  return body.length <= WHOLE_BYTES;
}

function printOf(body: Buffer, wholeBytes: number, endBytes: number): string {
  const checksum =
    body.length <= wholeBytes ? crc32(body) : crc32(body.subarray(-endBytes), crc32(body.subarray(0, endBytes)));
  return `${body.length}.${checksum}`;
}
