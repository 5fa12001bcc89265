import { hash, randomBytes } from 'node:crypto';

const PREFIX = 'cwo-';
const SECRET_BYTES = 32;
const SHAPE = /^cwo-[\w-]{43}$/;
const HINT_LENGTH = 4;

/** A new operator key: `cwo-` and 256 random bits. Shown once; only its hash is kept. */
export function newOperatorKey(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

export function looksLikeOperatorKey(text: string): boolean {
  return SHAPE.test(text);
}

/** What is kept of a secret with 256 random bits: one round cannot be searched. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Enough of a key to tell it from others, and too little to use: `cwo-…x7Qa`. */
export function hintOf(key: string): string {
  return `${PREFIX}…${key.slice(-HINT_LENGTH)}`;
}
