import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { launchSomewhere } from './free-port.ts';

const PROGRAM = '/usr/bin/prometheus';
export const PROMTOOL = 'promtool';
const POLL_MS = 100;
/** On a busy machine scrapes come late. */
const LIMIT_MS = 60_000;

/** Why tests on Prometheus cannot run here, or false. */
export const noPrometheus = !existsSync(PROGRAM) && 'no Prometheus here (apt-get install prometheus)';
export const noPromtool =
  spawnSync(PROMTOOL, ['--version']).error !== undefined && 'no promtool here (apt-get install prometheus)';

/** A result of an instant query. */
export interface PromSample {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds, and the number as text. */
  readonly value: readonly [at: number, value: string];
}

/** A Prometheus on a port of its own that scrapes one gateway every second, as the job `causeway`. */
export interface PrometheusServer {
  /** @throws where Prometheus says that the query is wrong */
  query(expr: string): Promise<readonly PromSample[]>;
  /** Any path under `/api/v1`; what stands under `data`. */
  api(path: string): Promise<unknown>;
  /** Asks again until the first value of the query is at least that. */
  until(expr: string, atLeast: number): Promise<void>;
  close(): Promise<void>;
}

/** @param rules a file of rules, which are evaluated every second */
export async function startPrometheus(target: string, rules: string): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-prometheus-'));
  cpSync(rules, join(folder, basename(rules)));
  const config = `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: ['${basename(rules)}']
scrape_configs: [{ job_name: causeway, static_configs: [{ targets: ['${target}'] }] }]
`;
  writeFileSync(join(folder, 'prometheus.yml'), config);
  const { port, child } = await launchSomewhere((free) => launch(free, folder));
  const api = (path: string): Promise<unknown> => ask(`http://127.0.0.1:${port}/api/v1${path}`);
  const query = async (expr: string): Promise<readonly PromSample[]> => {
    const { result } = (await api(`/query?query=${encodeURIComponent(expr)}`)) as { result: readonly PromSample[] };
    return result;
  };
  return {
    api,
    query,
    async until(expr, atLeast) {
      const limit = performance.now() + LIMIT_MS;
      while (!(Number((await query(expr))[0]?.value[1]) >= atLeast)) {
        if (performance.now() > limit) throw new Error(`${expr} is not ${atLeast} after ${LIMIT_MS} ms`);
        await delay(POLL_MS);
      }
    },
    async close() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask(url: string): Promise<unknown> {
  const response = await fetch(url);
  const { data, error } = (await response.json()) as { data: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return data;
}

async function launch(port: number, folder: string): Promise<ChildProcess> {
  const settings = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn(PROGRAM, settings, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (!line.includes('Server is ready to receive web requests')) continue;
    child.stderr.resume();
    return child;
  }
  throw new Error(`Prometheus did not start on port ${port}\n${said.join('\n')}`);
}
