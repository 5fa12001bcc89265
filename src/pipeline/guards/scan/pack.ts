import type { PackedScans } from './messages.ts';
import { CLEAN, type Finding, type Scan } from './scanner.ts';

/** Numbers for each finding. */
const WIDTH = 4;

export function packScans(scans: readonly Scan[]): PackedScans {
  const places = new Map<string, number>();
  const total = scans.reduce((sum, { findings }) => sum + findings.length, 0);
  const findings = new Float64Array(total * WIDTH);
  let at = 0;
  for (const scan of scans) {
    for (const { start, end, category, score } of scan.findings) {
      let place = places.get(category);
      if (place === undefined) places.set(category, (place = places.size));
      findings.set([start, end, place, score], at);
      at += WIDTH;
    }
  }
  return {
    categories: [...places.keys()],
    scores: Float64Array.from(scans, ({ score }) => score),
    counts: Uint32Array.from(scans, (scan) => scan.findings.length),
    findings,
  };
}

/** What may be handed over rather than copied. */
export function buffersOf({ scores, counts, findings }: PackedScans): ArrayBuffer[] {
  return [scores.buffer, counts.buffer, findings.buffer];
}

export function unpackScans({ categories, scores, counts, findings: packed }: PackedScans): Scan[] {
  let at = 0;
  return Array.from(scores, (score, text) => {
    const count = counts[text] ?? 0;
    if (count === 0 && score === 0) return CLEAN;
    const findings: Finding[] = [];
    for (let left = count; left > 0; left -= 1, at += WIDTH) {
      findings.push({
        start: packed[at] ?? 0,
        end: packed[at + 1] ?? 0,
        category: categories[packed[at + 2] ?? 0] ?? '',
        score: packed[at + 3] ?? 0,
      });
    }
    return { score, findings };
  });
}
