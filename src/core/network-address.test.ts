import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { clientNetwork, parseNetwork } from './network-address.ts';

const group = fc.integer({ min: 0, max: 0xffff });
const groups = fc.tuple(group, group, group, group, group, group, group, group);
const hex = (value: number): string => value.toString(16);

/** The same address with its first run of zeros left out, and letters as they may come. */
function shortened(parts: readonly number[]): string {
  const text = parts.map(hex).join(':').toUpperCase();
  return text.replace(/(^|:)0(:0)+(:|$)/, '::');
}

describe('what a client is counted by', () => {
  test('of IPv4 the address, also where it comes over IPv6', () => {
    assert.equal(clientNetwork('203.0.113.7'), '203.0.113.7');
    assert.equal(clientNetwork('::ffff:203.0.113.7'), '203.0.113.7');
    assert.equal(clientNetwork('::FFFF:203.0.113.7'), '203.0.113.7');
    assert.equal(clientNetwork(''), '');
  });

  test('of IPv6 the first 64 bits, however they are written', () => {
    fc.assert(
      fc.property(groups, (parts) => {
        const expected = `${parts.slice(0, 4).map(hex).join(':')}::/64`;
        assert.equal(clientNetwork(parts.map(hex).join(':')), expected);
        assert.equal(clientNetwork(shortened(parts)), expected, shortened(parts));
      }),
    );
    assert.equal(clientNetwork('::1'), '0:0:0:0::/64');
    assert.equal(clientNetwork('fe80::1%eth0'), 'fe80:0:0:0::/64');
    assert.equal(clientNetwork('64:ff9b::192.0.2.33'), '64:ff9b:0:0::/64');
    assert.equal(clientNetwork('2001:0DB8:0:1:2:3:4:5'), '2001:db8:0:1::/64');
  });
});

test('networks are addresses, or addresses with the number of their bits', () => {
  assert.deepEqual(parseNetwork('10.0.0.0/8'), { address: '10.0.0.0', family: 'ipv4', prefix: 8 });
  assert.deepEqual(parseNetwork('2001:db8::/32'), { address: '2001:db8::', family: 'ipv6', prefix: 32 });
  assert.deepEqual(parseNetwork('::1'), { address: '::1', family: 'ipv6', prefix: 128 });
  for (const text of ['', '10.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::1/129', 'fe80::1%eth0', 'a.b'])
    assert.equal(parseNetwork(text), undefined, text);
});
