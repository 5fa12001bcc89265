import { isIP } from 'node:net';

import { GenerationalMap } from './generational-map.ts';

/** An address, or all that begin with the first bits of one. */
export interface Network {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly prefix: number;
}

const V4_IN_V6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
const GROUPS_OF_NETWORK = 4;

/** `10.0.0.0/8`, or one address; undefined where it is neither. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return undefined;
  const most = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || prefix > most)) return undefined;
  return { address, family: version === 4 ? 'ipv4' : 'ipv6', prefix };
}

/**
 * What a client's address is counted and blocked by: an IPv4 address itself, of an IPv6 address its network of 64 bits,
 * `2001:db8:0:1::/64`, since whoever has one address of it has all.
 */
export function clientNetwork(address: string): string {
  if (!address.includes(':')) return address;
  let network = known.get(address);
  if (network === undefined) {
    network = V4_IN_V6.exec(address)?.[1] ?? networkOf(address);
    known.set(address, network);
  }
  return network;
}

/** Clients come again. */
const known = new GenerationalMap<string>(2000);

function networkOf(address: string): string {
  const groups = firstGroups(address.replace(/%.*$/, ''));
  return `${groups.map((group) => Number.parseInt(group || '0', 16).toString(16)).join(':')}::/64`;
}

function firstGroups(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined || before.length >= GROUPS_OF_NETWORK) return before.slice(0, GROUPS_OF_NETWORK);
  const after = tail === '' ? [] : tail.split(':');
  // An IPv4 address at the end stands for two.
  const length = after.length + (after.at(-1)?.includes('.') ? 1 : 0);
  const zeros = Math.max(0, GROUPS - before.length - length);
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, GROUPS_OF_NETWORK);
}
