import { hash, randomBytes } from 'node:crypto';

const PREFIX = 'cw-';
const SECRET_BYTES = 32;
const SHAPE = /^cw-[\w-]{43}$/;

/** A new API key: `cw-` and 256 random bits. Shown once; only its hash is kept. */
export function newApiKey(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

/** Whether a text has the form of an API key of this gateway. */
export function looksLikeApiKey(text: string): boolean {
  return SHAPE.test(text);
}

/** What is kept of a key. It has 256 random bits, so one round of SHA-256 cannot be searched. */
export function hashApiKey(key: string): string {
  return hash('sha256', key, 'base64url');
}

/** Enough of a secret to tell it from others, and too little to use: `cw-…x7Qa`. */
export function keyHint(key: string): string {
  const prefix = /^[a-z]+-/.exec(key)?.[0] ?? '';
  return `${prefix}…${key.slice(-4)}`;
}
