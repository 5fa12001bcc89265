import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/load.ts';

/** What a text of causeway.yaml says, with nothing from the environment. */
export function configOf(text: string): Config {
  return parseConfig(text, { path: 'causeway.yaml', env: {} }).config;
}
