import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../test/support/fake-clock.ts';
import { SpanLedger } from './spans.ts';

describe('SpanLedger', () => {
  it('keeps what lasted how long, and how it went', async () => {
    const [clock, spans] = [new FakeClock(), new SpanLedger()];
    const began = clock.monotonic();
    const { promise, resolve } = Promise.withResolvers<string>();
    const work = spans.around('queue', 'openai/gpt-5', clock, promise);
    clock.advance(30);
    resolve('done');
    assert.equal(await work, 'done');
    await assert.rejects(spans.around('retrieval', 'archive', clock, Promise.reject(new Error('away'))), /away/);
    assert.deepEqual(
      spans.all.map(({ kind, name, startedAt, endedAt, status }) => [kind, name, startedAt - began, endedAt, status]),
      [
        ['queue', 'openai/gpt-5', 0, began + 30, 'ok'],
        ['retrieval', 'archive', 30, began + 30, 'failed'],
      ],
    );
  });

  it('promise 11: keeps 200, and counts the rest', () => {
    const spans = new SpanLedger();
    for (let at = 0; at < 250; at += 1) spans.open('guard', 'g', at).endedAt = at;
    assert.deepEqual([spans.all.length, spans.dropped], [200, 50]);
  });
});
