import { availableParallelism, cpus, totalmem } from 'node:os';

import type { Measurement, RecordsKept } from './measure.ts';
import type { PartyName } from './parties.ts';

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

/** A measurement as multiples of two others under the same case; undefined where that party did not run. */
export interface Ratios {
  /** CPU of the request thread, of the floor's. */
  readonly threadCpuOfFloor: number | undefined;
  readonly requestsOfFloor: number | undefined;
  readonly requestsOfPortkey: number | undefined;
}

export function ratiosOf(measurement: Measurement, all: readonly Measurement[]): Ratios {
  const peer = (party: PartyName): Measurement | undefined =>
    all.find((other) => other.case === measurement.case && other.party === party);
  const of = (name: PartyName, key: 'requestsPerSecond' | 'threadCpuUsPerRequest'): number | undefined => {
    const other = peer(name)?.[key];
    return other === undefined ? undefined : measurement[key] / other;
  };
  return {
    threadCpuOfFloor: of('floor', 'threadCpuUsPerRequest'),
    requestsOfFloor: of('floor', 'requestsPerSecond'),
    requestsOfPortkey: of('portkey', 'requestsPerSecond'),
  };
}

interface Column {
  readonly title: string;
  readonly cell: (measurement: Measurement, ratios: Ratios) => string;
}

const times = (ratio: number | undefined): string => (ratio === undefined ? '–' : `${ratio.toFixed(2)}×`);

const COLUMNS: readonly Column[] = [
  { title: 'case', cell: (m) => m.case },
  { title: 'party', cell: (m) => m.party },
  { title: 'req/s', cell: (m) => m.requestsPerSecond.toFixed(0) },
  { title: 'p50 ms', cell: (m) => m.p50Ms.toFixed(2) },
  { title: 'p99 ms', cell: (m) => m.p99Ms.toFixed(2) },
  { title: 'thread µs/req', cell: (m) => m.threadCpuUsPerRequest.toFixed(1) },
  { title: 'all µs/req', cell: (m) => m.allCpuUsPerRequest.toFixed(1) },
  { title: 'thread busy', cell: (m) => `${(m.threadBusy * 100).toFixed(0)} %` },
  { title: 'RSS MB', cell: (m) => (m.rssBytes / 2 ** 20).toFixed(0) },
  { title: 'errors', cell: (m) => String(m.errors) },
  { title: 'thread CPU ÷ floor', cell: (_, r) => times(r.threadCpuOfFloor) },
  { title: 'req/s ÷ floor', cell: (_, r) => times(r.requestsOfFloor) },
  { title: 'req/s ÷ portkey', cell: (_, r) => times(r.requestsOfPortkey) },
];

/** The names stand left, the figures right. */
const isText = (at: number): boolean => at < 2;

/** An aligned table, which is Markdown too. */
export function renderTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((m) => COLUMNS.map(({ cell }) => cell(m, ratiosOf(m, measurements))));
  const widths = COLUMNS.map(({ title }, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, at) =>
      isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = `|${widths.map((width, at) => '-'.repeat(width + 1) + (isText(at) ? '-' : ':')).join('|')}|`;
  return [line(COLUMNS.map(({ title }) => title)), rule, ...rows.map(line)].join('\n');
}

/** What became of the records of each case, and what went wrong in any. */
export function renderNotes(measurements: readonly Measurement[]): string[] {
  return measurements.flatMap(({ case: name, party, records, sent, errors, firstError }) => [
    ...(records ? [`${name}: ${party} was sent ${sent} requests: ${renderRecords(records)}`] : []),
    ...(errors > 0 ? [`${name}: ${party} had ${errors} errors, the first: ${firstError}`] : []),
  ]);
}

function renderRecords({ written, dropped, backlog, settleMs, left }: RecordsKept): string {
  const rest = left > 0 ? `${left} still waiting` : 'all done';
  return `${written} records written, ${dropped} dropped; ${backlog} waited at the end, after ${settleMs} ms ${rest}`;
}
