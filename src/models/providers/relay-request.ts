import type { BodyPatch } from '../../core/body-patch.ts';
import { type Call, header } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { UpstreamTimeouts } from '../transport/transport.ts';

/** Where a provider's requests go, and what every one of them carries. */
export interface Endpoint {
  readonly origin: string;
  /** Path before the operation's, without a slash at its end. */
  readonly basePath: string;
  /** Credentials, content type and the operator's own headers. */
  readonly headers: Record<string, string>;
  readonly timeouts: UpstreamTimeouts;
}

/** Our headers, and beside them the named ones of the client that are there. Everything else stays here. */
export function withForwarded(
  call: Call,
  names: readonly string[],
  own: Record<string, string>,
): Record<string, string> {
  let headers = own;
  for (const name of names) {
    const value = header(call, name);
    if (value === undefined || name in own) continue;
    if (headers === own) headers = { ...own };
    headers[name] = value;
  }
  return headers;
}

/** The named client headers that are there. */
export function forwardedHeaders(call: Call, names: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = header(call, name);
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

/** The model's name as the provider knows it, where the client used another. */
export function modelPatch(call: Call, model: string): BodyPatch[] {
  return call.facts.model === model ? [] : [{ op: 'set', path: '/model', value: model }];
}

/** Splits a base URL into what the transport and the path need. @throws RangeError where it is not http(s) */
export function splitBaseUrl(baseUrl: string): { origin: string; basePath: string } {
  const url = URL.parse(baseUrl);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new RangeError(`"${baseUrl}" is not an http or https address`);
  }
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, '') };
}

export const USER_AGENT = 'causeway';

/** Milliseconds, where neither the virtual model nor the provider says otherwise. */
export const DEFAULT_TIMEOUTS: UpstreamTimeouts = { connect: 10_000, headers: 120_000, idle: 60_000 };

/** The client's own provider credential, where the model allows it and the client sent one beside its Causeway key. */
export function clientCredential(call: Call): Record<string, string> | undefined {
  if (!call.assignment?.passThroughCredentials) return undefined;
  const bearer = header(call, 'authorization');
  // Only what surely is another's credential: our own key, however it is written, is for nobody else.
  if (bearer !== undefined && /^bearer\s+(?!cw-)\S/i.test(bearer)) return { authorization: bearer };
  const apiKey = header(call, 'x-api-key');
  if (apiKey !== undefined && !apiKey.startsWith('cw-')) return { 'x-api-key': apiKey };
  const googleKey = header(call, 'x-goog-api-key');
  if (googleKey !== undefined && !googleKey.startsWith('cw-')) return { 'x-goog-api-key': googleKey };
  return undefined;
}

export function missingCredential(provider: string, variable: string): GatewayError {
  return new GatewayError('provider_auth_failed', {
    message:
      `No API key is configured for the provider "${provider}". ` +
      `The operator has to set ${variable} or providers.${provider}.apiKey.`,
  });
}
