import * as fc from './fast-check.ts';

/** Any way of cutting these bytes into reads, empty reads and single bytes included. */
export function splitsOf(bytes: Buffer, maxCuts = 40): fc.Arbitrary<Buffer[]> {
  const cut = fc.integer({ min: 0, max: bytes.length });
  return fc.array(cut, { maxLength: maxCuts }).map((cuts) => cutAt(bytes, cuts));
}

/** The bytes in pieces of one size. */
export function piecesOf(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
}
