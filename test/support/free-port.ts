import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

const ATTEMPTS = 5;

/** A port of the loopback that nobody has now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Launches on a free port, and on another one where that fails: another process may take a port between its choice and its use. */
export async function launchSomewhere<Launched>(
  launch: (port: number) => Promise<Launched>,
): Promise<{ port: number; child: Launched }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, child: await launch(port) };
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
