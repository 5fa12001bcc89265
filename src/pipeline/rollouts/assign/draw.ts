/**
 * Where a unit stands among all, from 0 up to but not including 1: always at the same place for the same seed, and for
 * another seed at a place that has nothing to do with it. MurmurHash3 over the units of the text.
 * @param seed see {@link seedOf}
 */
export function placeOf(seed: number, unit: string): number {
  return finished(mixed(seed, unit), unit.length) / 2 ** 32;
}

/** What is drawn for: each name draws for itself. */
export function seedOf(name: string): number {
  return finished(mixed(0, name), name.length);
}

function mixed(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    let unit = Math.imul(text.charCodeAt(at), 0xcc9e_2d51);
    unit = Math.imul((unit << 15) | (unit >>> 17), 0x1b87_3593);
    hash ^= unit;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe654_6b64) | 0;
  }
  return hash;
}

function finished(mixture: number, length: number): number {
  let hash = mixture ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
