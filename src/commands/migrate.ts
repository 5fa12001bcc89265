import type { Migrated } from '../storage/migrate.ts';
import { type Command, print } from './command.ts';
import { withDatabase } from './offline.ts';

const HELP = `Usage: causeway migrate

Brings the tables of the database up to this version, and says what it did. A start does so by itself; of several
processes that do it at once, one works and the others wait.`;

export const migrate: Command = {
  async run([first], env) {
    if (first !== undefined) {
      print(HELP);
      return first === '--help' || first === '-h' ? 0 : 2;
    }
    await withDatabase(env, async (_database, migrated) => print(migratedText(migrated)));
    return 0;
  },
};

function migratedText({ applied, unknown }: Migrated): string {
  const done =
    applied.length === 0
      ? 'The database was up to date.'
      : `The database is up to date. Run now: ${applied.join(', ')}.`;
  return unknown === 0 ? done : `${done}\nA newer version of Causeway has used it, too; what that added stays.`;
}
