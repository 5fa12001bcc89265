import { isIP } from 'node:net';

/**
 * The address of the client behind exactly `trustedProxies` proxies of the operator's.
 *
 * Each of those appended the address it saw, so the client's is that many from the right; what stands further left
 * is the client's own claim. A request that did not come through all of them is known by its socket alone.
 */
export function clientIp(
  socketAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  trustedProxies: number,
): string {
  const direct = socketAddress ?? '';
  if (trustedProxies === 0 || forwardedFor === undefined) return direct;
  const hops = String(forwardedFor).split(',');
  const claimed = withoutPort((hops.at(-trustedProxies) ?? '').trim());
  return isIP(claimed) === 0 ? direct : claimed;
}

/** Some proxies write `1.2.3.4:5678` or `[::1]:5678`. */
function withoutPort(hop: string): string {
  if (hop.startsWith('[')) return hop.slice(1, hop.indexOf(']'));
  return /^[\d.]+:\d+$/.test(hop) ? hop.slice(0, hop.indexOf(':')) : hop;
}
