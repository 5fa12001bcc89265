import type { ScanRequest } from './messages.ts';
import type { Scan, Scanner } from './scanner.ts';

/** A text in which there is more is no text for this: nobody could read what would be left of it. */
const MOST_FINDINGS = 20_000;

/** A guard did not scan, or not to the end. The message is for operators, and has no text of a client. */
export class ScanFailed extends Error {
  override readonly name = 'ScanFailed';
  /** The guard at fault, where it is one. */
  readonly guard: string | undefined;

  constructor(message: string, guard?: string) {
    super(message);
    this.guard = guard;
  }

  /** What was thrown, without what it says: that may be a client's text. */
  static of(thrown: unknown, guard?: string): ScanFailed {
    if (thrown instanceof ScanFailed) return thrown;
    return new ScanFailed(`it threw ${thrown instanceof Error ? thrown.name : 'something that is no error'}`, guard);
  }
}

/**
 * Scans each text, in order.
 * @throws ScanFailed where a scanner throws, is not there, or finds more than 20,000 things in one text
 */
export function scanAll(scanners: ReadonlyMap<string, Scanner>, asked: readonly ScanRequest[]): Scan[] {
  return asked.map(({ guard, text }) => {
    const scanner = scanners.get(guard);
    if (!scanner) throw new ScanFailed('there is no scanner of this name', guard);
    const scan = scanWith(scanner, guard, text);
    if (scan.findings.length <= MOST_FINDINGS) return scan;
    throw new ScanFailed(`it found more than ${MOST_FINDINGS} things in one text`, guard);
  });
}

function scanWith(scanner: Scanner, guard: string, text: string): Scan {
  try {
    return scanner.scan(text);
  } catch (thrown) {
    throw ScanFailed.of(thrown, guard);
  }
}

/** The same where little work says it of each text. Undefined where it does not; the texts are then to be scanned. */
export function glanceAll(
  scanners: ReadonlyMap<string, Scanner>,
  asked: readonly ScanRequest[],
): readonly Scan[] | undefined {
  const scans: Scan[] = [];
  for (const { guard, text } of asked) {
    const scan = glanceWith(scanners.get(guard), text);
    if (!scan || scan.findings.length > MOST_FINDINGS) return undefined;
    scans.push(scan);
  }
  return scans;
}

/** What throws is for the scan to tell of. */
function glanceWith(scanner: Scanner | undefined, text: string): Scan | undefined {
  try {
    return scanner?.glance?.(text);
  } catch {
    return undefined;
  }
}
