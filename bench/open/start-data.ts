import { setTimeout as pause } from 'node:timers/promises';

import type { Ground } from '../drill/site.ts';
import { openEverything } from '../everything.ts';
import { requestBody } from '../traffic.ts';
import { launchReady, pathOf } from './site.ts';

export interface DataPlan {
  /** Of the folder that the gateway leaves its data in. */
  readonly name: string;
  readonly traces: number;
  readonly databaseUrl?: string;
}

const CONCURRENCY = 16;
const POLL_MS = 100;

/** Lets a gateway with everything on answer so many requests, and stops it when all of them are in the database. */
export async function fillWith({ folder, launch }: Ground, { traces, ...plan }: DataPlan): Promise<void> {
  const { child: upstream, port } = await launchReady(launch, `${plan.name}-upstream`, pathOf('../upstream.ts'));
  const site = { upstream, upstreamOrigin: `http://127.0.0.1:${port}`, scratch: folder, launch };
  const { child, url, headers, model, journal } = await openEverything(site, plan);
  const load = launch({ name: `${plan.name}-load`, command: [pathOf('../load.ts')] });
  const body = requestBody(model, false);
  await load.ask('start', { url, headers, body, stream: false, concurrency: CONCURRENCY, varied: true });
  await load.ask('mark');
  const isFilled = async (): Promise<boolean> => !child.running || ((await journal?.())?.written ?? 0) >= traces;
  while (!(await isFilled())) await pause(POLL_MS);
  await load.ask('finish');
  await Promise.all([load.stop(), child.stop()]);
  await upstream.stop();
}
