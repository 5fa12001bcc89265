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

/** Where a drill's processes are started, and what has to be ended with it. */
export interface Ground {
  /** For files, which go with the drill. */
  readonly folder: string;
  readonly launch: Launch;
  /** Servers that are closed after the processes, in their order. */
  readonly closeLater: (close: () => Promise<void>) => void;
}

/** Drills, and leaves nothing behind, whatever happens. */
export async function onGround<T>(drill: (ground: Ground) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-drill-'));
  const children: Child[] = [];
  const closing: (() => Promise<void>)[] = [];
  const launch: Launch = (child) => {
    const started = new Child({ ...child, logs: folder });
    children.push(started);
    return started;
  };
  try {
    const closeLater = (close: () => Promise<void>): void => void closing.push(close);
    return await Promise.race([drill({ folder, launch, closeLater }), interruption()]);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    for (const close of closing) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts everything, drills, and leaves nothing behind, whatever happens. */
export function withSite<T>(plan: SitePlan, drill: (site: Site) => Promise<T>): Promise<T> {
  return onGround((ground) => openAndDrill(plan, ground, drill));
}

async function openAndDrill<T>(
  plan: SitePlan,
  { folder, launch }: Ground,
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
