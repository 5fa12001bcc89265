import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from '../test/support/free-port.ts';
import { readJournal } from './journal.ts';
import { type Party, type Site, createKey, untilAnswers } from './parties.ts';
import { OWNER } from './plenty.ts';
import { CHAT_PATH } from './traffic.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface GatewayPlan {
  /** Of its folder and its log. */
  readonly name: string;
  readonly config: object;
  /** What the load asks for. */
  readonly model: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a gateway in a folder of its own, with a key of a project and a user, and waits until it takes requests. */
export async function openGateway(site: Site, { name, config, model, env = {} }: GatewayPlan): Promise<Party> {
  const port = await freePort();
  const folder = join(site.scratch, name);
  mkdirSync(folder);
  const configPath = join(folder, 'causeway.yaml');
  const adminKey = randomBytes(32).toString('base64url');
  // JSON is YAML.
  writeFileSync(configPath, JSON.stringify(config));
  const own = {
    PORT: String(port),
    CAUSEWAY_CONFIG: configPath,
    CAUSEWAY_DATA_DIR: join(folder, 'data'),
    CAUSEWAY_ADMIN_KEY: adminKey,
  };
  const child = site.launch({ name, command: [MAIN, 'start'], env: { ...own, ...env } });
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(child, `${origin}/readyz`);
  return {
    name: 'causeway',
    child,
    url: origin + CHAT_PATH,
    headers: { authorization: `Bearer ${await createKey(origin, adminKey, OWNER)}` },
    model,
    journal: () => readJournal(`${origin}/metrics`),
  };
}
