import type { Row as TableRow } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect } from 'react';

import { classes } from './classes.ts';
import type { Column, TableFeaturesUsed } from './data-table.tsx';
import { AFTER_FIGURES, CELL, isAfterFigures } from './table-cells.ts';

export const ROW_PX = 36;
const OVERSCAN = 8;
/** How near to the last row more is asked for. */
const NEAR_END = 20;

interface TableRowsProps<Row extends object> {
  readonly columns: readonly Column<Row>[];
  readonly sorted: readonly TableRow<TableFeaturesUsed, Row>[];
  readonly tracks: string;
  readonly scroller: HTMLDivElement | null;
  readonly height?: string;
  readonly onOpen?: (row: Row) => void;
  readonly isChosen?: (row: Row) => boolean;
  readonly onEnd?: () => void;
}

export function TableRows<Row extends object>(props: TableRowsProps<Row>) {
  return props.height === undefined ? <AllRows {...props} /> : <SeenRows {...props} />;
}

function AllRows<Row extends object>(props: TableRowsProps<Row>) {
  return (
    <div role="rowgroup">
      {props.sorted.map((row, at) => (
        <RowView key={row.id} {...props} row={row.original} at={at} />
      ))}
    </div>
  );
}

function SeenRows<Row extends object>(props: TableRowsProps<Row>) {
  const { sorted, scroller, onEnd } = props;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    getItemKey: (at) => sorted[at]?.id ?? at,
  });
  const seen = virtual.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (sorted.length > 0 && last >= sorted.length - NEAR_END) onEnd?.();
  }, [last, sorted.length, onEnd]);
  return (
    <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
      {seen.map(({ key, index, start }) => {
        const row = sorted[index]?.original;
        return row === undefined ? null : <RowView key={key} {...props} row={row} at={index} top={start} />;
      })}
    </div>
  );
}

interface RowViewProps<Row extends object> extends Pick<
  TableRowsProps<Row>,
  'columns' | 'tracks' | 'onOpen' | 'isChosen'
> {
  readonly row: Row;
  readonly at: number;
  /** From the first row, in pixels, where rows are placed by themselves. */
  readonly top?: number;
}

export function RowView<Row extends object>({ columns, tracks, onOpen, isChosen, row, at, top }: RowViewProps<Row>) {
  const opens = onOpen !== undefined;
  const press = (event: KeyboardEvent): void => {
    // A button inside of the row has its own meaning.
    if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    onOpen?.(row);
  };
  const placed = top === undefined ? {} : { position: 'absolute' as const, top: 0, left: 0, right: 0, height: ROW_PX };
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      {...(opens && { tabIndex: 0, onClick: () => onOpen(row), onKeyDown: press })}
      className={classes(
        'grid items-center gap-3 border-b border-line/70 px-4 py-1.5',
        opens && 'cursor-pointer hover:bg-raised focus-visible:-outline-offset-2',
        isChosen?.(row) === true && 'bg-accent-soft',
      )}
      style={{
        gridTemplateColumns: tracks,
        minHeight: ROW_PX,
        ...placed,
        ...(top !== undefined && { transform: `translateY(${top}px)` }),
      }}
    >
      {columns.map(({ id, cell, align }, place) => (
        <div
          key={id}
          role="cell"
          className={classes(
            CELL,
            'truncate',
            align === 'right' && 'text-right tabular-nums',
            isAfterFigures(columns, place) && AFTER_FIGURES,
          )}
        >
          {cell(row)}
        </div>
      ))}
    </div>
  );
}
