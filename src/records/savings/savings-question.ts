import type { Period } from '../listing/query.ts';
import type { TimeGroup } from '../traces/usage-periods.ts';
import { USAGE_DIMENSIONS } from '../traces/usage-question.ts';

/** What savings can be grouped and filtered by: what usage can, and how something was saved. */
export const SAVINGS_DIMENSIONS = ['mechanism', ...USAGE_DIMENSIONS] as const;
export type SavingsDimension = (typeof SAVINGS_DIMENSIONS)[number];
export type SavingsGroup = SavingsDimension | TimeGroup;

export type SavingsFilter = { readonly [Dimension in SavingsDimension]?: string | undefined };

export interface SavingsQuestion {
  /** At most one part of time among them. */
  readonly by: readonly SavingsGroup[];
  readonly filter?: SavingsFilter;
  readonly period?: Period;
  /** IANA name; UTC where absent. */
  readonly timeZone?: string;
}
