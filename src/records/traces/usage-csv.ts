import { NANO_PER_USD, type NanoUsd } from '../../core/money.ts';
import type { UsageGroup } from './usage-question.ts';
import type { UsageRow, UsageSums } from './usage-store.ts';

const LINE_END = '\r\n';

/** What a spreadsheet takes for the beginning of a formula. @see https://owasp.org/www-community/attacks/CSV_Injection (checked 2026-11-21) */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

const COLUMNS: readonly (readonly [name: string, value: (sums: UsageSums) => string])[] = [
  ['requests', ({ requests }) => String(requests)],
  ['input_tokens', ({ inputTokens }) => count(inputTokens)],
  ['output_tokens', ({ outputTokens }) => count(outputTokens)],
  ['cached_tokens', ({ cacheReadInputTokens }) => count(cacheReadInputTokens)],
  ['cache_write_tokens', ({ cacheCreationInputTokens }) => count(cacheCreationInputTokens)],
  ['reasoning_tokens', ({ reasoningOutputTokens }) => count(reasoningOutputTokens)],
  ['cost_usd', ({ costNanoUsd }) => dollars(costNanoUsd)],
  ['cost_assumed_usd', ({ costAssumedNanoUsd }) => dollars(costAssumedNanoUsd)],
  ['cost_unknown_requests', ({ costUnknownRequests }) => String(costUnknownRequests)],
];

/** The first line. */
export function csvHeader(by: readonly UsageGroup[]): string {
  return [...by, ...COLUMNS.map(([name]) => name)].join(',') + LINE_END;
}

/**
 * One line for each row. What is not known is empty; an empty name is `""`.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvLines(rows: readonly UsageRow[]): string {
  return rows
    .map(({ group, sums }) => [...group.map(nameOf), ...COLUMNS.map(([, value]) => value(sums))].join(',') + LINE_END)
    .join('');
}

/** Clients choose names freely, so one that a spreadsheet would compute gets an apostrophe before it. */
function nameOf(value: string | null): string {
  if (value === null) return '';
  const text = FORMULA.test(value) ? `'${value}` : value;
  return text === '' || /[",\r\n]/.test(text) || text !== value ? `"${text.replaceAll('"', '""')}"` : text;
}

function count(value: number | null): string {
  return value === null ? '' : String(value);
}

/** Without an exponent, which `String` would write for a small sum. */
function dollars(nano: NanoUsd): string {
  const rest = String(nano % NANO_PER_USD)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(nano / NANO_PER_USD));
  return rest === '' ? whole : `${whole}.${rest}`;
}
