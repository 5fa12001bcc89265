import { hash } from 'node:crypto';

/** 32 hex digits. */
export function digest(text: string): string {
  return hash('sha256', text).slice(0, 32);
}
