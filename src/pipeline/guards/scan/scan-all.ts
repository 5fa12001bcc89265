import type { ScanRequest } from './messages.ts';
import type { Scan, Scanner } from './scanner.ts';

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
 * @throws ScanFailed where a scanner throws, or is not there
 */
export function scanAll(scanners: ReadonlyMap<string, Scanner>, asked: readonly ScanRequest[]): Scan[] {
  return asked.map(({ guard, text }) => {
    const scanner = scanners.get(guard);
    if (!scanner) throw new ScanFailed('there is no scanner of this name', guard);
    try {
      return scanner.scan(text);
    } catch (thrown) {
      throw ScanFailed.of(thrown, guard);
    }
  });
}
