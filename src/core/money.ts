/**
 * Money inside the gateway is whole nano-dollars (1 USD = 1e9), as a safe integer:
 * a token of a small embedding model costs 20 of them, and 9 million dollars still fit.
 */
export type NanoUsd = number;

export const NANO_PER_USD = 1_000_000_000;

/** Nano-dollars to dollars for APIs, free of binary noise (9 decimals). */
export function nanoToUsd(nano: NanoUsd): number {
  return Number((nano / NANO_PER_USD).toFixed(9));
}
