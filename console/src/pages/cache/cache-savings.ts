import { type SavingsAnswer, nameIn } from '../../api/usage.ts';

interface CacheSavings {
  readonly usd: number;
  /** Of what would have been paid without caches; null where nothing would. */
  readonly share: number | null;
}

/** What caches saved: routing saves as well, and is looked at with routes. */
export function savedByCaches({ data, totals }: Pick<SavingsAnswer, 'data' | 'totals'>): CacheSavings {
  const caches = data.filter((row) => nameIn(row, 'mechanism') !== 'routing');
  const usd = caches.reduce((sum, row) => sum + row.saved_usd, 0);
  const whole = totals.spent_usd + usd;
  return { usd, share: whole > 0 ? usd / whole : null };
}
