import { NANO_PER_USD, type NanoUsd } from '../../../core/money.ts';

/** Numbers as the reason of a choice has them: short, and the same in every language of the machine. */

/** `1,200` */
export function count(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `$0.0031`, two digits that mean something. */
export function dollars(nanoUsd: NanoUsd): string {
  const usd = nanoUsd / NANO_PER_USD;
  if (usd === 0) return '$0';
  const digits = Math.max(2, 1 - Math.floor(Math.log10(Math.abs(usd))));
  return `$${usd.toFixed(Math.min(9, digits))}`;
}

/** `240 ms` or `2.4 s` */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** `12.5 %` */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
