import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type EntraToken, EntraTokens } from './entra-token.ts';

const HOUR_MS = 3_600_000;

/** An identity service, with its clock and what it was asked. */
class Service {
  now = 1_000_000;
  asked = 0;
  fails = false;
  extra: Partial<EntraToken> = {};

  readonly fetch = (): Promise<EntraToken> => {
    this.asked += 1;
    if (this.fails) return Promise.reject(new Error('down'));
    return Promise.resolve({ token: `t${this.asked}`, expiresOnTimestamp: this.now + HOUR_MS, ...this.extra });
  };

  readonly tokens = new EntraTokens(this.fetch, () => this.now);
}

describe('EntraTokens', () => {
  it('fetches once for all who ask at the same time, and not again while it holds', async () => {
    const service = new Service();
    const both = await Promise.all([service.tokens.get(), service.tokens.get()]);
    service.now += HOUR_MS - 6 * 60_000;
    assert.deepEqual([...both, await service.tokens.get()], ['t1', 't1', 't1']);
    assert.equal(service.asked, 1);
  });

  it('renews shortly before it expires, or from when the service says', async () => {
    const service = new Service();
    await service.tokens.get();
    service.now += HOUR_MS - 4 * 60_000;
    service.extra = { refreshAfterTimestamp: service.now + 10 };
    assert.equal(await service.tokens.get(), 't2');
    service.now += 11;
    assert.equal(await service.tokens.get(), 't3');
  });

  it('goes on with the token that still holds where a renewal fails, and fails where none does', async () => {
    const service = new Service();
    await service.tokens.get();
    service.fails = true;
    service.now += HOUR_MS - 60_000;
    assert.equal(await service.tokens.get(), 't1');
    service.now += 60_001;
    await assert.rejects(service.tokens.get(), /down/);
    service.fails = false;
    assert.equal(await service.tokens.get(), 't4');
  });
});
