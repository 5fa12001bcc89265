import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';

import type { ReceivedRequest } from './upstream.ts';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)\/(?<day>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request, ?SignedHeaders=(?<names>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$/;

/** What AWS reads from a signature, once it has found it right. */
export interface Signed {
  readonly key: string;
  readonly region: string;
  readonly service: string;
  readonly names: readonly string[];
}

/**
 * Checks a signature as AWS does, by the document alone and with no library.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verifySignature(request: ReceivedRequest, secret: string): Signed {
  const fields = AUTHORIZATION.exec(request.headers.authorization ?? '')?.groups;
  assert.ok(fields, `no signature: ${request.headers.authorization}`);
  const { key = '', day = '', region = '', service = '', names = '', signature = '' } = fields;
  const values = (name: string): string => String(request.headers[name]).trim();
  const hash = sha256(request.body);
  assert.equal(values('x-amz-content-sha256'), hash);
  const [path = '', query = ''] = request.path.split('?');
  const canonical = [
    request.method,
    // Every service but S3 encodes once more what was sent encoded.
    path.split('/').map(encodeURIComponent).join('/'),
    query,
    ...names.split(';').map((name) => `${name}:${values(name)}`),
    '',
    names,
    hash,
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', values('x-amz-date'), scope, sha256(canonical)].join('\n');
  const signingKey = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (secretSoFar, part) => hmac(secretSoFar, part),
    Buffer.from(`AWS4${secret}`),
  );
  assert.equal(signature, hmac(signingKey, toSign).toString('hex'), canonical);
  return { key, region, service, names: names.split(';') };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
