/** One record; its first line counts from 1. */
interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Fields may be quoted, and hold line breaks, commas and doubled quotes then (RFC 4180). Empty lines are left out. */
export function csvRows(csv: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let from = 1;
  for (const [all, quoted, plain, end] of csv.matchAll(/(?:"([^"]*(?:""[^"]*)*)"|([^,\r\n]*))(,|\r?\n|\r|$)/g)) {
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    line += all.split('\n').length - 1;
    if (end === ',') continue;
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: from, cells });
    cells = [];
    from = line;
  }
  return rows;
}
