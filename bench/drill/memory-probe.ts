import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

import { onAsked, say } from '../messages.ts';

/** What is in use after everything else was collected. */
export interface MemorySample {
  readonly heapUsed: number;
  readonly external: number;
}

/** Some of what is dead goes only when the finalizers of the first round have run. */
const ROUNDS = 4;

async function collected(collect: () => void): Promise<MemorySample> {
  for (let round = 0; round < ROUNDS; round += 1) {
    collect();
    await new Promise((resolve) => void setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return { heapUsed, external };
}

/** Preloaded into the gateway beside the bench's probe, and armed as that one is. */
if (isMainThread && process.env['DRILL_MEMORY'] === 'armed') {
  delete process.env['DRILL_MEMORY'];
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  onAsked('memory', () => void collected(collect).then((sample) => say('memory', sample)));
  process.channel?.unref();
}
