import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useState } from 'react';

import { classes } from './classes.ts';
import { tracksOf } from './table-cells.ts';
import { HeaderRow } from './table-header.tsx';
import { TableRows } from './table-rows.tsx';

export interface Column<Row extends object> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** What the column is sorted by; a column without cannot be. */
  readonly sortBy?: (row: Row) => number | string | null | undefined;
  readonly align?: 'right';
  /** A track of a CSS grid: `minmax(8rem, 1fr)` where absent. */
  readonly width?: string;
}

interface DataTableProps<Row extends object> {
  /** What the rows are, for those who hear it. */
  readonly label: string;
  /** Kept by the caller (useMemo), so that a table is not made anew with each letter typed. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** A click on a row, or Enter on it. */
  readonly onOpen?: (row: Row) => void;
  readonly isChosen?: (row: Row) => boolean;
  /** In place of rows where there are none. */
  readonly empty?: ReactNode;
  /** Its own scrolling, with no more rows drawn than are seen: for lists without an end. A CSS height, less for few rows. */
  readonly height?: string;
  /** The last rows are near: time to ask for more. */
  readonly onEnd?: () => void;
  /** More than are there yet, where that is known. */
  readonly total?: number;
  /** Stands below the last row: a word on what is loading. */
  readonly footer?: ReactNode;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
export type TableFeaturesUsed = typeof features;

/** Numbers by size, texts as people order them. */
function compare(first: unknown, second: unknown): number {
  if (typeof first === 'number' && typeof second === 'number') return first - second;
  return String(first).localeCompare(String(second), undefined, { numeric: true });
}

function definitions<Row extends object>(columns: readonly Column<Row>[]): ColumnDef<TableFeaturesUsed, Row>[] {
  return columns.map(({ id, sortBy }) => ({
    id,
    enableSorting: sortBy !== undefined,
    accessorFn: (row: Row) => sortBy?.(row) ?? undefined,
    sortFn: (first, second, column) => compare(first.getValue(column), second.getValue(column)),
    sortUndefined: 'last' as const,
  }));
}

/** Rows and columns that can be sorted, opened by the keyboard, and be a hundred thousand. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, empty, height, footer, total } = props;
  // A state and no ref: rows that are drawn only while they are seen have to be drawn once it is there.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const data = rows as Row[];
  const table = useTable({
    features,
    columns: useMemo(() => definitions(columns), [columns]),
    data,
    getRowId: rowKey,
  });
  const { tracks, minWidth } = useMemo(() => tracksOf(columns), [columns]);
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>;
  return (
    <div
      ref={setScroller}
      role="table"
      aria-label={label}
      aria-rowcount={total ?? rows.length}
      tabIndex={0}
      className={classes('min-w-0 overflow-auto text-[13px]', height === undefined ? '' : 'relative')}
      {...(height !== undefined && { style: { maxHeight: height } })}
    >
      <div style={{ minWidth }}>
        <HeaderRow columns={columns} headers={table.getHeaderGroups()[0]?.headers ?? []} tracks={tracks} />
        <TableRows {...props} tracks={tracks} sorted={table.getRowModel().rows} scroller={scroller} />
        {footer}
      </div>
    </div>
  );
}
