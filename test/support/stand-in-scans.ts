import { parentPort } from 'node:worker_threads';

import { serveScans } from '../../src/pipeline/guards/scan/serve-scans.ts';
import type { Scan, Scanner } from '../../src/pipeline/guards/scan/scanner.ts';

function findingsOf(text: string): Scan {
  const findings = [...text.matchAll(/\d{3}/g)].map(({ index }) => {
    const category = text[index] === '0' ? 'ZERO' : 'OTHER';
    return { start: index, end: index + 3, category, score: 0.5 };
  });
  return { score: findings.length === 0 ? 0 : 0.5, findings };
}

function scanner(scan: (text: string) => Scan): Scanner {
  return { scan, held: () => 0 };
}

/** Scanners whose work a test knows: finds three digits, throws, never ends, ends its thread. */
export function standInScanners(): ReadonlyMap<string, Scanner> {
  return new Map([
    ['pii', scanner(findingsOf)],
    [
      'throws',
      scanner((text) => {
        throw new TypeError(`no ${text}`);
      }),
    ],
    [
      'hangs',
      scanner(() => {
        for (;;);
      }),
    ],
    ['dies', scanner(() => process.exit(1))],
  ]);
}

if (parentPort) serveScans(parentPort, standInScanners);
