import { type Command, UsageError, print } from './commands/command.ts';
import { keepCompiledCode } from './compiled-code.ts';
import { ConfigError } from './config/problems.ts';
import { GatewayError } from './core/errors.ts';
import { redactSecrets } from './core/redaction.ts';
import { VERSION } from './core/version.ts';

interface Word {
  readonly summary: string;
  /** Only then is it read: a command needs little of what the others need. */
  load(): Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Word>> = {
  start: {
    summary: 'start the gateway',
    load: async () => {
      keepCompiledCode(process.env);
      return (await import('./commands/start.ts')).start;
    },
  },
  simulate: {
    summary: 'run the simulator alone, as a provider',
    load: async () => ({ run: (await import('./commands/simulate.ts')).simulateCommand }),
  },
  keys: { summary: 'make, list and revoke API keys', load: async () => (await import('./commands/keys.ts')).keys },
  prices: {
    summary: 'list, store and compare prices; show what has none',
    load: async () => (await import('./commands/prices.ts')).prices,
  },
  alerts: {
    summary: 'send a test to the channels of alerts; list rules',
    load: async () => (await import('./commands/alerts.ts')).alerts,
  },
  'master-key': {
    summary: 'seal the stored keys of providers under a new master key',
    load: async () => (await import('./commands/master-key.ts')).masterKey,
  },
  replay: {
    summary: 'say what another configuration would make of recorded requests; nothing is sent',
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  route: {
    summary: 'advise how to choose among models, from recorded requests',
    load: async () => (await import('./commands/route.ts')).route,
  },
  guards: {
    summary: 'choose the thresholds of a guard from labelled texts',
    load: async () => (await import('./commands/guards.ts')).guards,
  },
  migrate: {
    summary: 'bring the database up to this version',
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
  doctor: {
    summary: 'say what is wrong here, and what to do about it',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
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
  const word = name === undefined ? undefined : COMMANDS[name];
  if (!word) {
    const asked = name === undefined || name === '--help' || name === '-h' || name === 'help';
    print(asked ? help() : `There is no command "${name}".\n\n${help()}`);
    return name === undefined || !asked ? 2 : 0;
  }
  try {
    const command = await word.load();
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
