import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type AppOptions, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { TraceView } from '../../src/records/traces/view-schema.ts';
import { type AdminApi, adminOf, traceOf } from './admin-api.ts';
import { copyPreparedDatabase } from './prepared-database.ts';

export interface GatewayOptions {
  /** Text of causeway.yaml. */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** That of a replica which started before on the same database. */
  readonly apiKey?: string;
  /** The load that the gateway believes to have. */
  readonly sampleLoad?: NonNullable<AppOptions['sampleLoad']>;
  /** Where the built console is. */
  readonly consoleFolder?: string;
}

export interface Gateway {
  readonly url: string;
  /** A key that may do everything. */
  readonly apiKey: string;
  readonly adminKey: string;
  readonly configPath: string;
  /** Replaces the configuration file; the gateway sees it as it would see an editor's save. */
  writeConfig(text: string): void;
  reload(): void;
  admin: AdminApi;
  /** Makes an API key through the admin API. */
  makeKey(settings: JsonObject): Promise<string>;
  /** What was recorded of a request. */
  trace(requestId: string | null | undefined): Promise<TraceView>;
  /** Ends it in order and starts it again on the same folder, at another port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const ADMIN_KEY = 'admin-key-of-the-tests-0123456789';
/** The log would drown the test report. */
const QUIET = 'log: { level: silent }\n';
/** A failure is seen as it came, and does not shut out the test that follows; a test of retries sets its own. */
const ONE_ATTEMPT =
  'defaults: { retries: { max: 0 }, pacing: { learn: false }, breaker: { failures: 1000000, minimumCalls: 1000000 } }\n';

/** Tests send as fast as they can; one of limits sets its own. */
const NO_LIMITS = 'limits: []\n';

/** A whole gateway in this process: a real socket, an embedded database in a folder of its own. */
export async function startGateway({ config = '', env = {}, ...options }: GatewayOptions = {}): Promise<Gateway> {
  const { sampleLoad, consoleFolder } = options;
  const folder = mkdtempSync(join(tmpdir(), 'causeway-e2e-'));
  copyPreparedDatabase(join(folder, 'data'));
  const configPath = join(folder, 'causeway.yaml');
  const writeConfig = (text: string): void => {
    const usual = (text.includes('defaults:') ? '' : ONE_ATTEMPT) + (text.includes('limits:') ? '' : NO_LIMITS);
    writeFileSync(configPath, QUIET + usual + text);
  };
  writeConfig(config);
  const environment = { PORT: '0', CAUSEWAY_DATA_DIR: join(folder, 'data'), CAUSEWAY_ADMIN_KEY: ADMIN_KEY, ...env };
  const start = () => {
    const loaded = loadConfig({ path: configPath, explicit: true, env: environment });
    return startApp({
      env: environment,
      loaded,
      configPath,
      ...(sampleLoad && { sampleLoad }),
      ...(consoleFolder && { consoleFolder }),
    });
  };
  let app = await start();
  const { apiKey = options.apiKey } = app.freshKeys;
  assert.ok(apiKey);
  const admin: AdminApi = (...asked) => adminOf(app.url, ADMIN_KEY)(...asked);
  return {
    get url() {
      return app.url;
    },
    apiKey,
    adminKey: ADMIN_KEY,
    configPath,
    writeConfig,
    reload: () => app.reload(),
    admin,
    async makeKey(settings) {
      const { json } = await admin('/keys', { method: 'POST', body: settings });
      return json['key'] as string;
    },
    trace: (requestId) => traceOf(admin, requestId),
    async restart() {
      await app.close();
      app = await start();
    },
    async close() {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The latest records, for requests whose answer never came; `query` narrows the list, e.g. `?model=sim/echo`. */
export async function latestTraces(gateway: Pick<Gateway, 'admin'>, query = ''): Promise<TraceView[]> {
  const { json } = await gateway.admin(`/traces${query}`);
  return json['data'] as unknown as TraceView[];
}

/** A client's abort is recorded when its socket's end was noticed: that many requests have not ended yet. */
export async function untilInFlight({ url }: Pick<Gateway, 'url'>, count: number): Promise<void> {
  const line = `\nllm_requests_in_flight ${count}\n`;
  while (!(await (await fetch(`${url}/metrics`)).text()).includes(line));
}
