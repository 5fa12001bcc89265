import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Redis } from 'ioredis';

import { Host } from '../../../../test/support/cut-redis.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { House } from '../../../../test/support/redis-house.ts';
import { type RedisServer, noRedis, startRedis } from '../../../../test/support/redis-server.ts';
import { openRedis } from '../../../storage/counters/redis.ts';

const quiet = { info() {}, warn() {}, error() {} };

type Step =
  | { readonly do: 'admit'; readonly replica: number; readonly amounts: readonly [number, number] }
  | { readonly do: 'settle'; readonly which: number; readonly share: number }
  | { readonly do: 'trip'; readonly replica: number; readonly what: 'run' | 'lost' }
  | { readonly do: 'cut'; readonly replica: number }
  | { readonly do: 'mend'; readonly replica: number }
  | { readonly do: 'recover' }
  | { readonly do: 'die'; readonly replica: number }
  | { readonly do: 'copy' }
  | { readonly do: 'fail over'; readonly to: 'empty' | 'copy' }
  | { readonly do: 'flush all' }
  | { readonly do: 'database'; readonly away: boolean }
  | { readonly do: 'wait'; readonly ms: number };

const replica = fc.nat(2);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(replica, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
      .map(([one, hard, soft]): Step => ({ do: 'admit', replica: one, amounts: [hard, soft] })),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.nat(20), fc.constantFrom(0.1, 0.5, 1))
      .map(([which, share]): Step => ({ do: 'settle', which, share })),
  },
  { weight: 5, arbitrary: fc.constantFrom(3, 100, 700, 1100, 2500).map((ms): Step => ({ do: 'wait', ms })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(replica, fc.constantFrom('run' as const, 'lost' as const))
      .map(([one, what]): Step => ({ do: 'trip', replica: one, what })),
  },
  { weight: 1, arbitrary: replica.map((one): Step => ({ do: 'cut', replica: one })) },
  { weight: 3, arbitrary: replica.map((one): Step => ({ do: 'mend', replica: one })) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'recover' }) },
  { weight: 2, arbitrary: replica.map((one): Step => ({ do: 'die', replica: one })) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'copy' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('empty' as const, 'copy' as const).map((to): Step => ({ do: 'fail over', to })),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'flush all' }) },
  { weight: 1, arbitrary: fc.boolean().map((away): Step => ({ do: 'database', away })) },
);

async function take(house: House, step: Step): Promise<void> {
  if (step.do === 'admit') await house.admit(step.replica, step.amounts);
  else if (step.do === 'settle') house.settle(step.which, step.share);
  else if (step.do === 'trip') house.handles[step.replica]?.tripAtNext(step.what);
  else if (step.do === 'cut') house.cut(step.replica);
  else if (step.do === 'mend') house.mend(step.replica);
  else if (step.do === 'recover') await house.recover();
  else if (step.do === 'die') await house.die(step.replica);
  else if (step.do === 'copy') await house.keepCopy();
  else if (step.do === 'fail over') await house.failOver(step.to);
  else if (step.do === 'flush all') await house.admin.flushall();
  else if (step.do === 'database') house.setDatabase(step.away);
  else await house.wait(step.ms);
  await house.host.rest();
}

describe('counters of replicas that come back in any order', { skip: noRedis }, () => {
  let server: RedisServer;
  let admin: Redis;
  before(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
  });
  after(async () => {
    admin.disconnect();
    await server.close();
  });

  it('promise 4: count everything once, whatever Redis lost and whoever died', async () => {
    const real = openRedis({ url: server.url, log: quiet });
    await new Promise<void>((done) => real.onUp(done));
    const law = fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
      const house = new House(new Host(real), admin);
      await house.start();
      for (const step of steps) await take(house, step);
      await house.end();
      const states = await house.seen();
      const [hard, soft] = house.expected();
      assert.deepEqual(
        states.map(({ used, reserved }) => [used, reserved]),
        [
          [hard, 0],
          [soft, 0],
          [0, 0],
        ],
      );
    });
    try {
      await fc.assert(law, { numRuns: Number(process.env['RUNS'] ?? 80) });
    } finally {
      await real.close();
    }
  });
});
