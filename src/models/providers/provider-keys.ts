import { createHash } from 'node:crypto';

import type { UpstreamRequest } from '../transport/transport.ts';
import type { Provider } from './provider.ts';

/** A key as it is configured; one that stands alone has the weight 1. */
export type KeySetting = string | { readonly key: string; readonly weight: number };

/** The headers that carry a key. */
export type KeyHeaders = (key: string) => Record<string, string>;

/** One of the keys that a provider can be asked with. It does not hold the key, so it may be shown and logged. */
export interface ProviderKey {
  /** The same for the same key, in every process: the first 8 hex digits of its SHA-256. */
  readonly id: string;
  /** Its last 4 characters; of a key that is not much longer, none. */
  readonly shown: string;
  /** How often it is taken, beside the others'. */
  readonly weight: number;
  /** The request with this key in the place of another of the provider's. */
  apply(request: UpstreamRequest): UpstreamRequest;
}

export const bearer: KeyHeaders = (key) => ({ authorization: `Bearer ${key}` });

/** The key that a provider is asked with where nobody chooses. */
export function firstKey([first]: readonly KeySetting[]): string | undefined {
  return typeof first === 'object' ? first.key : first;
}

/** Each key once, in the order that they are configured. */
export function providerKeys(settings: readonly KeySetting[], headersOf: KeyHeaders): readonly ProviderKey[] {
  const keys = new Map<string, ProviderKey>();
  for (const setting of settings) {
    const { key, weight } = typeof setting === 'string' ? { key: setting, weight: 1 } : setting;
    if (!keys.has(key)) keys.set(key, providerKey(key, weight, headersOf(key)));
  }
  return [...keys.values()];
}

function providerKey(key: string, weight: number, own: Record<string, string>): ProviderKey {
  return {
    id: createHash('sha256').update(key).digest('hex').slice(0, 8),
    shown: key.length < 12 ? '' : key.slice(-4),
    weight,
    apply: (request) => ({ ...request, headers: { ...request.headers, ...own } }),
  };
}

/** The provider, asked with this one of its keys. All else is shared: connections, and what it remembers. */
export function withKey(provider: Provider, key: ProviderKey): Provider {
  const { embedder } = provider;
  const isClients: NonNullable<Provider['usesClientCredential']> = (call) =>
    provider.usesClientCredential?.(call) ?? false;
  return {
    ...provider,
    keyId: key.id,
    plan(call, model, capabilities, hints) {
      const plan = provider.plan(call, model, capabilities, hints);
      return isClients(call) ? plan : { ...plan, request: key.apply(plan.request) };
    },
    ...(embedder && {
      embedder: {
        ...embedder,
        request(call, model, embedding) {
          const request = embedder.request(call, model, embedding);
          return isClients(call) ? request : key.apply(request);
        },
      },
    }),
  };
}
