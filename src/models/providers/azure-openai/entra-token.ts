import { GatewayError } from '../../../core/errors.ts';

/** A token as the identity service gives it. */
export interface EntraToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresOnTimestamp: number;
  /** From when it should be renewed, where the service says so. */
  readonly refreshAfterTimestamp?: number;
}

export type FetchToken = () => Promise<EntraToken>;

/** Before it expires. */
const RENEWED_MS = 5 * 60_000;

/** A token that is fetched when it is first needed, and again before it expires; calls at the same time share a fetch. */
export class EntraTokens {
  readonly #fetch: FetchToken;
  readonly #now: () => number;
  #current: EntraToken | undefined;
  #pending: Promise<string> | undefined;

  constructor(fetch: FetchToken, now: () => number = Date.now) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** @throws what the fetch throws, unless the token before still holds */
  get(): Promise<string> {
    const current = this.#current;
    if (current && this.#now() < renewalOf(current)) return Promise.resolve(current.token);
    this.#pending ??= this.#renew().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #renew(): Promise<string> {
    try {
      this.#current = await this.#fetch();
    } catch (thrown) {
      if (!this.#current || this.#now() >= this.#current.expiresOnTimestamp) throw thrown;
    }
    return this.#current.token;
  }
}

function renewalOf({
  expiresOnTimestamp,
  refreshAfterTimestamp = expiresOnTimestamp - RENEWED_MS,
}: EntraToken): number {
  return refreshAfterTimestamp;
}

/** @see https://learn.microsoft.com/en-us/azure/ai-foundry/openai/how-to/managed-identity (checked 2026-11-21) */
const SCOPE = 'https://cognitiveservices.azure.com/.default';

/**
 * Signs in as Azure's SDKs do: environment, workload or managed identity, Azure CLI. Its code is loaded only where it is
 * asked.
 * @throws provider_auth_failed
 */
export function entraSignIn(provider: string): FetchToken {
  let credential: Promise<{ getToken(scope: string): Promise<EntraToken | null> }> | undefined;
  return async () => {
    try {
      credential ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential());
      const token = await (await credential).getToken(SCOPE);
      if (token) return token;
    } catch (cause) {
      throw signInFailed(provider, cause);
    }
    throw signInFailed(provider, undefined);
  };
}

function signInFailed(provider: string, cause: unknown): GatewayError {
  return new GatewayError('provider_auth_failed', {
    message:
      `No Microsoft Entra token could be had for the provider "${provider}". The operator has to check the identity ` +
      'that this gateway runs under.',
    cause,
  });
}
