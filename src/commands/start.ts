import { parseArgs } from 'node:util';

import { type WorkerSeat, takeSeat } from '../cluster/worker-seat.ts';
import type { Environment } from '../config/config.ts';
import { loadConfig, locateConfig } from '../config/load.ts';
import { type Command, print } from './command.ts';
import { requireSharedState, workersWanted } from './workers.ts';

const HELP = `Usage: causeway start [--config <file>] [--workers <number>]

Starts the gateway. Without a configuration it listens on http://127.0.0.1:8080, keeps its data in ./data,
and uses the providers whose keys are in the environment (OPENAI_API_KEY, ANTHROPIC_API_KEY, DEEPSEEK_API_KEY, …).

  --config <file>      the configuration (default: CAUSEWAY_CONFIG, else ./causeway.yaml where there is one)
  --workers <number>   so many processes on one port; "auto" is one for each core (default: CAUSEWAY_WORKERS, else 1).
                       More than one need DATABASE_URL and REDIS_URL, which they share: limits and budgets stay exact.
                       One that dies is started again.

Environment: PORT, HOST, CAUSEWAY_CONFIG, CAUSEWAY_DATA_DIR, CAUSEWAY_ADMIN_KEY, CAUSEWAY_MASTER_KEY,
CAUSEWAY_CONSOLE, CAUSEWAY_WORKERS, DATABASE_URL, REDIS_URL.
SIGHUP reads the configuration again. SIGTERM and SIGINT stop accepting, let answers end and exit with 0.`;

export const start: Command = {
  async run(argv, env) {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        config: { type: 'string' },
        workers: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      print(HELP);
      return 0;
    }
    const seat = takeSeat(env);
    try {
      return await startAs(seat, values, env);
    } finally {
      // However it ended: the channel to the primary would keep a worker alive.
      seat?.leave();
    }
  },
};

interface Values {
  readonly config?: string | undefined;
  readonly workers?: string | undefined;
}

async function startAs(seat: WorkerSeat | undefined, values: Values, env: Environment): Promise<number> {
  const workers = workersWanted(values.workers, env);
  requireSharedState(workers, env);
  const location = locateConfig(env, values.config);
  const options = { env, loaded: loadConfig({ ...location, env }), configPath: location.path };
  // The gateway is loaded where it runs, which is not in the process that keeps workers running.
  if (workers > 1 && !seat) return (await import('./start-workers.ts')).runWorkers(workers, options.loaded);
  const { runAlone, runWorker } = await import('./start-gateway.ts');
  return seat ? runWorker(options, seat, workers) : runAlone(options);
}
