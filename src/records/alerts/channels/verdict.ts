/** What became of one try to send. */
export type Verdict =
  | { readonly kind: 'sent' }
  /** `retryAfterMs`: as the receiver asked. */
  | { readonly kind: 'later'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  /** Sending the same again is useless. */
  | { readonly kind: 'refused'; readonly reason: string };

export const SENT: Verdict = { kind: 'sent' };

const MAX_SAID_CHARS = 200;

/** The words of a receiver, as much of them as a line takes. */
export function said(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_SAID_CHARS ? `${line.slice(0, MAX_SAID_CHARS)}…` : line;
}
