import type { parentPort } from 'node:worker_threads';

import type { ScannerSettings, WordLists } from './scanning.ts';
import type { FromScanThread, ScanRequest, ToScanThread } from './messages.ts';
import { buffersOf, packScans } from './pack.ts';
import { ScanFailed, scanAll } from './scan-all.ts';
import type { Scanner } from './scanner.ts';

type Port = NonNullable<typeof parentPort>;

/** How a thread makes scanners of settings. */
export type Build = (settings: ScannerSettings, words: WordLists) => ReadonlyMap<string, Scanner>;

/** The thread's end: builds the scanners of each policy once, and answers one question after the other. */
export function serveScans(port: Port, build: Build): void {
  const policies = new Map<string, ReadonlyMap<string, Scanner>>();
  let last: readonly ScanRequest[] = [];
  port.on('message', (message: ToScanThread) => {
    if (message.kind === 'forget') policies.clear();
    else if (message.kind === 'policy') {
      const scanners = built(build, message.settings, message.words);
      if (scanners) policies.set(message.version, scanners);
      port.postMessage({ kind: 'built', version: message.version } satisfies FromScanThread);
    } else {
      last = message.kind === 'scan' ? message.asked : askedAgain(last, message.guards);
      answer(port, policies.get(message.version), message.id, last);
    }
  });
  port.postMessage({ kind: 'ready' } satisfies FromScanThread);
}

/** What cannot be built is told to those who ask for it. */
function built(build: Build, settings: ScannerSettings, words: WordLists): ReturnType<Build> | undefined {
  try {
    return build(settings, words);
  } catch {
    return undefined;
  }
}

function askedAgain(last: readonly ScanRequest[], guards: readonly string[]): readonly ScanRequest[] {
  return last.map(({ text }, at) => ({ guard: guards[at] ?? '', text }));
}

function answer(
  port: Port,
  scanners: ReadonlyMap<string, Scanner> | undefined,
  id: number,
  asked: readonly ScanRequest[],
): void {
  try {
    if (!scanners) throw new ScanFailed('the scanners of the policy could not be built');
    const scans = packScans(scanAll(scanners, asked));
    port.postMessage({ kind: 'scanned', id, scans } satisfies FromScanThread, buffersOf(scans));
  } catch (thrown) {
    const { guard, message } = ScanFailed.of(thrown);
    port.postMessage({ kind: 'failed', id, guard, reason: message } satisfies FromScanThread);
  }
}
