import type { NanoUsd } from '../../../core/money.ts';
import type { BudgetSettings } from '../settings.ts';
import { counterSubject } from './counter-key.ts';
import { isTimeZone } from '../../../core/time-zone.ts';

/** Something that no single field of a budget can know. */
export interface BudgetProblem {
  /** The field at fault: `timeZone`, `alertAt[0]`. */
  readonly key: string;
  readonly message: string;
}

const NANO_DECIMALS = 9;

/** Counters are numbers, and beyond this they would not be exact. */
const MOST_USD = 9_000_000;
const MOST_TOKENS = Number.MAX_SAFE_INTEGER;

/** What is wrong with a budget whose fields are each right. `models` are the virtual models that there are. */
export function budgetProblems(budget: BudgetSettings, models: readonly string[]): BudgetProblem[] {
  const { usd, tokens, timeZone, alertAt = [], degradeTo } = budget;
  const problems: BudgetProblem[] = [];
  if (usd !== undefined && nanoOf(usd) < 1) {
    problems.push({ key: 'usd', message: 'a budget of 0 lets nothing pass; write what may be spent' });
  }
  if (usd !== undefined && usd > MOST_USD) {
    problems.push({ key: 'usd', message: `more than can be counted exactly; write at most ${MOST_USD}` });
  }
  if (tokens !== undefined && tokens > MOST_TOKENS) {
    problems.push({ key: 'tokens', message: `more than can be counted exactly; write at most ${MOST_TOKENS}` });
  }
  if (!isTimeZone(timeZone)) {
    const message = `${JSON.stringify(timeZone)} is no time zone; write its IANA name, e.g. "Europe/Berlin"`;
    problems.push({ key: 'timeZone', message });
  }
  for (const [at, share] of alertAt.entries()) {
    if (share === 0) problems.push({ key: `alertAt[${at}]`, message: 'reached from the beginning; write more than 0' });
  }
  if (degradeTo && !models.includes(degradeTo.model)) {
    const known = models.length === 0 ? 'there are none' : `there are: ${models.join(', ')}`;
    const message = `there is no virtual model ${JSON.stringify(degradeTo.model)}; ${known}`;
    problems.push({ key: 'degradeTo.model', message });
  }
  return problems;
}

type Identifying = Pick<BudgetSettings, 'per' | 'id' | 'usd' | 'tokens' | 'period' | 'timeZone'>;

/**
 * What makes a budget of the file the same one over restarts, and while its amount changes:
 * `project:support:usd:day:asia/shanghai`, with * where each subject has one. No two budgets may have it in common.
 */
export function budgetIdentity({ per, id, usd, tokens, period, timeZone }: Identifying): string {
  const subject = id === undefined ? '*' : plain(counterSubject(id));
  const units = [...(usd === undefined ? [] : ['usd']), ...(tokens === undefined ? [] : ['tokens'])].join('+');
  const time = period === 'total' ? [period] : [period, timeZone.toLowerCase()];
  return [per, subject, units, ...time].join(':');
}

/** What stands between the parts, and what means each of them, means neither inside of one. */
function plain(subject: string): string {
  return subject.replaceAll(/[%:*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** Dollars as they are written, in whole nano-dollars; what is smaller than one is left out. */
export function nanoOf(usd: number): NanoUsd {
  // The point is moved in the text: a product of binary fractions would be another number now and then.
  const [digits, exponent = '0'] = String(usd).split('e');
  return Math.floor(Number(`${digits}e${Number(exponent) + NANO_DECIMALS}`));
}
