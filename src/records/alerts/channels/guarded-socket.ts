import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { type LookupFunction, isIP } from 'node:net';

import { type OutboundPolicy, outboundRefusal } from '../../../core/outbound-address.ts';

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
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 0) return;
  const refusal = outboundRefusal(address, policy);
  if (refusal !== undefined) throw new RefusedAddressError(`${address} ${refusal}${remedy(address)}`);
}

function refusalOf(host: string, addresses: readonly LookupAddress[], policy: OutboundPolicy): RefusedAddressError {
  const [first] = addresses;
  if (!first) return new RefusedAddressError(`${host} has no address`);
  const { address } = first;
  return new RefusedAddressError(`${host} is ${address}, which ${outboundRefusal(address, policy)}${remedy(address)}`);
}

function remedy(address: string): string {
  const isForGood = outboundRefusal(address, { allowPrivate: true }) !== undefined;
  return isForGood ? '' : '; allowPrivate: true of the channel allows it';
}
