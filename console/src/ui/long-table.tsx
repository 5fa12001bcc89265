import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';

import type { Column } from './data-table.tsx';
import { Skeleton } from './skeleton.tsx';
import { tracksOf } from './table-cells.ts';
import { HeaderRow } from './table-header.tsx';
import { ROW_PX, RowView } from './table-rows.tsx';

const OVERSCAN = 8;

interface LongTableProps<Row extends object> {
  /** What the rows are, for those who hear it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** How many there are, whether they are held or not. */
  readonly count: number;
  /** Undefined where a row is not held now: its place is kept. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly rowKey: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly isChosen?: (row: Row) => boolean;
  /** These rows are on the screen: what is missing there can be brought. */
  readonly onLook: (first: number, last: number) => void;
  /** Whether the first row is on the screen. */
  readonly onTop?: (isAtTop: boolean) => void;
  /** A CSS height. */
  readonly height: string;
  /** What scrolls, for those who move it. */
  readonly scrollerRef?: (scroller: HTMLDivElement | null) => void;
  readonly footer?: ReactNode;
}

/** Rows asked for by their place: for lists that are longer than what a page may hold. Their order is the server's. */
export function LongTable<Row extends object>(props: LongTableProps<Row>) {
  const { label, columns, count, height, footer, onTop, scrollerRef } = props;
  // A state and no ref: rows have to be drawn once it is there.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const take = useCallback(
    (element: HTMLDivElement | null) => {
      setScroller(element);
      scrollerRef?.(element);
    },
    [scrollerRef],
  );
  const { tracks, minWidth } = useMemo(() => tracksOf(columns), [columns]);
  return (
    <div
      ref={take}
      role="table"
      aria-label={label}
      aria-rowcount={count}
      tabIndex={0}
      onScroll={({ currentTarget }) => onTop?.(currentTarget.scrollTop < ROW_PX)}
      className="relative min-w-0 overflow-auto text-[13px] [overflow-anchor:none]"
      style={{ height }}
    >
      <div style={{ minWidth }}>
        <HeaderRow columns={columns} headers={[]} tracks={tracks} />
        <PlacedRows {...props} tracks={tracks} scroller={scroller} />
        {footer}
      </div>
    </div>
  );
}

interface PlacedRowsProps<Row extends object> extends LongTableProps<Row> {
  readonly tracks: string;
  readonly scroller: HTMLDivElement | null;
}

function PlacedRows<Row extends object>(props: PlacedRowsProps<Row>) {
  const { count, rowAt, rowKey, scroller, onLook, columns, tracks, onOpen, isChosen } = props;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });
  const seen = virtual.getVirtualItems();
  const [first, last] = [seen[0]?.index ?? 0, seen.at(-1)?.index ?? 0];
  useEffect(() => {
    if (count > 0) onLook(first, last);
  }, [first, last, count, onLook]);
  return (
    <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
      {seen.map(({ index, start }) => {
        const row = rowAt(index);
        if (row === undefined) return <MissingRow key={`missing-${index}`} top={start} at={index} />;
        return (
          <RowView
            key={rowKey(row)}
            columns={columns}
            tracks={tracks}
            row={row}
            at={index}
            top={start}
            {...(onOpen && { onOpen })}
            {...(isChosen && { isChosen })}
          />
        );
      })}
    </div>
  );
}

function MissingRow({ top, at }: { readonly top: number; readonly at: number }) {
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      aria-busy
      className="border-b border-line/70 px-4 py-2"
      style={{ position: 'absolute', left: 0, right: 0, top: 0, height: ROW_PX, transform: `translateY(${top}px)` }}
    >
      <div role="cell">
        <Skeleton className="h-4 w-full" />
      </div>
    </div>
  );
}
