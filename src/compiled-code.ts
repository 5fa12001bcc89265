import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

import type { Environment } from './config/config.ts';
import { dataDirOf } from './whereabouts.ts';

/**
 * Keeps what Node has compiled beside the other data, so that the next start loads two thousand modules in half the time.
 * Not in the system's temporary folder, where others might have put something. Where there are no data yet nothing is
 * made; `NODE_COMPILE_CACHE` names another folder, and `NODE_DISABLE_COMPILE_CACHE=1` turns it off.
 */
export function keepCompiledCode(env: Environment): void {
  const dataDir = dataDirOf(env);
  // What cannot be written is not kept; that is no reason not to start.
  if (existsSync(dataDir)) enableCompileCache(join(dataDir, 'compile-cache'));
}
