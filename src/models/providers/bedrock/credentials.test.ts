import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { resolveAccess } from './access.ts';
import { type AwsCredentials, CredentialCache, type FetchCredentials } from './credentials.ts';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

function lasting(ms: number | undefined, accessKeyId = 'AK'): AwsCredentials {
  return { accessKeyId, secretAccessKey: 's', ...(ms === undefined ? {} : { expiration: new Date(NOW + ms) }) };
}

function chain(profile: string | undefined): FetchCredentials {
  return () => Promise.resolve(lasting(undefined, `chain ${profile}`));
}

describe('credentials of AWS', () => {
  it('are fetched once for requests at the same time, and kept', async () => {
    let fetches = 0;
    const cache = new CredentialCache(
      () => {
        fetches += 1;
        return Promise.resolve(lasting(undefined));
      },
      () => NOW,
    );
    const [a, b] = await Promise.all([cache.get(), cache.get()]);
    assert.equal(a, b);
    assert.equal(await cache.get(), a);
    assert.equal(fetches, 1);
  });

  it('are renewed shortly before they expire, and used until then where that fails', async () => {
    let now = NOW;
    let next: () => Promise<AwsCredentials> = () => Promise.resolve(lasting(60 * MINUTE, 'first'));
    const cache = new CredentialCache(
      () => next(),
      () => now,
    );
    assert.equal((await cache.get()).accessKeyId, 'first');
    next = () => Promise.reject(new Error('no metadata service'));
    now += 54 * MINUTE;
    assert.equal((await cache.get()).accessKeyId, 'first');
    now += 4 * MINUTE;
    assert.equal((await cache.get()).accessKeyId, 'first', 'they still hold');
    now += 3 * MINUTE;
    await assert.rejects(cache.get(), /no metadata service/);
    next = () => Promise.resolve(lasting(600 * MINUTE, 'second'));
    assert.equal((await cache.get()).accessKeyId, 'second');
  });
});

describe('access to Bedrock', () => {
  const NONE = { apiKeys: [], baseUrl: undefined };

  it('is by key, by configured credentials, by the key of the environment, by what the AWS SDK finds, in that order', async () => {
    const env = { AWS_BEARER_TOKEN_BEDROCK: 'env-key' };
    const fixed = { accessKeyId: 'AK', secretAccessKey: 's', sessionToken: 't' };
    assert.equal(resolveAccess({ ...NONE, ...fixed, apiKeys: ['key'] }, env, chain).apiKey, 'key');
    const configured = resolveAccess({ ...NONE, ...fixed }, env, chain);
    assert.deepEqual([configured.apiKey, await configured.credentials?.()], [undefined, fixed]);
    assert.equal(resolveAccess(NONE, env, chain).apiKey, 'env-key');
    const profiled = resolveAccess({ ...NONE, profile: 'p' }, env, chain);
    assert.deepEqual([profiled.apiKey, (await profiled.credentials?.())?.accessKeyId], [undefined, 'chain p']);
    assert.equal((await resolveAccess(NONE, {}, chain).credentials?.())?.accessKeyId, 'chain undefined');
  });

  it('is in the region that the file, the address or the environment says', () => {
    const env = { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-2' };
    const baseUrl = 'https://bedrock-runtime-fips.us-west-2.amazonaws.com';
    assert.equal(resolveAccess({ ...NONE, baseUrl, region: 'eu-west-1' }, env, chain).region, 'eu-west-1');
    assert.equal(resolveAccess({ ...NONE, baseUrl }, env, chain).region, 'us-west-2');
    assert.equal(resolveAccess({ ...NONE, baseUrl: 'http://127.0.0.1:1' }, env, chain).region, 'us-east-1');
    assert.equal(resolveAccess(NONE, { AWS_DEFAULT_REGION: 'us-east-2' }, chain).region, 'us-east-2');
    assert.equal(resolveAccess(NONE, {}, chain).region, undefined);
  });
});
