import { parseArgs } from 'node:util';

import { systemClock } from '../core/clock.ts';
import { parseDuration } from '../core/units.ts';
import type { StoredKey } from '../pipeline/access/key-store.ts';
import { PostgresKeyStore } from '../pipeline/access/postgres-key-store.ts';
import { keyView } from '../pipeline/access/views.ts';
import type { Database } from '../storage/database/database.ts';
import { type Command, UsageError, print } from './command.ts';
import { noteCommand } from './note-command.ts';
import { withDatabase } from './offline.ts';

const HELP = `Usage: causeway keys create --project <name> [--user <id>] [--models a,b*] [--expires 30d] [--json]
       causeway keys list [--json]
       causeway keys revoke <id>

API keys of clients, on the database of CAUSEWAY_DATA_DIR or DATABASE_URL. A running gateway sees a change within a second.

  --project   what usage and limits are grouped by (default: default)
  --user      the key belongs to one user
  --models    names that the key may ask for; a name with * at its end allows all that begin so
  --expires   how long it is valid: 12h, 30d, …
  --json      print JSON`;

const OPTIONS = {
  project: { type: 'string' },
  user: { type: 'string' },
  models: { type: 'string' },
  expires: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
}

export const keys: Command = {
  async run(argv, env) {
    const { values, positionals } = parse(argv);
    const [action, id] = positionals;
    if (values.help || action === undefined) {
      print(HELP);
      return values.help ? 0 : 2;
    }
    const work = workFor(action, id, values);
    return withDatabase(env, (database) => work(new PostgresKeyStore(database.orm, systemClock), database));
  },
};

type Work = (store: PostgresKeyStore, database: Database) => Promise<number>;

function workFor(action: string, id: string | undefined, values: Values): Work {
  switch (action) {
    case 'create': {
      const key = newKeyOf(values);
      return async (store, database) => {
        const made = await store.create(key);
        await noteCommand(database, { action: 'keys create', subject: `keys/${made.id}`, after: keyView(made) });
        return printCreated(made, values.json ?? false);
      };
    }
    case 'list':
      return async (store) => printList(await store.list(), values.json ?? false);
    case 'revoke': {
      if (id === undefined) throw new UsageError('keys revoke needs the id of a key; causeway keys list shows them');
      return async (store, database) => {
        const before = await store.find(id);
        const isRevoked = await store.revoke(id);
        if (before && isRevoked) {
          await noteCommand(database, { action: 'keys revoke', subject: `keys/${id}`, before: keyView(before) });
        }
        return printRevoked(id, isRevoked);
      };
    }
    default:
      throw new UsageError(`there is no "keys ${action}"; there are create, list and revoke`);
  }
}

function newKeyOf({ project = 'default', user, models, expires }: Values) {
  const lifetime = expires === undefined ? undefined : parseDuration(expires);
  if (expires !== undefined && !lifetime) {
    throw new UsageError(`--expires "${expires}" is not a duration; write a number with a unit, e.g. 12h or 30d`);
  }
  return {
    project,
    user,
    models: models?.split(',').map((name) => name.trim()),
    expiresAt: lifetime ? new Date(Date.now() + lifetime) : undefined,
  };
}

function printCreated(made: StoredKey & { readonly key: string }, json: boolean): number {
  print(json ? JSON.stringify({ ...keyView(made), key: made.key }) : `${made.key}\n(id ${made.id}; shown this once)`);
  return 0;
}

function printList(list: readonly StoredKey[], json: boolean): number {
  if (json) print(JSON.stringify(list.map(keyView)));
  else if (list.length === 0) print('There are no keys. Make one: causeway keys create --project <name>');
  else for (const key of list) print(keyLine(key));
  return 0;
}

function keyLine(key: StoredKey): string {
  const state = key.revokedAt ? `revoked ${key.revokedAt.toISOString()}` : expiryOf(key);
  const models = key.models ? key.models.join(',') : 'all models';
  return [key.id, key.hint, key.project, key.userId ?? '-', models, state].join('  ');
}

function expiryOf({ expiresAt }: StoredKey): string {
  if (!expiresAt) return 'live';
  return `${expiresAt.getTime() > Date.now() ? 'live until' : 'expired'} ${expiresAt.toISOString()}`;
}

function printRevoked(id: string, revoked: boolean): number {
  print(revoked ? `Revoked ${id}.` : `There is no live key ${id}; causeway keys list shows them.`);
  return revoked ? 0 : 1;
}
