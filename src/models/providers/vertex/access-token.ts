import { GatewayError } from '../../../core/errors.ts';

export interface AccessToken {
  readonly token: string;
  /** Epoch milliseconds; undefined where nobody says. */
  readonly expiresAt: number | undefined;
}

/** Who asks Google: a service account, a user, a workload identity, a machine. */
export interface GoogleIdentity {
  token(): Promise<AccessToken>;
  /** The project that the credentials belong to. */
  project(): Promise<string>;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
/** Before they expire. */
const RENEWED_MS = 5 * 60_000;
/** How long a token is kept that does not say until when it holds. */
const UNSAID_MS = 5 * 60_000;

/** A token that is fetched when it is first needed, and again shortly before it expires. */
export class TokenCache {
  readonly #fetch: () => Promise<AccessToken>;
  readonly #now: () => number;
  #current: { readonly token: string; readonly until: number; readonly renewAt: number } | undefined;
  #pending: Promise<string> | undefined;

  constructor(fetch: () => Promise<AccessToken>, now: () => number = Date.now) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Requests at the same time share one fetch. Rejects as the fetch does, unless the old token still holds. */
  get(): Promise<string> {
    const current = this.#current;
    if (current && this.#now() < current.renewAt) return Promise.resolve(current.token);
    this.#pending ??= this.#renew().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #renew(): Promise<string> {
    try {
      const { token, expiresAt } = await this.#fetch();
      const until = expiresAt ?? this.#now() + UNSAID_MS;
      this.#current = { token, until, renewAt: expiresAt === undefined ? until : expiresAt - RENEWED_MS };
      return token;
    } catch (thrown) {
      if (this.#current && this.#now() < this.#current.until) return this.#current.token;
      throw thrown;
    }
  }
}

/**
 * What Google's library finds: the file, or application default credentials. Its code is loaded only where it is asked.
 * @see https://cloud.google.com/docs/authentication/application-default-credentials (checked 2026-11-21)
 */
export function googleIdentity(credentialsFile: string | undefined): GoogleIdentity {
  const auth = once(async () => {
    const { GoogleAuth } = await import('google-auth-library');
    // The operator names the file, so that it is trusted as the rest of the configuration is.
    return new GoogleAuth({ scopes: SCOPE, ...(credentialsFile === undefined ? {} : { keyFile: credentialsFile }) });
  });
  return {
    async token() {
      const client = await (await auth()).getClient();
      const { token } = await client.getAccessToken();
      if (!token) throw new Error('the credentials gave no token');
      return { token, expiresAt: client.credentials.expiry_date ?? undefined };
    },
    project: async () => (await auth()).getProjectId(),
  };
}

/** Makes it when it is first asked for; what failed is tried again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((thrown: unknown) => {
      made = undefined;
      throw thrown;
    });
    return made;
  };
}

export function missingCredentials(provider: string, cause?: unknown): GatewayError {
  return new GatewayError('provider_auth_failed', {
    message:
      `No Google Cloud credentials were found for the provider "${provider}". The operator has to set ` +
      `providers.${provider}.credentialsFile, accessToken or apiKey, or what Google's libraries read: ` +
      'GOOGLE_APPLICATION_CREDENTIALS, gcloud auth application-default login, or the machine’s service account.',
    cause,
  });
}

export function missingProject(provider: string, cause?: unknown): GatewayError {
  return new GatewayError('provider_auth_failed', {
    message:
      `No Google Cloud project is known for the provider "${provider}". ` +
      `The operator has to set providers.${provider}.project or GOOGLE_CLOUD_PROJECT.`,
    cause,
  });
}
