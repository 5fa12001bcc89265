import type { Environment, Origin } from './config.ts';
import { environmentProblem } from './discover.ts';
import { setVariable } from './expand-env.ts';
import type { FieldSchema } from './field-schema.ts';
import { type Problem, joinKey } from './problems.ts';
import { readVariable } from './read-scalar.ts';

interface Override {
  readonly variable: string;
  readonly section: 'server' | 'console';
  readonly name: string;
}

/** Variables that stand in for a key of the file, and win over it. */
const OVERRIDES: readonly Override[] = [
  { variable: 'PORT', section: 'server', name: 'port' },
  { variable: 'HOST', section: 'server', name: 'host' },
  { variable: 'CAUSEWAY_CONSOLE', section: 'console', name: 'enabled' },
];

/** As people write yes and no in an environment. */
const SWITCHES: Readonly<Record<string, string>> = { on: 'true', off: 'false', '1': 'true', '0': 'false' };

interface Overriding {
  readonly values: Readonly<Record<Override['section'], Record<string, unknown>>>;
  readonly origins: ReadonlyMap<string, Origin>;
  readonly problems: readonly Problem[];
}

/** The variable that a value came from, where it stands in for the file's. */
export function overridingVariable(key: string): string | undefined {
  return OVERRIDES.find(({ section, name }) => joinKey(section, name) === key)?.variable;
}

/** What the environment says in place of the file. */
export function readOverrides(schema: FieldSchema, env: Environment): Overriding {
  const values = { server: {}, console: {} } as Record<Override['section'], Record<string, unknown>>;
  const origins = new Map<string, Origin>();
  const problems: Problem[] = [];
  for (const { variable, section, name } of OVERRIDES) {
    const text = setVariable(env, variable);
    const field = schema.properties?.[section]?.properties?.[name];
    if (text === undefined || !field) continue;
    const written = field.type === 'boolean' ? (SWITCHES[text.toLowerCase()] ?? text) : text;
    const outcome = readVariable(field, written);
    if ('problem' in outcome) {
      problems.push(environmentProblem(variable, outcome.problem));
    } else {
      values[section][name] = outcome.value;
      origins.set(joinKey(section, name), 'environment');
    }
  }
  return { values, origins, problems };
}
