import { after, before, describe } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { ledgerLaws } from '../../../../test/support/ledger-laws.ts';
import { type RedisServer, noRedis, startRedis } from '../../../../test/support/redis-server.ts';
import { openReplica } from '../../../../test/support/redis-replica.ts';

describe('the ledger in Redis', { skip: noRedis }, () => {
  let server: RedisServer;
  before(async () => {
    server = await startRedis();
  });
  after(() => server.close());

  ledgerLaws(
    'the ledger in Redis',
    async () => {
      server.ask('FLUSHALL');
      const clock = new FakeClock();
      const replica = await openReplica({ url: server.url, graceMs: 0, clock });
      return {
        ledger: replica.ledger,
        advance: (ms) => clock.advance(ms),
        settled: () => replica.counters.flush(),
        close: () => replica.close(),
      };
    },
    { runs: 40 },
  );
});
