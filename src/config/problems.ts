import { redactSecrets } from '../core/redaction.ts';

/** One thing that is wrong with the configuration, and what would be right. */
export interface Problem {
  /** As it was named to the loader, or `environment`. */
  readonly file: string;
  /** From 1. A variable of the environment stands on line 1. */
  readonly line: number;
  readonly column: number;
  /** `server.bodyLimit`, `providers.openai.apiKeys[0]`, or the variable's name; empty for the file as a whole. */
  readonly key: string;
  readonly message: string;
}

/** The configuration cannot be used; `problems` has everything that is wrong with it, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** The environment has no lines, so they are not shown. */
export const ENVIRONMENT = 'environment';

function describeProblem({ file, line, column, key, message }: Problem): string {
  const place = file === ENVIRONMENT ? file : `${file}:${line}:${column}`;
  // Cleaned without the key before it: after `apiKey: ` a cleaner takes the first word for a secret.
  const clean = redactSecrets(message);
  return key === '' ? `${place}: ${clean}` : `${place}: ${key}: ${clean}`;
}

/** Adds a name to a key: `models.chat`, or `models["gpt-5.1"]` where a dot would mislead. */
export function joinKey(parent: string, name: string): string {
  if (!/^[^\s."[\]]+$/.test(name)) return `${parent}[${JSON.stringify(name)}]`;
  return parent === '' ? name : `${parent}.${name}`;
}
