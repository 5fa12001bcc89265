import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

import type { Child } from '../child.ts';
import type { Ground, Launch } from '../drill/site.ts';
import { type EverythingPlan, openEverything } from '../everything.ts';
import type { Party, Site } from '../parties.ts';
import { describeMachine } from '../report.ts';
import { CHAT_PATH, UPSTREAM_MODEL } from '../traffic.ts';
import { noPostgres, startPostgres } from '../../test/support/postgres-server.ts';

export type DatabaseName = 'postgres' | 'embedded';

const CREDENTIAL = { authorization: 'Bearer bench' };

export function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** PostgreSQL of the run's own; undefined for the embedded database. */
export async function databaseUrl(ground: Ground, name: DatabaseName): Promise<string | undefined> {
  if (name === 'embedded') return undefined;
  if (noPostgres) throw new Error(`${noPostgres}; --database embedded does without`);
  const server = await startPostgres();
  ground.closeLater(() => server.close());
  return server.url;
}

export interface Parties {
  readonly upstream: Child;
  /** Straight to the upstream. */
  readonly direct: Party;
  /** Through a gateway with everything on. */
  readonly gateway: Party;
}

/** The upstream of this script, and a gateway with everything on before it. */
export async function openParties(
  ground: Ground,
  upstreamScript: string,
  database: DatabaseName,
  plan: Partial<EverythingPlan> = {},
): Promise<Parties> {
  const { folder, launch } = ground;
  const upstream = await launchReady(launch, 'upstream', upstreamScript);
  const upstreamOrigin = `http://127.0.0.1:${upstream.port}`;
  const site: Site = { upstream: upstream.child, upstreamOrigin, scratch: folder, launch };
  const url = await databaseUrl(ground, database);
  const gateway = await openEverything(site, {
    ...plan,
    name: 'gateway',
    ...(url === undefined ? {} : { databaseUrl: url }),
  });
  const direct: Party = {
    name: 'direct',
    child: upstream.child,
    url: upstreamOrigin + CHAT_PATH,
    headers: CREDENTIAL,
    model: UPSTREAM_MODEL,
  };
  return { upstream: upstream.child, direct, gateway };
}

export async function launchReady(
  launch: Launch,
  name: string,
  script: string,
): Promise<{ readonly child: Child; readonly port: number }> {
  const child = launch({ name, command: [script] });
  const { port } = await child.hear('ready');
  return { child, port };
}

/** What the figures belong to. */
export function heading(title: string, database: string): string {
  const { cores, cpu, node } = describeMachine();
  const [lastMinute = 0] = loadavg();
  const command = `node ${process.argv.slice(1).map(shortened).join(' ')}`;
  return [
    `# ${title}`,
    '',
    `${new Date().toISOString()}, ${cores} cores of ${cpu}, Node ${node}, database ${database}, load average ${lastMinute.toFixed(1)} before the start: \`${command}\``,
    '',
  ].join('\n');
}

function shortened(word: string): string {
  return word.startsWith('/') ? word.slice(word.lastIndexOf('/bench/') + 1) : word;
}
