import { isIP } from 'node:net';

/**
 * Which addresses may be connected to where somebody else chose the name. What is checked is the address that a socket
 * is about to connect to, never a name, since a name can mean another address the next time.
 */
export interface OutboundPolicy {
  /** Loopback, private and the like too; the addresses that give out a machine's credentials never. */
  readonly allowPrivate: boolean;
}

/** Why an address may not be connected to. */
export interface OutboundRefusal {
  readonly address: string;
  /** In words for whoever configured it, after the address: "is …". */
  readonly why: string;
  /** Also where private addresses are allowed. */
  readonly isForGood: boolean;
}

/** Of an address to which a name leads; undefined where it may be connected to. */
export function outboundRefusal(address: string, { allowPrivate }: OutboundPolicy): OutboundRefusal | undefined {
  const bytes = addressBytes(address);
  if (!bytes) return { address, why: 'is no IP address', isForGood: true };
  const own = kindOf(bytes);
  const embedded = own === 'metadata' ? undefined : embeddedIPv4(bytes);
  const kind = embedded ? worse(own, kindOf(mapped(embedded))) : own;
  if (kind === undefined) return undefined;
  if (kind === 'metadata') return { address, why: METADATA, isForGood: true };
  return allowPrivate ? undefined : { address, why: `is ${WORDS[kind]}`, isForGood: false };
}

/** The same of a host as it is configured. A name is looked up, and checked, when it is connected to. */
export function writtenRefusal(host: string, policy: OutboundPolicy): OutboundRefusal | undefined {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? undefined : outboundRefusal(address, policy);
}

const METADATA = 'is where a cloud gives out credentials of its machines, and is never asked';

type Kind = 'unspecified' | 'loopback' | 'private' | 'link-local' | 'multicast' | 'reserved' | 'metadata';

const WORDS: Readonly<Record<Exclude<Kind, 'metadata'>, string>> = {
  unspecified: 'the unspecified address, which means this machine',
  loopback: 'a loopback address, of this machine',
  private: 'a private address',
  'link-local': 'a link-local address',
  multicast: 'a multicast address',
  reserved: 'a reserved address',
};

/** The first that fits counts. IPv4 stands here as it is mapped into IPv6. */
const RANGES: readonly (readonly [kind: Kind, network: string, bits: number])[] = [
  // AWS, Azure, Google, Oracle, OpenStack, DigitalOcean; tasks and pods on AWS; Tencent; Alibaba; Azure's host; Oracle.
  ['metadata', '169.254.169.254', 32],
  ['metadata', '169.254.170.2', 32],
  ['metadata', '169.254.170.23', 32],
  ['metadata', '169.254.0.23', 32],
  ['metadata', '100.100.100.200', 32],
  ['metadata', '168.63.129.16', 32],
  ['metadata', '192.0.0.192', 32],
  ['metadata', 'fd00:ec2::254', 128],
  ['metadata', 'fd00:ec2::23', 128],
  ['metadata', 'fd20:ce::254', 128],
  ['metadata', 'fe80::a9fe:a9fe', 128],
  ['unspecified', '0.0.0.0', 8],
  ['private', '10.0.0.0', 8],
  ['private', '100.64.0.0', 10],
  ['loopback', '127.0.0.0', 8],
  ['link-local', '169.254.0.0', 16],
  ['private', '172.16.0.0', 12],
  ['reserved', '192.0.0.0', 24],
  ['reserved', '192.0.2.0', 24],
  ['private', '192.168.0.0', 16],
  ['private', '198.18.0.0', 15],
  ['reserved', '198.51.100.0', 24],
  ['reserved', '203.0.113.0', 24],
  ['multicast', '224.0.0.0', 4],
  ['reserved', '240.0.0.0', 4],
  ['unspecified', '::', 128],
  ['loopback', '::1', 128],
  ['private', '64:ff9b:1::', 48],
  ['reserved', '100::', 64],
  ['reserved', '2001:db8::', 32],
  ['private', 'fc00::', 7],
  ['link-local', 'fe80::', 10],
  ['private', 'fec0::', 10],
  ['multicast', 'ff00::', 8],
];

/** Addresses of IPv6 that lead to one of IPv4, and where that stands in them. */
const TRANSLATED: readonly (readonly [network: string, bits: number, at: number])[] = [
  ['::', 96, 12],
  ['::ffff:0:0:0', 96, 12],
  ['64:ff9b::', 96, 12],
  ['2002::', 16, 2],
];

const V4_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const V4_BITS = 96;

const READ_RANGES = RANGES.map(([kind, network, bits]) => {
  const isV4 = isIP(network) === 4;
  return { kind, bytes: addressBytes(network) ?? [], bits: isV4 ? bits + V4_BITS : bits };
});
const READ_TRANSLATED = TRANSLATED.map(([network, bits, at]) => ({ bytes: addressBytes(network) ?? [], bits, at }));

function kindOf(bytes: readonly number[]): Kind | undefined {
  return READ_RANGES.find((range) => isWithin(bytes, range.bytes, range.bits))?.kind;
}

function embeddedIPv4(bytes: readonly number[]): readonly number[] | undefined {
  const found = READ_TRANSLATED.find((range) => isWithin(bytes, range.bytes, range.bits));
  return found && bytes.slice(found.at, found.at + 4);
}

function worse(one: Kind | undefined, other: Kind | undefined): Kind | undefined {
  return other === 'metadata' ? other : (one ?? other);
}

function isWithin(bytes: readonly number[], network: readonly number[], bits: number): boolean {
  const whole = bits >> 3;
  for (let at = 0; at < whole; at += 1) if (bytes[at] !== network[at]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const mask = (0xff << (8 - rest)) & 0xff;
  return ((bytes[whole] ?? 0) & mask) === ((network[whole] ?? 0) & mask);
}

function mapped(v4: readonly number[]): readonly number[] {
  return [...V4_PREFIX, ...v4];
}

/** The 16 bytes of an address, one of IPv4 as it is mapped into IPv6; undefined where it is none. */
function addressBytes(text: string): readonly number[] | undefined {
  const address = text.replace(/%.*$/, '');
  const version = isIP(address);
  if (version === 4) return mapped(address.split('.').map(Number));
  if (version !== 6) return undefined;
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  const zeros = Array.from({ length: 16 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after];
}

/** Two bytes for each group; an IPv4 address at the end stands for two groups. */
function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
