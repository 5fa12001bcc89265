import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clientIp } from './client-ip.ts';

const CASES: readonly [proxies: number, forwardedFor: string | undefined, expected: string][] = [
  [0, '1.1.1.1', '9.9.9.9'],
  [1, undefined, '9.9.9.9'],
  [1, '1.1.1.1', '1.1.1.1'],
  [1, 'spoofed, 6.6.6.6, 1.1.1.1', '1.1.1.1'],
  [2, '6.6.6.6, 1.1.1.1, 10.0.0.1', '1.1.1.1'],
  [2, '6.6.6.6', '9.9.9.9'],
  [1, '1.1.1.1:4711', '1.1.1.1'],
  [1, '[2001:db8::1]:4711', '2001:db8::1'],
  [1, '2001:db8::1', '2001:db8::1'],
  [1, 'unknown', '9.9.9.9'],
  [1, '', '9.9.9.9'],
];

for (const [proxies, forwardedFor, expected] of CASES) {
  test(`behind ${proxies} proxies, x-forwarded-for "${forwardedFor ?? 'absent'}" means ${expected}`, () => {
    assert.equal(clientIp('9.9.9.9', forwardedFor, proxies), expected);
  });
}

test('a socket that is gone has no address', () => {
  assert.equal(clientIp(undefined, undefined, 0), '');
});
