import type { Saving } from '../../core/caching.ts';
import { storableName } from './storable-text.ts';

/** What is summed of savings, by the names of its columns. */
export const SAVED_COLUMNS = ['requests', 'savedNanoUsd', 'inputTokens', 'outputTokens', 'unknownRequests'] as const;

/** One value for each of {@link SAVED_COLUMNS}. */
export type SavedSums = readonly number[];

/** What one mechanism saved on one request, within the bounds of the database: at most one for each mechanism. */
export interface Booking {
  readonly mechanism: string;
  /** May be negative; of what has a known price. */
  readonly nanoUsd: number;
  /** Something was saved of which no price is known. */
  readonly unknown: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Nothing was saved: the request is not one of those on which something was. */
  readonly onlyCost: boolean;
}

/** Counts come from answers, which are not to be trusted: some wild ones must not make a sum too large for a number. */
const MOST_TOKENS = 1e12;
const MOST_NANO_USD = 1e15;

/** Several savings of one mechanism on one request are one booking. Never throws. */
export function bookingsOf(savings: readonly Saving[] | undefined): Booking[] {
  const byMechanism = new Map<string, Booking>();
  for (const { mechanism, nanoUsd, inputTokens, outputTokens, onlyCost } of savings ?? []) {
    const name = storableName(mechanism) ?? '';
    const before = byMechanism.get(name);
    byMechanism.set(name, {
      mechanism: name,
      nanoUsd: within(
        -MOST_NANO_USD,
        (before?.nanoUsd ?? 0) + within(-MOST_NANO_USD, nanoUsd, MOST_NANO_USD),
        MOST_NANO_USD,
      ),
      unknown: (before?.unknown ?? false) || (onlyCost !== true && !isNumber(nanoUsd)),
      inputTokens: within(0, (before?.inputTokens ?? 0) + within(0, inputTokens, MOST_TOKENS), MOST_TOKENS),
      outputTokens: within(0, (before?.outputTokens ?? 0) + within(0, outputTokens, MOST_TOKENS), MOST_TOKENS),
      onlyCost: (before?.onlyCost ?? true) && onlyCost === true,
    });
  }
  return [...byMechanism.values()];
}

/** What a booking adds to the sums. `savings-statement-store.ts` does the same with what is stored. */
export function sumsOfBooking({ nanoUsd, unknown, inputTokens, outputTokens, onlyCost }: Booking): SavedSums {
  return [onlyCost ? 0 : 1, nanoUsd, inputTokens, outputTokens, unknown ? 1 : 0];
}

function within(least: number, value: number | undefined | null, most: number): number {
  // Never -0, which databases do not know.
  return isNumber(value) ? Math.round(Math.min(Math.max(value, least), most)) + 0 : 0;
}

/** JSON writes what is not finite as null. */
function isNumber(value: number | undefined | null): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
