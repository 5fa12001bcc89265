import type { parentPort } from 'node:worker_threads';

import { digestOf } from '../../../core/text-digests.ts';
import type { ScannerSettings, WordLists } from './scanning.ts';
import type { Asker, FromScanThread, ScanAnswer, ToScanThread } from './messages.ts';
import { buffersOf, packScans } from './pack.ts';
import { ScanFailed, scanAll } from './scan-all.ts';
import { type Scan, type Scanner, isClean } from './scanner.ts';

type Port = NonNullable<typeof parentPort>;

/** How a thread makes scanners of settings. */
export type Build = (settings: ScannerSettings, words: WordLists) => ReadonlyMap<string, Scanner>;

/** The thread's end: builds the scanners of each policy once, and answers one question after the other. */
export function serveScans(port: Port, build: Build): void {
  const policies = new Map<string, ReadonlyMap<string, Scanner>>();
  port.on('message', (message: ToScanThread) => {
    if (message.kind === 'forget') policies.clear();
    else if (message.kind === 'policy') {
      const scanners = built(build, message.settings, message.words);
      if (scanners) policies.set(message.version, scanners);
      port.postMessage({ kind: 'built', version: message.version } satisfies FromScanThread);
    } else {
      const answers = message.askers.map((asker) => answerOf(policies.get(asker.version), message.texts, asker));
      const buffers = answers.flatMap((answer) => (answer.kind === 'found' ? buffersOf(answer.scans) : []));
      const digests = message.digested.map((at) => ({ at, digest: digestOf(message.texts[at] ?? '') }));
      port.postMessage({ kind: 'scanned', answers, digests } satisfies FromScanThread, buffers);
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

function answerOf(
  scanners: ReadonlyMap<string, Scanner> | undefined,
  texts: readonly string[],
  { guards }: Asker,
): ScanAnswer {
  try {
    if (!scanners) throw new ScanFailed('the scanners of the policy could not be built');
    return answerWith(
      scanAll(
        scanners,
        texts.map((text, at) => ({ guard: guards[at] ?? '', text })),
      ),
    );
  } catch (thrown) {
    const { guard, message } = ScanFailed.of(thrown);
    return { kind: 'failed', guard, reason: message };
  }
}

function answerWith(scans: readonly Scan[]): ScanAnswer {
  return scans.every(isClean) ? { kind: 'clean', texts: scans.length } : { kind: 'found', scans: packScans(scans) };
}
