import { parseArgs } from 'node:util';

import { type App, dataDirOf, startApp } from '../app.ts';
import type { Environment, LoadedConfig } from '../config/config.ts';
import { loadConfig, locateConfig } from '../config/load.ts';
import { type Command, print } from './command.ts';
import { startText } from './start-text.ts';

const HELP = `Usage: causeway start [--config <file>]

Starts the gateway. Without a configuration it listens on http://127.0.0.1:8080, keeps its data in ./data,
and uses the providers whose keys are in the environment (OPENAI_API_KEY, ANTHROPIC_API_KEY).

  --config <file>   the configuration (default: CAUSEWAY_CONFIG, else ./causeway.yaml where there is one)

Environment: PORT, HOST, CAUSEWAY_CONFIG, CAUSEWAY_DATA_DIR, CAUSEWAY_ADMIN_KEY, CAUSEWAY_MASTER_KEY, DATABASE_URL.
SIGHUP reads the configuration again. SIGTERM and SIGINT stop accepting, let answers end and exit with 0.`;

export const start: Command = {
  summary: 'start the gateway',
  async run(argv, env) {
    const { values } = parseArgs({
      args: [...argv],
      options: { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      print(HELP);
      return 0;
    }
    const location = locateConfig(env, values.config);
    const loaded = loadConfig({ ...location, env });
    const app = await startApp({ env, loaded, configPath: location.path });
    announce(app, loaded, env);
    await untilStopped(app);
    return 0;
  },
};

function announce(app: App, loaded: LoadedConfig, env: Environment): void {
  const { url, freshKeys, database } = app;
  const program = env['npm_lifecycle_event'] === 'start' ? 'npm run causeway --' : 'causeway';
  const { file } = loaded;
  print(startText({ url, freshKeys, database, catalog: app.catalog(), dataDir: dataDirOf(env), file, program }));
}

/** A second signal does not wait for answers that are still running. */
async function untilStopped(app: App): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<NodeJS.Signals>();
  process.on('SIGHUP', () => app.reload());
  process.once('SIGTERM', resolve);
  process.once('SIGINT', resolve);
  const signal = await stopped;
  app.log.info({ signal }, 'stopping: no new requests, running answers may end');
  for (const again of ['SIGTERM', 'SIGINT'] as const) process.once(again, () => process.exit(1));
  await app.close();
}
