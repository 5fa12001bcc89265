import { alerts } from './commands/alerts.ts';
import { type Command, UsageError, print } from './commands/command.ts';
import { doctor } from './commands/doctor.ts';
import { keys } from './commands/keys.ts';
import { masterKey } from './commands/master-key.ts';
import { migrate } from './commands/migrate.ts';
import { prices } from './commands/prices.ts';
import { simulateCommand } from './commands/simulate.ts';
import { start } from './commands/start.ts';
import { ConfigError } from './config/problems.ts';
import { GatewayError } from './core/errors.ts';
import { redactSecrets } from './core/redaction.ts';
import { VERSION } from './core/version.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  start,
  simulate: { summary: 'run the simulator alone, as a provider', run: simulateCommand },
  keys,
  prices,
  alerts,
  'master-key': masterKey,
  migrate,
  doctor,
};

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`);
  return [
    'Usage: causeway <command> [options]',
    '',
    ...lines,
    '',
    'causeway <command> --help says more; causeway --version prints the version.',
  ].join('\n');
}

async function main([name, ...argv]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') {
    print(VERSION);
    return 0;
  }
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command) {
    const asked = name === undefined || name === '--help' || name === '-h' || name === 'help';
    print(asked ? help() : `There is no command "${name}".\n\n${help()}`);
    return name === undefined || !asked ? 2 : 0;
  }
  try {
    return await command.run(argv, process.env);
  } catch (thrown) {
    process.stderr.write(`${failureText(thrown)}\n`);
    return isUsage(thrown) ? 2 : 1;
  }
}

function isUsage(thrown: unknown): boolean {
  return (
    thrown instanceof UsageError || (thrown as { code?: unknown } | null)?.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
  );
}

/** One clear message for what a person can mend; the stack only for what they cannot. */
function failureText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `causeway: the address is in use (${thrown.message}). Set PORT to another one.`;
  if (thrown instanceof ConfigError) return `causeway: ${thrown.message}`;
  const known = [UsageError, GatewayError, RangeError].some((kind) => thrown instanceof kind);
  if (known || syscall !== undefined || thrown.name === 'LockHeldError' || code?.startsWith('ERR_PARSE_ARGS')) {
    return redactSecrets(`causeway: ${thrown.message}`);
  }
  return redactSecrets(thrown.stack ?? thrown.message);
}

process.exitCode = await main(process.argv.slice(2));
