import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

import { isJsonObject, parseJson } from '../../core/json.ts';

/** What has to be known when somebody comes back from the identity provider. Only their browser keeps it. */
export interface SignOnAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  /** Where to go on. */
  readonly to: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Sealed so that every replica with the same secret opens it, and the browser neither reads nor changes it. */
export function sealAttempt(attempt: SignOnAttempt, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyOf(secret), nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(attempt)), cipher.final()]);
  return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url');
}

/** Undefined where it is not ours, was changed, or is over. */
export function openAttempt(sealed: string, secret: string, now: number): SignOnAttempt | undefined {
  const attempt = parseJson(opened(Buffer.from(sealed, 'base64url'), keyOf(secret)));
  if (!isJsonObject(attempt)) return undefined;
  const whole = attempt as unknown as SignOnAttempt;
  return whole.expiresAt > now ? whole : undefined;
}

function opened(box: Buffer, key: Buffer): string {
  if (box.length <= NONCE_BYTES + TAG_BYTES) return '';
  const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  try {
    const text = [decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return Buffer.concat(text).toString();
  } catch {
    return '';
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'causeway sign-on attempt', KEY_BYTES));
}
