import { compact, money } from '../../format/numbers.ts';
import type { Unit } from './budget-state.ts';

/** An amount of a budget as it is written. */
export function amountIn(unit: Unit, value: number | null | undefined): string {
  return unit === 'usd' ? money(value) : compact(value);
}
