import { isMainThread } from 'node:worker_threads';

import { onAsked, say } from './messages.ts';

/** CPU of the request thread since its start, in microseconds. */
export interface ThreadSample {
  readonly threadCpuUs: number;
}

/**
 * Preloaded (`node --import`) into every measured process, which knows nothing of it.
 *
 * Node hands the preload on to workers and forked children; they are not the request thread, and a listener there
 * would take messages away from them. So it is armed by a variable, which it takes out of the environment.
 */
if (isMainThread && process.env['BENCH_PROBE'] === 'armed') {
  delete process.env['BENCH_PROBE'];
  onAsked('sample', () => {
    const { user, system } = process.threadCpuUsage();
    say('sample', { threadCpuUs: user + system });
  });
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening must not keep alive a process that would otherwise end.
  process.channel?.unref();
}
