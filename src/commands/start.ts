import { parseArgs } from 'node:util';

import { type App, startApp } from '../app.ts';
import { dataDirOf } from '../whereabouts.ts';
import type { Environment, LoadedConfig } from '../config/config.ts';
import { loadConfig, locateConfig } from '../config/load.ts';
import { type Command, print } from './command.ts';
import { guardsText } from './start-guards.ts';
import { startText } from './start-text.ts';

const HELP = `Usage: causeway start [--config <file>]

Starts the gateway. Without a configuration it listens on http://127.0.0.1:8080, keeps its data in ./data,
and uses the providers whose keys are in the environment (OPENAI_API_KEY, ANTHROPIC_API_KEY, DEEPSEEK_API_KEY, …).

  --config <file>   the configuration (default: CAUSEWAY_CONFIG, else ./causeway.yaml where there is one)

Environment: PORT, HOST, CAUSEWAY_CONFIG, CAUSEWAY_DATA_DIR, CAUSEWAY_ADMIN_KEY, CAUSEWAY_MASTER_KEY,
CAUSEWAY_CONSOLE, DATABASE_URL, REDIS_URL.
SIGHUP reads the configuration again. SIGTERM and SIGINT stop accepting, let answers end and exit with 0.`;

export const start: Command = {
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
    // Before anything is printed: whoever reads the address may stop the gateway in the same instant.
    const stopped = stopSignal();
    const buildsConsole = env['npm_lifecycle_event'] === 'start';
    const app = await startApp({ env, loaded, configPath: location.path, buildsConsole });
    process.on('SIGHUP', () => app.reload());
    announce(app, loaded, env);
    const signal = await stopped;
    app.log.info({ signal }, 'stopping: no new requests, running answers may end');
    await app.close();
    return 0;
  },
};

function announce(app: App, loaded: LoadedConfig, env: Environment): void {
  const program = env['npm_lifecycle_event'] === 'start' ? 'npm run causeway --' : 'causeway';
  const { file, config } = loaded;
  const now = { catalog: app.catalog(), tried: app.rollouts(), guards: guardsText(config) };
  print(startText({ ...app, ...now, dataDir: dataDirOf(env), file, program }));
}

/** The first signal to stop. A second one does not wait for answers that are still running. */
function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      resolve(signal);
    });
  }
  return promise;
}
