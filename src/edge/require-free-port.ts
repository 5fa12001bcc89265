import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Fails as listening would, and before anything else is begun: a first start that cannot listen
 * must not use up the keys that are shown once.
 * @throws the system's error, e.g. EADDRINUSE
 */
export async function requireFreePort(at: { readonly port: number; readonly host: string }): Promise<void> {
  const probe = createServer().listen(at);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
