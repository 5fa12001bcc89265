import { availableParallelism, cpus, totalmem } from 'node:os';

import { CASES } from './cases.ts';
import type { Round } from './rounds.ts';
import type { RecordsKept } from './measure.ts';
import type { Spread } from './spread.ts';
import type { Summary } from './summary.ts';
import type { Verdict } from './targets.ts';
import type { WarmUp } from './warm-up.ts';

/** The machine that the figures belong to. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryBytes: number;
  readonly node: string;
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    node: process.version,
  };
}

interface Column {
  readonly title: string;
  readonly cell: (summary: Summary) => string;
}

/** The median, and from where to where the rounds went. */
export function renderSpread(spread: Spread | undefined, digits: number, unit = ''): string {
  if (spread === undefined) return '–';
  const { median, least, most } = spread;
  if (least === most) return `${median.toFixed(digits)}${unit}`;
  return `${median.toFixed(digits)}${unit} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

const COLUMNS: readonly Column[] = [
  { title: 'case', cell: (s) => s.case },
  { title: 'party', cell: (s) => s.party },
  { title: 'req/s', cell: (s) => renderSpread(s.requestsPerSecond, 0) },
  { title: 'p50 ms', cell: (s) => s.p50Ms.median.toFixed(2) },
  { title: 'p99 ms', cell: (s) => s.p99Ms.median.toFixed(2) },
  { title: 'thread µs/req', cell: (s) => renderSpread(s.threadCpuUsPerRequest, 1) },
  { title: 'all µs/req', cell: (s) => s.allCpuUsPerRequest.median.toFixed(1) },
  { title: 'thread busy', cell: (s) => `${(s.threadBusy.median * 100).toFixed(0)} %` },
  { title: 'RSS MB', cell: (s) => (s.rssBytes.most / 2 ** 20).toFixed(0) },
  { title: 'errors', cell: (s) => String(s.errors) },
  { title: 'thread CPU ÷ floor', cell: (s) => renderSpread(s.threadCpuOfFloor, 2, '×') },
  { title: 'req/s ÷ floor', cell: (s) => renderSpread(s.requestsOfFloor, 2, '×') },
  { title: 'req/s ÷ portkey', cell: (s) => renderSpread(s.requestsOfPortkey, 2, '×') },
];

/** How many columns are names, which stand left; figures stand right. */
const NAMES = 2;

/** An aligned table, which is Markdown too. */
export function alignedTable(titles: readonly string[], rows: readonly (readonly string[])[], names = NAMES): string {
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  const isText = (at: number): boolean => at < names;
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, at) =>
      isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = `|${widths.map((width, at) => '-'.repeat(width + 1) + (isText(at) ? '-' : ':')).join('|')}|`;
  return [line(titles), rule, ...rows.map(line)].join('\n');
}

/** Medians of the rounds, with the least and the most in parentheses where they matter. */
export function renderTable(summaries: readonly Summary[]): string {
  return alignedTable(
    COLUMNS.map(({ title }) => title),
    summaries.map((summary) => COLUMNS.map(({ cell }) => cell(summary))),
  );
}

/** Of cases with long prompts: CPU of the request thread for a megabyte of them. */
export function renderPerMegabyte(summaries: readonly Summary[]): string | undefined {
  const rows = summaries.flatMap(({ case: name, party, threadCpuUsPerRequest: us }) => {
    const bytes = CASES.find((shape) => shape.name === name)?.promptBytes;
    if (bytes === undefined) return [];
    const perMb = { median: 0, least: 0, most: 0 };
    for (const key of ['median', 'least', 'most'] as const) perMb[key] = (us[key] * 1e6) / bytes;
    return [[name, party, renderSpread(perMb, 0)]];
  });
  return rows.length > 0 ? alignedTable(['case', 'party', 'thread µs/MB'], rows) : undefined;
}

const WORDS = { true: 'met', false: '**missed**', undefined: 'not measured' } as const;

export function renderVerdicts(verdicts: readonly Verdict[]): string {
  return alignedTable(
    ['case', 'what', 'target', 'seen, on PostgreSQL', '', 'embedded database'],
    verdicts.map(({ case: name, what, target, seen, embedded, isMet }) => [
      name,
      what,
      target,
      renderSpread(seen, 2),
      WORDS[`${isMet}`],
      renderSpread(embedded, 2),
    ]),
  );
}

/** A line for each target that was measured and missed. */
export function renderMissed(verdicts: readonly Verdict[]): string[] {
  return verdicts
    .filter(({ isMet }) => isMet === false)
    .map(({ case: name, what, target, seen }) => `MISSED: ${name}: ${what} is ${renderSpread(seen, 2)}, not ${target}`);
}

export function renderWarmUps(warmUps: readonly WarmUp[]): string {
  return alignedTable(
    ['traffic', 'party', 'seconds', 'answers', 'thread µs/req, first window', 'last window', 'steady'],
    warmUps.map(({ kind, party, seconds, answers, threadUs, isSteady }) => [
      kind,
      party,
      String(seconds),
      String(answers),
      (threadUs[0] ?? Number.NaN).toFixed(1),
      (threadUs.at(-1) ?? Number.NaN).toFixed(1),
      isSteady ? 'yes' : 'no',
    ]),
  );
}

/** What became of the records of each case, and what went wrong in any. */
export function renderNotes(rounds: readonly Round[]): string[] {
  return [...Map.groupBy(rounds, ({ case: name, party }) => `${name}: ${party}`)].flatMap(([title, group]) => {
    const records = group.flatMap((round) => round.records ?? []);
    const sent = group.reduce((sum, round) => sum + round.sent, 0);
    const errors = group.reduce((sum, round) => sum + round.errors, 0);
    const firstError = group.find((round) => round.firstError !== undefined)?.firstError;
    return [
      ...(records.length > 0 ? [`${title} was sent ${sent} requests: ${renderRecords(records)}`] : []),
      ...(errors > 0 ? [`${title} had ${errors} errors, the first: ${firstError}`] : []),
    ];
  });
}

function renderRecords(records: readonly RecordsKept[]): string {
  const sum = (key: keyof RecordsKept): number => records.reduce((total, one) => total + one[key], 0);
  const most = (key: keyof RecordsKept): number => Math.max(...records.map((one) => one[key]));
  const rest = sum('left') > 0 ? `at most ${most('left')} were still waiting` : 'all were written';
  return (
    `${sum('written')} records written, ${sum('dropped')} dropped; at most ${most('backlog')} waited at the end of a ` +
    `window, and within ${most('settleMs')} ms ${rest}`
  );
}
