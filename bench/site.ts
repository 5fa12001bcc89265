import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type PostgresServer, noPostgres, startPostgres } from '../test/support/postgres-server.ts';
import { Child } from './child.ts';
import { openEverything } from './everything.ts';
import { type Party, type PartyName, type Site, openCauseway, openDirect, openFloor, openPortkey } from './parties.ts';

/** Where parties meet: one upstream, one load, one PostgreSQL, a folder; all of it is gone when the work has ended. */
export interface BenchSite extends Site {
  readonly load: Child;
  /** Starts a party and waits until it takes requests. */
  readonly open: (name: PartyName, more?: MorePlan) => Promise<Party>;
}

/** For the process of a gateway with everything on. */
interface MorePlan {
  readonly env?: Readonly<Record<string, string>>;
}

export interface SitePlan {
  /** Milliseconds between two events of each stream. */
  readonly pace?: string;
}

/** Does the work and cleans up behind it, also when it fails or is interrupted. */
export async function onSite<T>(work: (site: BenchSite) => Promise<T>, { pace = '0' }: SitePlan = {}): Promise<T> {
  if (process.platform !== 'linux') throw new Error("the bench reads process times from Linux's /proc");
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const children: Child[] = [];
  const database = new LazyPostgres();
  try {
    const launch: Site['launch'] = (plan) => {
      const child = new Child({ ...plan, logs: scratch });
      children.push(child);
      return child;
    };
    const upstream = launch({ name: 'upstream', command: [pathOf('./upstream.ts'), '--pace', pace] });
    const { port } = await upstream.hear('ready');
    const load = launch({ name: 'load', command: [pathOf('./load.ts')] });
    const site: Site = { launch, scratch, upstream, upstreamOrigin: `http://127.0.0.1:${port}` };
    const open: BenchSite['open'] = (name, more = {}) => OPENERS[name](site, more, database);
    return await Promise.race([work({ ...site, load, open }), interruption()]);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await database.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

type Opener = (site: Site, more: MorePlan, database: LazyPostgres) => Promise<Party>;

const OPENERS: Record<PartyName, Opener> = {
  direct: openDirect,
  floor: openFloor,
  portkey: openPortkey,
  causeway: async (site, { env = {} }, database) => {
    const { url } = await database.open();
    const party = await openEverything(site, { name: 'causeway', databaseUrl: url, env });
    return { ...party, databasePid: postmasterPid(url) };
  },
  embedded: async (site, { env = {} }) => ({
    ...(await openEverything(site, { name: 'embedded', env })),
    name: 'embedded',
  }),
  plain: async (site) => ({ ...(await openCauseway(site)), name: 'plain' }),
};

/** Parties that cannot run here, and why. */
export function missingParties(): ReadonlyMap<PartyName, string> {
  return new Map(noPostgres === false ? [] : [['causeway', noPostgres]]);
}

/** Started for the first who asks. */
class LazyPostgres {
  #server: Promise<PostgresServer> | undefined;

  open(): Promise<PostgresServer> {
    this.#server ??= startPostgres();
    return this.#server;
  }

  async close(): Promise<void> {
    const server = await this.#server?.catch(() => undefined);
    await server?.close();
  }
}

/** Its socket is in the folder that it keeps its data in. */
function postmasterPid(databaseUrl: string): number {
  const folder = decodeURIComponent(new URL(databaseUrl).hostname);
  return Number.parseInt(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8'), 10);
}

/** Rejects on Ctrl-C, so that the way out is the one of every failure. */
function interruption(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => reject(new Error(`the bench was ended by ${signal}`)));
  }
  return promise;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
