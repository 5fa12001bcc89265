import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { makeCall } from '../../test/support/make-call.ts';
import type { WholeReply } from './reply.ts';
import { type StageTiming, composeTimed } from './stage-times.ts';
import type { Stage } from './stage.ts';

const REPLY: WholeReply = {
  kind: 'whole',
  status: 200,
  headers: {},
  body: Buffer.from('{}'),
  terminal: { kind: 'completed', finishReason: 'stop', usage: undefined },
};

function timing(clock: FakeClock, oneOf = 1) {
  const took: [stage: string, ownMs: number][] = [];
  const told: StageTiming = { oneOf, clock, took: (stage, ownMs) => void took.push([stage, ownMs]) };
  return { took, told };
}

interface Layer {
  readonly before: number;
  readonly after: number;
  /** How often it asks what is inside it. */
  readonly asks: number;
  readonly throws: boolean;
}

/** Takes its time on the way in and out; the innermost answers by itself. */
function stageOf({ before, after, asks, throws }: Layer, name: string, clock: FakeClock, isLast: boolean): Stage {
  return {
    name,
    async run(call, next) {
      clock.advance(before);
      await Promise.resolve();
      for (let left = isLast ? 0 : asks; left > 0; left -= 1) await next(call);
      clock.advance(after);
      if (throws) throw new Error(name);
      return REPLY;
    },
  };
}

const anyLayer: fc.Arbitrary<Layer> = fc.record({
  before: fc.nat({ max: 1000 }),
  after: fc.nat({ max: 1000 }),
  asks: fc.constantFrom(1, 1, 1, 0, 2),
  throws: fc.constantFrom(false, false, false, true),
});

describe('times of stages', () => {
  it('add up to the time of the whole, however often stages ask and whoever throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLayer, { minLength: 1, maxLength: 6 }), async (layers) => {
        const clock = new FakeClock();
        const { took, told } = timing(clock);
        const stages = layers.map((layer, at) => stageOf(layer, `${at}`, clock, at === layers.length - 1));
        await composeTimed(stages, told)(makeCall()).catch(() => undefined);
        const sum = took.reduce((total, [, ownMs]) => total + ownMs, 0);
        assert.equal(sum, clock.monotonic());
        for (const [stage, ownMs] of took) {
          const { before = 0, after = 0 } = layers[Number(stage)] ?? {};
          assert.ok(ownMs === before + after || ownMs === before, stage);
        }
      }),
    );
  });

  it('count what a stage does beside those that it asks at once as theirs, and once', async () => {
    const clock = new FakeClock();
    const { took, told } = timing(clock);
    const hurry: Stage = { name: 'hurry', run: async (call, next) => (await Promise.all([next(call), next(call)]))[0] };
    const slow: Stage = {
      name: 'slow',
      async run() {
        await Promise.resolve();
        clock.advance(5);
        return REPLY;
      },
    };
    await composeTimed([hurry, slow], told)(makeCall());
    assert.deepEqual(
      took.find(([stage]) => stage === 'hurry'),
      ['hurry', 0],
    );
  });

  it('are taken of exactly one call of so many', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 40 }), async (oneOf, calls) => {
        const { took, told } = timing(new FakeClock(), oneOf);
        const handler = composeTimed([{ name: 'only', run: () => Promise.resolve(REPLY) }], told);
        for (let call = 0; call < calls; call += 1) assert.equal(await handler(makeCall()), REPLY);
        assert.equal(took.length, Math.floor(calls / oneOf));
      }),
    );
  });

  it('are not taken where it is 0', async () => {
    const { took, told } = timing(new FakeClock(), 0);
    const handler = composeTimed([{ name: 'only', run: () => Promise.resolve(REPLY) }], told);
    for (let call = 0; call < 300; call += 1) await handler(makeCall());
    assert.deepEqual(took, []);
  });
});
