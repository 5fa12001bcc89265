import type { Header } from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';

import { classes } from './classes.ts';
import type { Column, TableFeaturesUsed } from './data-table.tsx';
import { AFTER_FIGURES, CELL, isAfterFigures } from './table-cells.ts';

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

interface HeaderRowProps<Row extends object> {
  readonly columns: readonly Column<Row>[];
  readonly headers: readonly Header<TableFeaturesUsed, Row>[];
  readonly tracks: string;
}

export function HeaderRow<Row extends object>({ columns, headers, tracks }: HeaderRowProps<Row>) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-panel">
      <div role="row" className="grid gap-3 px-4" style={{ gridTemplateColumns: tracks }}>
        {columns.map((column, place) => (
          <HeaderCell
            key={column.id}
            column={column}
            header={headers[place]}
            isAfterFigures={isAfterFigures(columns, place)}
          />
        ))}
      </div>
    </div>
  );
}

interface HeaderCellProps<Row extends object> {
  readonly column: Column<Row>;
  readonly header: Header<TableFeaturesUsed, Row> | undefined;
  readonly isAfterFigures: boolean;
}

function HeaderCell<Row extends object>({ column, header, isAfterFigures: isAfter }: HeaderCellProps<Row>) {
  const look = classes(
    CELL,
    'flex h-8 items-center text-xs font-medium whitespace-nowrap text-muted',
    column.align === 'right' && 'justify-end',
    isAfter && AFTER_FIGURES,
  );
  if (column.sortBy === undefined || header === undefined) {
    return (
      <div role="columnheader" className={look}>
        {column.header}
      </div>
    );
  }
  const sorted = header.column.getIsSorted();
  return (
    <div role="columnheader" aria-sort={sorted === false ? 'none' : ARIA_SORT[sorted]} className={look}>
      <button
        type="button"
        onClick={header.column.getToggleSortingHandler()}
        className="flex min-w-0 items-center gap-1 hover:text-ink [&_svg]:size-3"
      >
        <span className="truncate">{column.header}</span>
        {sorted === 'asc' ? <ArrowUp aria-hidden /> : null}
        {sorted === 'desc' ? <ArrowDown aria-hidden /> : null}
      </button>
    </div>
  );
}
