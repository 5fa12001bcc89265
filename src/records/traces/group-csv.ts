import { NANO_PER_USD, type NanoUsd } from '../../core/money.ts';

const LINE_END = '\r\n';

/** What a spreadsheet takes for the beginning of a formula. @see https://owasp.org/www-community/attacks/CSV_Injection (checked 2026-11-21) */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A row of sums: the values that were grouped by, and what is summed. */
export interface GroupRow<Sums> {
  readonly group: readonly (string | null)[];
  readonly sums: Sums;
}

/** Columns after those of the groups. */
export type CsvColumns<Sums> = readonly (readonly [name: string, value: (sums: Sums) => string])[];

/** The first line. */
export function headerOf<Sums>(by: readonly string[], columns: CsvColumns<Sums>): string {
  return [...by, ...columns.map(([name]) => name)].join(',') + LINE_END;
}

/**
 * One line for each row. What is not known is empty; an empty name is `""`.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function linesOf<Sums>(rows: readonly GroupRow<Sums>[], columns: CsvColumns<Sums>): string {
  return rows
    .map(({ group, sums }) => [...group.map(nameOf), ...columns.map(([, value]) => value(sums))].join(',') + LINE_END)
    .join('');
}

/** Clients choose names freely, so one that a spreadsheet would compute gets an apostrophe before it. */
function nameOf(value: string | null): string {
  if (value === null) return '';
  const text = FORMULA.test(value) ? `'${value}` : value;
  return text === '' || /[",\r\n]/.test(text) || text !== value ? `"${text.replaceAll('"', '""')}"` : text;
}

export function count(value: number | null): string {
  return value === null ? '' : String(value);
}

/** Without an exponent, which `String` would write for a small sum. */
export function dollars(nano: NanoUsd): string {
  const size = Math.abs(nano);
  const rest = String(size % NANO_PER_USD)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const whole = `${nano < 0 ? '-' : ''}${Math.floor(size / NANO_PER_USD)}`;
  return rest === '' ? whole : `${whole}.${rest}`;
}
