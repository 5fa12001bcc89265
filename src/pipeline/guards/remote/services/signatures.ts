import { createHmac, hash } from 'node:crypto';

/** One POST that is signed. */
export interface SignedParts {
  readonly host: string;
  readonly path: string;
  /** As it is in the address, sorted and encoded, without `?`. */
  readonly query?: string;
  /** All that are signed but the host; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The `authorization` of Alibaba Cloud's third version of signatures.
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature (checked 2026-11-22)
 */
export function acs3Authorization(parts: SignedParts, accessKeyId: string, accessKeySecret: string): string {
  const { canonical, names } = canonicalOf(parts);
  const signature = hmac(accessKeySecret, `ACS3-HMAC-SHA256\n${sha256(canonical)}`).toString('hex');
  return `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`;
}

export interface Tc3Scope {
  readonly service: string;
  /** Seconds since the epoch. */
  readonly seconds: number;
}

/**
 * The `authorization` of Tencent Cloud's third version of signatures.
 * @see https://www.tencentcloud.com/document/product/267/37447 (checked 2026-11-22)
 */
export function tc3Authorization(
  parts: SignedParts,
  { service, seconds }: Tc3Scope,
  secretId: string,
  secretKey: string,
): string {
  const { canonical, names } = canonicalOf(parts);
  const day = new Date(seconds * 1000).toISOString().slice(0, 10);
  const scope = `${day}/${service}/tc3_request`;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, day), service), 'tc3_request');
  const signature = hmac(key, ['TC3-HMAC-SHA256', seconds, scope, sha256(canonical)].join('\n')).toString('hex');
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

/** Both sign the same form of a request. */
function canonicalOf({ host, path, query = '', headers, body }: SignedParts): {
  readonly canonical: string;
  readonly names: string;
} {
  const all: Record<string, string> = { ...headers, host };
  const sorted = Object.keys(all).toSorted();
  const lines = sorted.map((name) => `${name}:${(all[name] ?? '').trim()}\n`).join('');
  const names = sorted.join(';');
  return { canonical: ['POST', path, query, lines, names, sha256(body)].join('\n'), names };
}

export function sha256(text: string): string {
  return hash('sha256', text);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
