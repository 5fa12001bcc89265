import { type Command, print } from './command.ts';
import { withDatabase } from './offline.ts';

const HELP = `Usage: causeway migrate

Brings the tables of the database up to this version. A start does so by itself.`;

export const migrate: Command = {
  summary: 'bring the database up to this version',
  async run([first], env) {
    if (first !== undefined) {
      print(HELP);
      return first === '--help' || first === '-h' ? 0 : 2;
    }
    await withDatabase(env, async () => print('The database is up to date.'));
    return 0;
  },
};
