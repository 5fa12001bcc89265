import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { systemClock } from '../../core/clock.ts';
import type { SimulatorOptions } from './behaviour.ts';
import type { SimulatorBilling } from './billing.ts';
import { createSimulatorServer } from './http-server.ts';
import { Simulator } from './simulator.ts';
import type { SimulatorStats } from './stats.ts';

export interface StartSimulatorOptions {
  readonly settings?: SimulatorOptions;
  /** A free one where left out. */
  readonly port?: number;
  /** 127.0.0.1 where left out. */
  readonly host?: string;
}

export interface RunningSimulator {
  /** Without a slash at its end, e.g. `http://127.0.0.1:9000`. */
  readonly url: string;
  stats(): SimulatorStats;
  billing(): SimulatorBilling;
  /** Ends running answers too. */
  close(): Promise<void>;
}

/** Starts a simulated provider on a socket of its own. @throws the listening error, e.g. a port that is taken */
export async function startSimulator(options: StartSimulatorOptions = {}): Promise<RunningSimulator> {
  const { settings = {}, port = 0, host = '127.0.0.1' } = options;
  const simulator = new Simulator(settings, systemClock);
  const server = createSimulatorServer(simulator);
  server.listen(port, host);
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  const hostname = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${hostname}:${taken}`,
    stats: () => simulator.stats,
    billing: () => simulator.billing,
    close: () => closeServer(server),
  };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
