import type { TLSSocket } from 'node:tls';

import type { FastifyRequest } from 'fastify';

import type { Visitor } from '../core/admin-request.ts';
import { clientIp } from './client-ip.ts';

/** Where requests come from, behind exactly so many proxies of the operator's. */
export function visitorsBehind(trustedProxies: number): (request: FastifyRequest) => Visitor {
  return (request) => visitorOf(request, trustedProxies);
}

export function visitorOf({ method, headers, raw: { socket } }: FastifyRequest, trustedProxies: number): Visitor {
  return {
    method,
    headers,
    address: clientIp(socket.remoteAddress, headers['x-forwarded-for'], trustedProxies),
    isHttps: isHttps(socket as Partial<TLSSocket>, headers['x-forwarded-proto'], trustedProxies),
  };
}

/** What the outermost of the operator's proxies says; most of them write one word, in place of what came. */
function isHttps(
  { encrypted }: Partial<TLSSocket>,
  forwarded: string | string[] | undefined,
  trustedProxies: number,
): boolean {
  if (trustedProxies === 0 || forwarded === undefined) return encrypted === true;
  const protocols = String(forwarded).split(',');
  const outermost = protocols.at(-trustedProxies) ?? protocols[0] ?? '';
  return outermost.trim().toLowerCase() === 'https';
}
