import type { Environment } from '../config/config.ts';

/** One word of the command line: takes what follows it, answers with the exit code. */
export interface Command {
  run(argv: readonly string[], env: Environment): Promise<number>;
}

/** Wrong words on the command line; the message says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
