import { languageNow } from '../i18n/i18n.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format costs more than using one a thousand times. */
function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const language = languageNow() === 'zh' ? 'zh-CN' : 'en-US';
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(language, options);
  formats.set(key, known);
  return known;
}

/** `12,345`; an absent figure is a dash, never 0. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : format({ maximumFractionDigits: 0 }).format(value);
}

/** `12.3K`, for tiles and axes; up to 9,999 as it is. */
export function compact(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (Math.abs(value) < 10_000) return format({ maximumFractionDigits: value % 1 === 0 ? 0 : 1 }).format(value);
  return format({ notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

const CENTS = 0.0995;
/** What is less says no more by its digits than by being less. */
const LEAST = 0.000_001;

/** Dollars: two digits from ten cents on, and as many as say something below: `$12.34`, `$0.80`, `$0.0021`, `<$0.000001`. */
export function money(dollars: number | null | undefined): string {
  if (dollars === null || dollars === undefined) return '–';
  const size = Math.abs(dollars);
  if (size > 0 && size < LEAST) return `${dollars < 0 ? '−' : ''}<$0.000001`;
  const digits = size === 0 || size >= CENTS ? { maximumFractionDigits: 2 } : { maximumSignificantDigits: 2 };
  const text = format({ minimumFractionDigits: size >= CENTS ? 2 : 0, ...digits }).format(size);
  return `${dollars < 0 ? '−' : ''}$${text}`;
}

/** A price as it stands, with all its digits: `$0.125`. */
export function rate(dollars: number | null | undefined): string {
  if (dollars === null || dollars === undefined) return '–';
  return `$${format({ minimumFractionDigits: 2, maximumFractionDigits: 9 }).format(dollars)}`;
}

/** A share from 0 to 1 as a percentage: `12.3%`. */
export function share(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined
    ? '–'
    : format({ style: 'percent', maximumFractionDigits: digits }).format(value);
}

/** `850 ms`, `1.25 s`, `2m 05s`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1) return `${format({ maximumFractionDigits: 2 }).format(ms)} ms`;
  if (ms < 1000) return `${format({ maximumFractionDigits: ms < 10 ? 1 : 0 }).format(ms)} ms`;
  if (ms < 60_000) return `${format({ maximumFractionDigits: 2 }).format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours}h ${Math.floor((seconds % 3600) / 60)}m` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** `12.3 MB`, in thousands. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  return `${format({ maximumFractionDigits: power === 0 ? 0 : 1 }).format(value / 1000 ** power)} ${units[power]}`;
}

/** How much more or less: `+12%`; a dash where there was nothing before. */
export function change(now: number | null | undefined, before: number | null | undefined): string {
  if (now === null || now === undefined || before === null || before === undefined || before === 0) return '–';
  const ratio = now / before - 1;
  const digits = Math.abs(ratio) < 0.1 ? 1 : 0;
  return format({ style: 'percent', maximumFractionDigits: digits, signDisplay: 'exceptZero' }).format(ratio);
}
