import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { FeedbackPace } from './feedback-pace.ts';

describe('FeedbackPace', () => {
  it('promise 11: lets one key send 600 in a minute, and says when it may send more', async () => {
    const clock = new FakeClock();
    const pace = new FeedbackPace(clock);
    const send = (key: string) => pace.run(key, () => Promise.resolve(key));
    for (let sent = 0; sent < 600; sent += 1) assert.equal(await send('a'), 'a');
    clock.advance(20_000);
    await assert.rejects(send('a'), { code: 'limit_requests', retryAfterMs: 40_000 });
    assert.equal(await send('b'), 'b');
    clock.advance(40_000);
    assert.equal(await send('a'), 'a');
  });

  it('promise 11: lets one key send 8 at once, so that others get their turn', async () => {
    const pace = new FeedbackPace(new FakeClock());
    const gate = Promise.withResolvers<void>();
    const waiting = Array.from({ length: 8 }, () => pace.run('a', () => gate.promise));
    const more = () => pace.run('a', () => Promise.resolve('done'));
    await assert.rejects(more, { code: 'limit_requests', retryAfterMs: 1000 });
    assert.equal(await pace.run('b', () => Promise.resolve('done')), 'done');
    gate.resolve();
    await Promise.all(waiting);
    assert.equal(await more(), 'done');
  });

  it('promise 11: lets 64 wait for the database at a time, also when some fail', async () => {
    const pace = new FeedbackPace(new FakeClock());
    const gate = Promise.withResolvers<void>();
    const waiting = Array.from({ length: 64 }, (_, at) => pace.run(String(at), () => gate.promise));
    await assert.rejects(
      pace.run('more', () => Promise.resolve()),
      { code: 'gateway_overloaded' },
    );
    gate.reject(new Error('away'));
    await Promise.allSettled(waiting);
    await pace.run('more', () => Promise.resolve());
  });
});
