import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ComponentType, type ReactNode, useMemo, useState } from 'react';

import { type Column, DataTable } from './data-table.tsx';
import { QueryView } from './query-view.tsx';
import { RowsSkeleton } from './skeleton.tsx';

interface Page<Row> {
  readonly data: readonly Row[];
}

export type PagedQuery<Row> = UseInfiniteQueryResult<InfiniteData<Page<Row>>>;

export interface DetailProps<Row> {
  readonly row: Row;
  readonly onClose: () => void;
}

interface PagedTableProps<Row extends object> {
  readonly label: string;
  readonly query: PagedQuery<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly empty: ReactNode;
  /** A CSS height: no more rows are drawn than are seen. */
  readonly height: string;
  /** Shows the row that was opened. */
  readonly detail: ComponentType<DetailProps<Row>>;
}

/** All rows that are there so far. */
export function usePagedRows<Row>({ data }: PagedQuery<Row>): readonly Row[] {
  return useMemo(() => data?.pages.flatMap((page) => [...page.data]) ?? [], [data]);
}

/** A list that goes on when its end is near, and shows the details of a row beside it. */
export function PagedTable<Row extends object>(props: PagedTableProps<Row>) {
  const { label, query, columns, rowKey, empty, height, detail: Detail } = props;
  const [chosen, setChosen] = useState<Row>();
  const rows = usePagedRows(query);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  return (
    <QueryView query={query}>
      {() => (
        <>
          <DataTable
            label={label}
            columns={columns}
            rows={rows}
            rowKey={rowKey}
            height={height}
            onOpen={setChosen}
            isChosen={(row) => chosen !== undefined && rowKey(row) === rowKey(chosen)}
            onEnd={() => (hasNextPage && !isFetchingNextPage ? void fetchNextPage() : undefined)}
            empty={empty}
            footer={isFetchingNextPage ? <RowsSkeleton rows={2} /> : null}
          />
          {chosen === undefined ? null : <Detail row={chosen} onClose={() => setChosen(undefined)} />}
        </>
      )}
    </QueryView>
  );
}
