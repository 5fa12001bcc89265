import type { NanoUsd } from '../../../core/money.ts';
import type { BudgetDimension } from '../settings.ts';

type BudgetPeriod = 'day' | 'week' | 'month' | 'total';

/** A budget in force, of the configuration or of the database. */
export interface Budget {
  /** Of the database: as the operator named it. Of the file: made of what it says, so that it survives a restart. */
  readonly id: string;
  readonly origin: 'file' | 'admin';
  readonly per: BudgetDimension;
  /** The only one that it is for; undefined = each has one of its own. */
  readonly subject: string | undefined;
  readonly nanoUsd: NanoUsd | undefined;
  readonly tokens: number | undefined;
  readonly period: BudgetPeriod;
  /** IANA name. */
  readonly timeZone: string;
  readonly hard: boolean;
  /** Shares, ascending. */
  readonly alertAt: readonly number[];
  readonly degradeTo: { readonly model: string; readonly at: number } | undefined;
  readonly atLimit: 'refuse' | 'cap';
  readonly paymentRequired: boolean;
  readonly maxOutputTokens: number | undefined;
  readonly settleAborted: 'bound' | 'received';
}
