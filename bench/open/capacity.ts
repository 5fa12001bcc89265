import { setTimeout as pause } from 'node:timers/promises';

import type { Launch } from '../drill/site.ts';
import type { Party } from '../parties.ts';
import { requestBody } from '../traffic.ts';
import { pathOf } from './site.ts';

const CONCURRENCY = 32;
const FULL = { warmupSeconds: 20, seconds: 10 };
const QUICK = { warmupSeconds: 2, seconds: 1 };

/** Requests a second that a closed loop gets out of a way, where every other one is streamed. */
export async function capacityOf(launch: Launch, party: Party, quick: boolean): Promise<number> {
  const { url, headers, model } = party;
  const { warmupSeconds, seconds } = quick ? QUICK : FULL;
  const load = launch({ name: 'closed-load', command: [pathOf('../load.ts')] });
  const secondsPerRequest: number[] = [];
  for (const stream of [false, true]) {
    const body = requestBody(model, stream);
    await load.ask('start', { url, headers, body, stream, concurrency: CONCURRENCY, regrouped: true, varied: true });
    await pause(warmupSeconds * 1000);
    await load.ask('mark');
    await pause(seconds * 1000);
    const { answers, seconds: lasted } = await load.ask('finish');
    console.error(`closed loop, ${stream ? 'streamed' : 'not streamed'}: ${(answers / lasted).toFixed(0)} requests/s`);
    secondsPerRequest.push(lasted / answers);
  }
  await load.stop();
  return secondsPerRequest.length / secondsPerRequest.reduce((sum, each) => sum + each, 0);
}
