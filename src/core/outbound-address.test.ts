import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { describe, test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { outboundRefusal, writtenRefusal } from './outbound-address.ts';

const strict = (address: string): string | undefined => outboundRefusal(address, { allowPrivate: false })?.why;
const lax = (address: string): string | undefined => outboundRefusal(address, { allowPrivate: true })?.why;

const byte = fc.integer({ min: 0, max: 255 });
const anyIPv4 = fc.tuple(byte, byte, byte, byte);
const text = (bytes: readonly number[]): string => bytes.join('.');
const hex = (bytes: readonly number[]): string => {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
};

const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  '168.63.129.16',
  'fd00:ec2::254',
  'fd20:ce::254',
  'fe80::a9fe:a9fe%eth0',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
];

const REFUSED: readonly [address: string, why: RegExp][] = [
  ['127.0.0.1', /loopback/],
  ['127.255.255.254', /loopback/],
  ['0.0.0.0', /unspecified/],
  ['0.1.2.3', /unspecified/],
  ['10.0.0.1', /private/],
  ['172.16.0.1', /private/],
  ['172.31.255.255', /private/],
  ['192.168.1.1', /private/],
  ['100.64.0.1', /private/],
  ['169.254.0.1', /link-local/],
  ['224.0.0.1', /multicast/],
  ['255.255.255.255', /reserved/],
  ['::', /unspecified/],
  ['::1', /loopback/],
  ['0:0:0:0:0:0:0:1', /loopback/],
  ['fc00::1', /private/],
  ['fdff::1', /private/],
  ['fe80::1', /link-local/],
  ['fe80::1%lo', /link-local/],
  ['febf::1', /link-local/],
  ['ff02::1', /multicast/],
  ['::ffff:127.0.0.1', /loopback/],
  ['::FFFF:7F00:1', /loopback/],
  ['0:0:0:0:0:ffff:10.1.2.3', /private/],
  ['64:ff9b::10.0.0.1', /private/],
  ['::10.0.0.1', /private/],
];

describe('promise 12: an address that somebody else chose', () => {
  for (const [address, why] of REFUSED) {
    test(`${address} is refused, unless private ones are allowed`, () => {
      assert.match(strict(address) ?? '', why);
      assert.equal(lax(address), undefined);
    });
  }

  for (const address of METADATA) {
    test(`${address} is refused even then`, () => {
      assert.match(strict(address) ?? '', /credentials/);
      assert.match(lax(address) ?? '', /credentials/);
    });
  }

  test('of the internet is not refused', () => {
    const open = ['1.1.1.1', '8.8.8.8', '172.32.0.1', '11.0.0.0', '100.128.0.1', '223.255.255.255', '2606:4700::1111'];
    for (const address of [...open, '64:ff9b::101:101', '2001:4860:4860::8888', '::ffff:8.8.8.8']) {
      assert.equal(strict(address), undefined, address);
    }
  });

  test('is refused where it is none', () => {
    for (const address of ['', 'localhost', '127.1', '0x7f000001', '1.2.3.4.5', ':::', '12345::']) {
      assert.match(strict(address) ?? '', /no IP address/, address);
      assert.match(lax(address) ?? '', /no IP address/, address);
    }
  });

  test('of IPv4 is judged alike in every way in which IPv6 writes it', () => {
    fc.assert(
      fc.property(anyIPv4, (bytes) => {
        const expected = strict(text(bytes));
        const forms = [`::ffff:${text(bytes)}`, `::ffff:${hex(bytes)}`, `0:0:0:0:0:FFFF:${hex(bytes)}`];
        for (const form of [...forms, `64:ff9b::${hex(bytes)}`, `2002:${hex(bytes)}::`]) {
          assert.equal(strict(form), expected, form);
          assert.equal(lax(form), lax(text(bytes)), form);
        }
      }),
    );
  });

  test('is judged by its network as the system would', () => {
    const list = new BlockList();
    for (const [network, bits] of [
      ['0.0.0.0', 8],
      ['10.0.0.0', 8],
      ['100.64.0.0', 10],
      ['127.0.0.0', 8],
      ['169.254.0.0', 16],
      ['172.16.0.0', 12],
      ['192.0.0.0', 24],
      ['192.0.2.0', 24],
      ['192.168.0.0', 16],
      ['198.18.0.0', 15],
      ['198.51.100.0', 24],
      ['203.0.113.0', 24],
      ['224.0.0.0', 3],
      ['168.63.129.16', 32],
    ] as const) {
      list.addSubnet(network, bits, 'ipv4');
    }
    const first = fc.constantFrom(0, 9, 10, 11, 100, 126, 127, 128, 168, 169, 172, 192, 198, 203, 223, 224, 255);
    const near = fc.tuple(first, byte, byte, byte);
    fc.assert(
      fc.property(fc.oneof(anyIPv4, near), (bytes) => {
        assert.equal(strict(text(bytes)) !== undefined, list.check(text(bytes)), text(bytes));
      }),
      { numRuns: 1000 },
    );
  });
});

const refusal = (host: string, allowPrivate = false) => writtenRefusal(host, { allowPrivate });

test('a host is refused where it is such an address, in brackets or not; a name is not known yet', () => {
  assert.deepEqual(refusal('[::1]'), {
    address: '::1',
    why: 'is a loopback address, of this machine',
    isForGood: false,
  });
  assert.equal(refusal('[::1]', true), undefined);
  assert.equal(refusal('169.254.169.254')?.isForGood, true);
  assert.equal(refusal('169.254.169.254', true)?.isForGood, true);
  assert.equal(refusal('localhost'), undefined);
});
