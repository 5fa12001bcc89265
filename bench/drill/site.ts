import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { SimulatorStats } from '../../src/models/simulator/stats.ts';
import { Child, type ChildPlan } from '../child.ts';
import { type DrillGateway, startGateway } from './gateway.ts';
import type { UpstreamPlan } from './upstream-plan.ts';

export type Launch = (plan: Omit<ChildPlan, 'logs'>) => Child;

/** What a drill runs on: the gateway and its providers, each a process of its own. */
export interface Site {
  readonly gateway: DrillGateway;
  readonly launch: Launch;
  /** What an upstream has seen so far; a stand-in adds facts of its own. */
  stats(upstream: string): Promise<SimulatorStats & Readonly<Record<string, unknown>>>;
}

export interface SitePlan {
  readonly upstreams: UpstreamPlan;
  /** causeway.yaml, once it is known where the upstreams are. */
  readonly config: (urls: Readonly<Record<string, string>>) => object;
}

/** Starts everything, drills, and leaves nothing behind, whatever happens. */
export async function withSite<T>(plan: SitePlan, drill: (site: Site) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-drill-'));
  const children: Child[] = [];
  const launch: Launch = (child) => {
    const started = new Child({ ...child, logs: folder });
    children.push(started);
    return started;
  };
  try {
    return await Promise.race([openAndDrill(plan, folder, launch, drill), interruption()]);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openAndDrill<T>(
  plan: SitePlan,
  folder: string,
  launch: Launch,
  drill: (site: Site) => Promise<T>,
): Promise<T> {
  const script = fileURLToPath(new URL('./upstreams.ts', import.meta.url));
  const upstreams = launch({ name: 'upstreams', command: [script, JSON.stringify(plan.upstreams)] });
  const urls = await upstreams.hear('upstreams');
  const gateway = await startGateway(launch, folder, plan.config(urls));
  return drill({
    gateway,
    launch,
    async stats(upstream) {
      const response = await fetch(`${urls[upstream]}/stats`);
      return (await response.json()) as SimulatorStats & Record<string, unknown>;
    },
  });
}

/** Rejects on Ctrl-C, so that the way out is the one of every failure. */
export function interruption(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  }
  return promise;
}
