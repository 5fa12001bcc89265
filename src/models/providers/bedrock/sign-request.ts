import { createHash } from 'node:crypto';

import type { UpstreamRequest } from '../../transport/transport.ts';
import { CredentialCache, type FetchCredentials, missingCredentials } from './credentials.ts';

interface SignerOptions {
  /** The provider's name, for messages. */
  readonly provider: string;
  readonly region: string;
  readonly credentials: FetchCredentials;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

type Sign = (request: UpstreamRequest) => Promise<UpstreamRequest>;

/** The service that requests to bedrock-runtime are signed for. */
const SERVICE = 'bedrock';

/**
 * Signs requests with AWS Signature Version 4. Only the host, the content type and what the signature itself adds are
 * signed, so that nothing on the way that changes another header breaks it. The path is encoded as it is sent, and the
 * signature encodes it once more, as that of every service but S3.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function requestSigner({ provider, region, credentials, now = Date.now }: SignerOptions): Sign {
  const cache = new CredentialCache(credentials, now);
  const signer = lazily(async () => {
    const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
      import('@smithy/signature-v4'),
      import('@aws-crypto/sha256-js'),
    ]);
    return new SignatureV4({ service: SERVICE, region, sha256: Sha256, credentials: () => cache.get() });
  });
  return async (request) => {
    await cache.get().catch((cause: unknown) => {
      throw missingCredentials(provider, cause);
    });
    const url = new URL(request.origin);
    const [path = '/', query = ''] = request.path.split('?');
    const signed = await (
      await signer()
    ).sign(
      {
        method: request.method,
        protocol: url.protocol,
        hostname: url.hostname,
        path,
        query: Object.fromEntries(new URLSearchParams(query)),
        headers: {
          host: url.host,
          'content-type': request.headers['content-type'] ?? 'application/json',
          // Computed here, and not by the library's own code in JavaScript: a body may have megabytes.
          'x-amz-content-sha256': createHash('sha256')
            .update(request.body ?? '')
            .digest('hex'),
        },
      },
      { signingDate: new Date(now()) },
    );
    const { host: _, ...headers } = signed.headers;
    return { ...request, headers: { ...request.headers, ...headers } };
  };
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
