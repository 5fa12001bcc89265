/** Text that takes the place of bytes from `start` to before `end`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The bytes with all splices made; their places are those of the bytes as given. */
export function applySplices(bytes: Buffer, splices: readonly Splice[]): Buffer {
  if (splices.length === 0) return bytes;
  const sorted = areInOrder(splices) ? splices : splices.toSorted((a, b) => a.start - b.start);
  let grown = 0;
  for (const { text } of sorted) grown += Buffer.byteLength(text);
  // Enough in any case: what is taken out makes it shorter.
  const made = Buffer.allocUnsafe(bytes.length + grown);
  let length = 0;
  let at = 0;
  for (const { start, end, text } of sorted) {
    if (start > at) length += bytes.copy(made, length, at, start);
    if (text !== '') length += made.write(text, length);
    at = Math.max(at, end);
  }
  length += bytes.copy(made, length, at);
  return length === made.length ? made : made.subarray(0, length);
}

function areInOrder(splices: readonly Splice[]): boolean {
  for (let at = 1; at < splices.length; at += 1) {
    if ((splices[at - 1]?.start ?? 0) > (splices[at]?.start ?? 0)) return false;
  }
  return true;
}
