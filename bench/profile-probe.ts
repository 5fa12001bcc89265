import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { isMainThread } from 'node:worker_threads';

import { onAsked, say } from './messages.ts';

/** Preloaded into a gateway beside the bench's probe, and armed as that one is: profiles the request thread when asked. */
if (isMainThread && process.env['BENCH_PROFILE'] === 'armed') {
  delete process.env['BENCH_PROFILE'];
  const session = new Session();
  session.connect();
  onAsked('profile', (intervalUs) => void start(session, intervalUs as number));
  onAsked('profiled', (file) => void stop(session, file as string));
  process.channel?.unref();
}

async function start(session: Session, intervalUs: number): Promise<void> {
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: intervalUs });
  await session.post('Profiler.start');
  say('profile', null);
}

async function stop(session: Session, file: string): Promise<void> {
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(file, JSON.stringify(profile));
  say('profiled', null);
}
