import { createHash } from 'node:crypto';

export type BudgetUnit = 'usd' | 'tokens';

/** What a counter counts. */
export interface Counter {
  readonly budgetId: string;
  readonly unit: BudgetUnit;
  /** Of the period, e.g. `2026-11-21`. */
  readonly periodName: string;
  /** Whose it is; one that was very long is shortened, see {@link counterSubject}. */
  readonly subject: string;
}

/** Keys are held in memory, sent with every request and indexed by a database that takes at most 2,700 bytes. */
const LONGEST_SUBJECT = 256;
const KEPT_OF_LONGER = 192;

/** What would end a part early, and what no database stores: NUL and halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex -- NUL is what is looked for
const UNSAFE = /[%|\0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
// oxlint-disable-next-line no-control-regex -- likewise
const MAYBE_UNSAFE = /[%|\0\uD800-\uDFFF]/;

/** `support|usd|2026-11-21|ada`: the same for everybody who counts the same. */
export function counterKey(budgetId: string, unit: BudgetUnit, periodName: string, subject: string): string {
  return `${counterPrefix(budgetId, unit, periodName)}${escaped(counterSubject(subject))}`;
}

/** How the keys of all subjects of a budget begin. */
export function counterPrefix(budgetId: string, unit: BudgetUnit, periodName: string): string {
  return `${escaped(budgetId)}|${unit}|${periodName}|`;
}

/** What a key was made of; undefined where it is none. */
export function readCounterKey(key: string): Counter | undefined {
  const [budgetId, unit, periodName, subject, more] = key.split('|');
  if (budgetId === undefined || periodName === undefined || subject === undefined || more !== undefined) {
    return undefined;
  }
  if (unit !== 'usd' && unit !== 'tokens') return undefined;
  return { budgetId: unescaped(budgetId), unit, periodName, subject: unescaped(subject) };
}

/** The subject as counters know it: a very long one by its beginning and a digest of the whole. */
export function counterSubject(subject: string): string {
  if (subject.length <= LONGEST_SUBJECT) return subject;
  const digest = createHash('sha256').update(subject, 'utf16le').digest('hex').slice(0, 32);
  return `${subject.slice(0, KEPT_OF_LONGER)}…${digest}`;
}

function escaped(text: string): string {
  if (!MAYBE_UNSAFE.test(text)) return text;
  return text.replaceAll(UNSAFE, (unsafe) => `%${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/%([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
