import { systemClock } from '../core/clock.ts';
import { ProviderKeyStore } from '../pipeline/access/provider-key-store.ts';
import { sealerOf } from '../pipeline/access/sealing.ts';
import { PostgresReviewStore } from '../pipeline/guards/review/postgres-review-store.ts';
import { resealReviews } from '../pipeline/guards/review/sealed-parts.ts';
import { type Command, UsageError, print } from './command.ts';
import { withDatabase } from './offline.ts';

const HELP = `Usage: causeway master-key rotate

Seals the stored keys of providers, and what waits for review, again under CAUSEWAY_MASTER_KEY.

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
    const { keys, reviews } = await withDatabase(env, async ({ orm }) => ({
      keys: await new ProviderKeyStore(orm, sealer, systemClock).reseal(),
      reviews: await resealReviews(new PostgresReviewStore(orm, systemClock), sealer),
    }));
    const said = `${keys} ${keys === 1 ? 'key' : 'keys'} and ${reviews} ${reviews === 1 ? 'review' : 'reviews'}`;
    print(`${said} were sealed again; the rest already were under this master key.`);
    return 0;
  },
};
