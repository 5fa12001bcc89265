import { startSimulator } from '../../src/models/simulator/start.ts';
import { say } from '../messages.ts';
import { STAND_INS, startStandIn } from './stand-ins.ts';
import type { UpstreamPlan } from './upstream-plan.ts';

/** The process of all providers: each simulator of the plan on a port of its own, and the stand-ins. */
async function start(plan: UpstreamPlan): Promise<void> {
  const urls: Record<string, string> = {};
  for (const [name, { models = {}, ...settings }] of Object.entries(plan)) {
    const { url } = await startSimulator({ settings: { ...settings, models: new Map(Object.entries(models)) } });
    urls[name] = url;
  }
  for (const [name, standIn] of Object.entries(STAND_INS)) urls[name] = await startStandIn(standIn());
  say('upstreams', urls);
}

await start(JSON.parse(process.argv[2] ?? '{}') as UpstreamPlan);
