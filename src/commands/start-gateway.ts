import { type App, type AppOptions, startApp } from '../app.ts';
import type { WorkerSeat } from '../cluster/worker-seat.ts';
import type { Environment } from '../config/config.ts';
import { dataDirOf } from '../whereabouts.ts';
import { print } from './command.ts';
import { guardsText } from './start-guards.ts';
import { startText } from './start-text.ts';

type Options = Pick<AppOptions, 'env' | 'loaded' | 'configPath'>;

/** The one process of a gateway. */
export async function runAlone(options: Options): Promise<number> {
  // Before anything is printed: whoever reads the address may stop the gateway in the same instant.
  const stopped = stopSignal();
  const app = await startApp({ ...options, buildsConsole: isInClone(options.env) });
  process.on('SIGHUP', () => app.reload());
  print(textOf(app, options));
  await close(app, await stopped);
  return 0;
}

/** One of several. The first of them does what is done once. */
export async function runWorker(options: Options, seat: WorkerSeat, workers: number): Promise<number> {
  const buildsConsole = isInClone(options.env) && seat.number === 1;
  const app = await startApp({ ...options, buildsConsole, worker: seat });
  seat.onReload(() => app.reload());
  seat.ready(textOf(app, options, workers));
  await close(app, await seat.stopped);
  return 0;
}

async function close(app: App, signal: string): Promise<void> {
  app.log.info({ signal }, 'stopping: no new requests, running answers may end');
  await app.close();
}

function isInClone(env: Environment): boolean {
  return env['npm_lifecycle_event'] === 'start';
}

function textOf(app: App, { env, loaded }: Options, workers?: number): string {
  const program = isInClone(env) ? 'npm run causeway --' : 'causeway';
  const { file, config } = loaded;
  const now = { catalog: app.catalog(), tried: app.rollouts(), guards: guardsText(config) };
  return startText({ ...app, ...now, dataDir: dataDirOf(env), file, program, workers });
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
