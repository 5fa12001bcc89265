import type { Config } from '../../config/config.ts';
import type { Database } from '../../storage/database/database.ts';
import { readHealth } from '../../storage/database/health-store.ts';
import { pendingMigrations } from '../../storage/migrate.ts';
import { type Finding, fail, messageOf, ok, sizeText, warn } from './check.ts';

const SLOW_MS = 100;

/** A database that answers. */
export async function database(opened: Database): Promise<Finding> {
  const { version, latencyMs, bytes, partitions } = await readHealth(opened);
  const { pending, unknown } = await pendingMigrations(opened);
  const kind = opened.kind === 'embedded' ? 'embedded' : 'PostgreSQL';
  const size = `${sizeText(bytes)}, traces in ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`;
  const text = `${kind} ${version} answers in ${latencyMs.toFixed(1)} ms; ${size}`;
  if (pending.length > 0) {
    return warn(`${text}; not migrated: ${pending.join(', ')}`, 'A start does it, and so does causeway migrate.');
  }
  if (unknown > 0) {
    return warn(`${text}; a newer version of Causeway has used it`, 'Update this one, so that all replicas are alike.');
  }
  return latencyMs > SLOW_MS ? warn(text, 'See what keeps it busy: records wait the longer.') : ok(text);
}

const REDIS_PATIENCE_MS = 2500;

export async function redis(url: string): Promise<Finding> {
  const { openRedis } = await import('../../storage/counters/redis.ts');
  const said: string[] = [];
  const note = (facts: object): void => {
    const reason = (facts as { reason?: unknown }).reason;
    if (typeof reason === 'string') said.push(reason);
  };
  const began = performance.now();
  const handle = openRedis({ url, log: { info: () => undefined, warn: note, error: note } });
  try {
    const isUp = await comesUp(handle.onUp.bind(handle));
    const [reason = 'no answer'] = said;
    if (!isUp) return fail(`Redis does not answer: ${reason}`, 'Start it, or correct REDIS_URL.');
    const text = `Redis answers; connected in ${Math.round(performance.now() - began)} ms`;
    return said.length > 0
      ? warn(`${text}; ${said.join('; ')}`, 'Correct its settings, or counters are lost.')
      : ok(text);
  } finally {
    await handle.close();
  }
}

function comesUp(onUp: (listener: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), REDIS_PATIENCE_MS);
    onUp(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

const GATEWAY_PATIENCE_MS = 3000;

/** The gateway that should run here, and what it says of its records. */
export async function gateway({ host, port }: Config['server']): Promise<Finding> {
  const place = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = `http://${place.includes(':') ? `[${place}]` : place}:${port}`;
  let ready: { readonly ready?: boolean; readonly reasons?: readonly string[] };
  try {
    ready = (await (await ask(`${url}/readyz`)).json()) as typeof ready;
  } catch (error) {
    return warn(
      `no gateway answers on ${url} (${messageOf(error)})`,
      'If one should run: start it, or set PORT and HOST.',
    );
  }
  const lost = lossesIn(await (await ask(`${url}/metrics`)).text());
  const { reasons = [] } = ready;
  const text = [`${url} ${ready.ready ? 'is ready' : 'is not ready'}`, ...reasons, ...lost].join('; ');
  if (!ready.ready) return fail(text, 'Its log says more.');
  return reasons.length + lost.length > 0 ? warn(text, 'Its log says more.') : ok(text);
}

function ask(url: string): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(GATEWAY_PATIENCE_MS) });
}

/** What a running gateway counts that should stay 0. */
const LOSSES: readonly (readonly [sample: string, words: string])[] = [
  ['causeway_records_dropped_total{what="records"}', 'records were lost since its start'],
  ['causeway_records_dropped_total{what="texts"}', 'records were kept without their texts since its start'],
  ['causeway_journal_write_errors_total', 'writes to the journal failed since its start'],
  ['causeway_journal_damaged_bytes_total', 'bytes of the journal were damaged since its start'],
];

function lossesIn(exposition: string): string[] {
  const values = new Map(
    exposition.split('\n').map((line): [string, number] => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
  return LOSSES.flatMap(([sample, words]) => ((values.get(sample) ?? 0) > 0 ? [`${values.get(sample)} ${words}`] : []));
}
