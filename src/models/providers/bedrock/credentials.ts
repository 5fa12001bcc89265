import { GatewayError } from '../../../core/errors.ts';

/** What AWS knows its callers by. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** After that they are refused; absent where they last. */
  readonly expiration?: Date;
}

export type FetchCredentials = () => Promise<AwsCredentials>;

/** Before they expire. */
const RENEWED_MS = 5 * 60_000;

/** Credentials that are fetched when they are first needed, and again shortly before they expire. */
export class CredentialCache {
  readonly #fetch: FetchCredentials;
  readonly #now: () => number;
  #current: AwsCredentials | undefined;
  #pending: Promise<AwsCredentials> | undefined;

  constructor(fetch: FetchCredentials, now: () => number = Date.now) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Requests at the same time share one fetch. Rejects as the fetch does, unless the old ones still hold. */
  get(): Promise<AwsCredentials> {
    const current = this.#current;
    if (current && this.#left(current) > RENEWED_MS) return Promise.resolve(current);
    this.#pending ??= this.#renew().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #renew(): Promise<AwsCredentials> {
    try {
      this.#current = await this.#fetch();
      return this.#current;
    } catch (thrown) {
      if (this.#current && this.#left(this.#current) > 0) return this.#current;
      throw thrown;
    }
  }

  /** Milliseconds. */
  #left({ expiration }: AwsCredentials): number {
    return expiration ? expiration.getTime() - this.#now() : Number.POSITIVE_INFINITY;
  }
}

/**
 * What the AWS SDK finds: environment, profile, SSO, web identity, a container's or an instance's role. Its code is
 * loaded only where it is asked.
 */
export function credentialChain(profile: string | undefined): FetchCredentials {
  return async () => {
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    return defaultProvider(profile === undefined ? {} : { profile })();
  };
}

export function missingCredentials(provider: string, cause?: unknown): GatewayError {
  return new GatewayError('provider_auth_failed', {
    message:
      `No AWS credentials were found for the provider "${provider}". The operator has to set ` +
      `providers.${provider}.apiKey or AWS_BEARER_TOKEN_BEDROCK, providers.${provider}.accessKeyId with ` +
      'secretAccessKey, or what the AWS SDK reads: its environment variables, a profile or a role.',
    cause,
  });
}

export function missingRegion(provider: string): GatewayError {
  return new GatewayError('provider_auth_failed', {
    message:
      `No AWS region is configured for the provider "${provider}". ` +
      `The operator has to set providers.${provider}.region or AWS_REGION.`,
  });
}
