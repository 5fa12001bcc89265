import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

import {
  type OutboundPolicy,
  type OutboundRefusal,
  outboundRefusal,
  writtenRefusal,
} from '../../../core/outbound-address.ts';

/** An address that may not be connected to; the message says which and why. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';
}

/** All addresses of a name, as the system knows them; tests put their own in its place. */
export type Resolve = (host: string, callback: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const resolveBySystem: Resolve = (host, callback) => systemLookup(host, { all: true }, callback);

/**
 * Looks a name up for a socket that is about to connect, and gives it only addresses that the policy allows. Since the
 * socket connects to what comes back here, a name cannot mean another address between the check and the connection.
 */
export function guardedLookup(policy: OutboundPolicy, resolve: Resolve = resolveBySystem): LookupFunction {
  return (host, options, callback) => {
    resolve(host, (error, addresses) => {
      if (error) return callback(error, '');
      const allowed = addresses.filter(({ address }) => outboundRefusal(address, policy) === undefined);
      const [first] = allowed;
      if (!first) return callback(refusalOf(host, addresses, policy), '');
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** An address that is written out is never looked up, so it is checked before. @throws RefusedAddressError */
export function checkWrittenAddress(host: string, policy: OutboundPolicy): void {
  const refusal = writtenRefusal(host, policy);
  if (refusal) throw new RefusedAddressError(`${refusal.address} ${inWords(refusal)}`);
}

function refusalOf(host: string, addresses: readonly LookupAddress[], policy: OutboundPolicy): RefusedAddressError {
  const [first] = addresses;
  const refusal = first && outboundRefusal(first.address, policy);
  if (!refusal) return new RefusedAddressError(`${host} has no address`);
  return new RefusedAddressError(`${host} is ${refusal.address}, which ${inWords(refusal)}`);
}

function inWords({ why, isForGood }: OutboundRefusal): string {
  return `${why}${isForGood ? '' : '; allowPrivate: true of the channel allows it'}`;
}
