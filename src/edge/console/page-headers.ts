type Headers = Readonly<Record<string, string>>;

/** Scripts and styles are files of our own; libraries set the style of single elements, which can load nothing. */
function policyOf(styleSources: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styleSources}`,
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** On everything below `/console/`. */
export const CONSOLE_HEADERS: Headers = {
  'content-security-policy': policyOf("'self'"),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** For one answer: style elements that carry the nonce are allowed as well. */
export function policyWithNonce(nonce: string): string {
  return policyOf(`'self' 'nonce-${nonce}'`);
}
