import { systemClock } from '../core/clock.ts';
import { ProviderKeyStore } from '../pipeline/access/provider-key-store.ts';
import { sealerOf } from '../pipeline/access/sealing.ts';
import { type Command, UsageError, print } from './command.ts';
import { withDatabase } from './offline.ts';

const HELP = `Usage: causeway master-key rotate

Seals the stored keys of providers again under CAUSEWAY_MASTER_KEY.

To rotate: set CAUSEWAY_MASTER_KEY to the new key (openssl rand -base64 32) and CAUSEWAY_MASTER_KEY_PREVIOUS to the old
one, restart the gateway, run this, and take CAUSEWAY_MASTER_KEY_PREVIOUS away at the next restart.`;

export const masterKey: Command = {
  async run([action, ...rest], env) {
    if (action === '--help' || action === '-h' || action === undefined) {
      print(HELP);
      return action === undefined ? 2 : 0;
    }
    if (action !== 'rotate' || rest.length > 0) throw new UsageError('there is only "master-key rotate"');
    const sealer = sealerOf(env);
    if (!sealer) throw new UsageError('CAUSEWAY_MASTER_KEY is not set; it must be the new master key');
    const count = await withDatabase(env, ({ orm }) => new ProviderKeyStore(orm, sealer, systemClock).reseal());
    print(
      `${count} ${count === 1 ? 'key was' : 'keys were'} sealed again; the rest already were under this master key.`,
    );
    return 0;
  },
};
