import type { ChildProcess } from 'node:child_process';

/**
 * Waits until a process has printed all of the patterns; answers with the first group of each.
 * Rejects with what it did print where it ends before that, or takes longer than the limit.
 */
export async function untilPrinted(
  child: ChildProcess,
  patterns: readonly RegExp[],
  limitMs: number,
): Promise<string[]> {
  let text = '';
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  const look = (chunk: Buffer): void => {
    text += chunk.toString();
    const found = patterns.flatMap((pattern) => pattern.exec(text)?.[1] ?? []);
    if (found.length === patterns.length) resolve(found);
  };
  child.stdout?.on('data', look);
  child.stderr?.on('data', look);
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`it ended with ${code} and had printed:\n${text}`)));
  const limit = setTimeout(() => reject(new Error(`not ready in time; it had printed:\n${text}`)), limitMs);
  return promise.finally(() => clearTimeout(limit));
}
